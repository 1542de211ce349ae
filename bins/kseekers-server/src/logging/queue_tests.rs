//! Against writers that hang and writers that fail.

use std::sync::{Mutex, atomic::AtomicBool};

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

/// Keeps what it is given; hangs while somebody holds its lines, fails while it is broken.
#[derive(Clone, Default)]
struct Sink {
    lines: Arc<Mutex<Vec<String>>>,
    broken: Arc<AtomicBool>,
}

impl Write for Sink {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.lines.lock().unwrap().push(String::from_utf8_lossy(line).into_owned());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn queue(capacity: usize) -> (Queue, Sink) {
    let sink = Sink::default();
    (Queue::start("the test", sink.clone(), capacity, LogHealth::default()), sink)
}

/// One that gathers for longer than any test would wait.
fn patient_queue(capacity: usize) -> (Queue, Sink) {
    let (sink, hour) = (Sink::default(), Duration::from_secs(3_600));
    (Queue::start_gathering("the test", sink.clone(), capacity, LogHealth::default(), hour), sink)
}

impl Sink {
    fn wait_for(&self, lines: usize) {
        let deadline = Instant::now() + PATIENCE;
        while self.lines.lock().unwrap().len() < lines {
            assert!(Instant::now() < deadline, "{} of {lines} lines", self.lines.lock().unwrap().len());
            thread::sleep(Duration::from_millis(1));
        }
    }
}

fn write(mut queue: &Queue, lines: std::ops::Range<usize>) {
    lines.for_each(|line| queue.write_all(format!("{line}\n").as_bytes()).unwrap());
}

#[test]
fn lines_are_written_in_order_and_all_of_them_before_the_end() {
    let (queue, sink) = queue(1_000);
    write(&queue, 0..1_000);
    queue.drain(PATIENCE);
    let expected: Vec<String> = (0..1_000).map(|line| format!("{line}\n")).collect();
    assert_eq!(*sink.lines.lock().unwrap(), expected);
}

#[test]
fn a_writer_does_not_pause_while_lines_wait() {
    let lines = 20 * BATCH + 1;
    let (queue, sink) = patient_queue(lines);
    let hanging = sink.lines.lock().unwrap();
    write(&queue, 0..lines);
    drop(hanging);
    sink.wait_for(lines);
    assert_eq!(queue.fate.lost.load(Ordering::Relaxed), 0);
}

#[test]
fn the_last_lines_are_not_held_back_to_be_written_together() {
    let (queue, sink) = patient_queue(10);
    write(&queue, 0..1);
    sink.wait_for(1);
    write(&queue, 1..3);
    queue.drain(PATIENCE);
    assert_eq!(*sink.lines.lock().unwrap(), ["0\n", "1\n", "2\n"]);
}

#[test]
fn a_writer_that_hangs_holds_nobody_up_and_what_is_dropped_is_counted() {
    let (queue, sink) = queue(4);
    let hanging = sink.lines.lock().unwrap();
    write(&queue, 0..100);
    assert_eq!(queue.fate.health.get(), Health::Failed);
    let lost = queue.fate.lost.load(Ordering::Relaxed);
    // Four in the queue, and perhaps one in the writer's hand.
    assert!(lost == 96 || lost == 95, "{lost}");
    queue.drain(Duration::from_millis(1));
    drop(hanging);

    queue.drain(PATIENCE);
    write(&queue, 100..101);
    queue.drain(PATIENCE);
    assert_eq!(queue.fate.health.get(), Health::Success);
    let lines = sink.lines.lock().unwrap();
    assert_eq!(lines.len() as u64, 100 - lost + 1);
    assert_eq!((lines.first(), lines.last()), (Some(&"0\n".to_owned()), Some(&"100\n".to_owned())));
}

#[test]
fn a_line_that_cannot_be_written_is_told_until_the_next_one_that_is() {
    let (queue, sink) = queue(10);
    let after = |broken: bool| {
        sink.broken.store(broken, Ordering::SeqCst);
        write(&queue, 0..1);
        queue.drain(PATIENCE);
        // Another one, with no line before it, changes nothing.
        queue.drain(PATIENCE);
        queue.fate.health.get()
    };
    assert_eq!(after(false), Health::Success);
    assert_eq!(after(true), Health::Failed);
    assert_eq!(after(true), Health::Failed);
    assert_eq!(after(false), Health::Success);
}
