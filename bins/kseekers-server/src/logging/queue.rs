//! Lines on their way to a thread that writes them.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::{self, Thread},
    time::{Duration, Instant},
};

use kseekers_envelope::{Health, actix::LogHealth};
use tracing_subscriber::fmt::MakeWriter;

use super::line::{LONGEST, cut};

/// Messages dealt with between two flushes at most, so that health is told while lines keep coming.
const BATCH: usize = 256;

/// Lines that come within this time are written together. Otherwise each request would wake the writer, which costs both
/// of them more than all else about a line.
const GATHERING: Duration = Duration::from_millis(10);

/// The entry to a queue of lines. Putting a line in never waits: if there is no room, it is dropped and counted.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    entry: SyncSender<Message>,
    /// None if it could not be started.
    writer: Option<Thread>,
    fate: Arc<Fate>,
}

/// What became of the lines.
#[derive(Debug)]
struct Fate {
    health: LogHealth,
    /// Dropped or refused by the sink since this was last told.
    lost: AtomicU64,
}

#[derive(Debug)]
enum Message {
    Line(Vec<u8>),
    /// To be answered when all lines before it are dealt with.
    Drained(SyncSender<()>),
}

impl Queue {
    /// Starts a thread that writes lines to `sink`, each with one call of `write_all`; `name` is what its troubles are
    /// logged under.
    pub(super) fn start(
        name: &'static str,
        sink: impl Write + Send + 'static,
        capacity: usize,
        health: LogHealth,
    ) -> Self {
        Self::start_gathering(name, sink, capacity, health, GATHERING)
    }

    fn start_gathering(
        name: &'static str,
        sink: impl Write + Send + 'static,
        capacity: usize,
        health: LogHealth,
        gathering: Duration,
    ) -> Self {
        let (entry, exit) = sync_channel(capacity);
        let fate = Arc::new(Fate { health, lost: AtomicU64::new(0) });
        let writer = Writer { name, sink, fate: fate.clone(), failing: false, gathering };
        // Without a thread the queue has no exit: every line is dropped, and the health says so.
        let thread = thread::Builder::new().name("log".to_owned()).spawn(move || writer.run(&exit));
        Self { entry, writer: thread.ok().map(|thread| thread.thread().clone()), fate }
    }

    /// Waits until the lines that are in the queue now are written, or `patience` is over.
    pub(super) fn drain(&self, patience: Duration) {
        let deadline = Instant::now() + patience;
        let (drained, done) = sync_channel(1);
        let mut message = Message::Drained(drained);
        while let Err(TrySendError::Full(again)) = self.entry.try_send(message) {
            if Instant::now() > deadline {
                return;
            }
            message = again;
            thread::sleep(Duration::from_millis(1));
        }
        // It need not gather any more.
        if let Some(writer) = &self.writer {
            writer.unpark();
        }
        let _ = done.recv_timeout(deadline.saturating_duration_since(Instant::now()));
    }
}

impl Write for &Queue {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.entry.try_send(Message::Line(cut(line, LONGEST).into_owned())).is_err() {
            self.fate.lost.fetch_add(1, Ordering::Relaxed);
            self.fate.health.set(Health::Failed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Queue {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

struct Writer<W> {
    name: &'static str,
    sink: W,
    fate: Arc<Fate>,
    failing: bool,
    gathering: Duration,
}

impl<W: Write> Writer<W> {
    fn run(mut self, exit: &Receiver<Message>) {
        while let Ok(first) = exit.recv() {
            let mut waiting = Vec::new();
            // What became of the last line; nothing has changed while there is none.
            let mut outcome = None;
            let mut taken = 0;
            for message in std::iter::once(first).chain(exit.try_iter()).take(BATCH) {
                taken += 1;
                match message {
                    Message::Drained(done) => waiting.push(done),
                    Message::Line(line) => {
                        let written = self.sink.write_all(&line);
                        self.fate.lost.fetch_add(written.is_err().into(), Ordering::Relaxed);
                        outcome = Some(written);
                    }
                }
            }
            if let Some(outcome) = outcome {
                let outcome = outcome.and_then(|()| self.sink.flush());
                self.tell(outcome);
            }
            for done in waiting {
                let _ = done.send(());
            }
            // Behind a full batch more may be waiting, in a queue that has only so much room.
            if taken < BATCH {
                thread::park_timeout(self.gathering);
            }
        }
    }

    /// Notes how it went. Troubles are lines too: they go through this queue and the other one, and never wait either.
    fn tell(&mut self, outcome: io::Result<()>) {
        let (name, failed) = (self.name, outcome.is_err());
        if failed || self.fate.health.get() == Health::Failed {
            self.fate.health.set(if failed { Health::Failed } else { Health::Success });
        }
        let failed_before = std::mem::replace(&mut self.failing, failed);
        match outcome {
            Err(error) if !failed_before => tracing::error!("{name} cannot be written: {error}"),
            Err(_) => {}
            Ok(()) => {
                let lost = self.fate.lost.swap(0, Ordering::Relaxed);
                if lost > 0 || failed_before {
                    tracing::warn!(lost, "{name} is written again; lines were lost");
                }
            }
        }
    }
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;
