//! Against the same layers as in the server, with files that are only memory.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use kseekers_envelope::actix::LogHealth;
use tracing::{instrument, level_filters::LevelFilter};

use super::*;
use crate::{
    logging::subscriber,
    settings::{Log, LogLevel},
};

#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Memory {
    fn queue(&self) -> Queue {
        Queue::start("the test", self.clone(), 1_000, LogHealth::default())
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn log(level: LogLevel, profile: bool) -> Log {
    Log { level, path: "app.log".into(), file_size: 1, backup_count: 0, profile }
}

/// What file and terminal have when `work` is done.
fn logged(log: &Log, everything: bool, work: impl FnOnce()) -> (String, String) {
    let (file, terminal) = (Memory::default(), Memory::default());
    let queues = (file.queue(), terminal.queue());
    let on_terminal = Terminal { queue: queues.1.clone(), everything, file: LogHealth::default() };
    tracing::subscriber::with_default(subscriber(log, queues.0.clone(), on_terminal, false), work);
    queues.0.drain(Duration::from_secs(20));
    queues.1.drain(Duration::from_secs(20));
    (file.text(), terminal.text())
}

fn profiled(work: impl FnOnce()) -> String {
    logged(&log(LogLevel::Info, true), false, work).0
}

#[derive(Debug)]
struct Shelf {
    #[expect(dead_code, reason = "printed")]
    label: &'static str,
}

#[derive(Debug)]
struct Shelves;

impl Shelves {
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    fn find(&self, label: &str, limit: u32) -> Option<Shelf> {
        tracing::info!("looking");
        (limit > 0).then(|| Shelf { label: label.to_owned().leak() })
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    fn outer(&self) -> Option<Shelf> {
        self.find("inner", 1)
    }
}

/// The text after the name of a line, in each block.
fn all<'a>(name: &str, text: &'a str) -> Vec<&'a str> {
    let after = format!("{name}:: ");
    text.lines().filter_map(|line| Some(line.split_once(&after)?.1)).collect()
}

#[test]
fn a_call_is_told_between_rules_with_place_times_arguments_and_result() {
    let text = profiled(|| {
        let request = tracing::info_span!("request", id = "find-me");
        let _ = request.in_scope(|| Shelves.find("A", 3));
    });
    let block = text.split_once(RULE).unwrap().1.split_once(RULE).unwrap().0;
    assert_eq!(all("Method", block), ["find"]);
    assert!(all("Module", block)[0].starts_with("kseekers_server::logging::profiler::tests:"), "{block}");
    assert_eq!(all("Request Id", block), ["find-me"]);
    for time in [all("Request Time", block), all("Response Time", block)] {
        assert!(time[0].len() == 27 && time[0].ends_with('Z'), "{time:?}");
    }
    assert!(all("Execution Time", block)[0].strip_suffix(" seconds").unwrap().parse::<f64>().is_ok());
    assert_eq!(all("Args", block), [r#"(label="A", limit=3)"#]);
    assert_eq!(all("Response Data", block), [r#"Some(Shelf { label: "A" })"#]);
}

#[test]
fn calls_inside_of_others_come_first_and_each_block_is_whole() {
    let text = profiled(|| {
        Shelves.outer();
    });
    assert_eq!(all("Method", &text), ["find", "outer"]);
    assert_eq!(all("Request Id", &text), ["-", "-"], "nobody asked for these by HTTP");
    let rules: Vec<usize> =
        text.lines().enumerate().filter(|(_, line)| *line == RULE).map(|(number, _)| number).collect();
    assert_eq!(rules.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>(), [9, 1, 9]);
}

#[test]
fn other_lines_stay_as_they_are() {
    let (file, _) = logged(&log(LogLevel::Trace, true), false, || {
        Shelves.find("A", 3);
    });
    let lines: Vec<_> = file.lines().filter(|line| line.contains("looking")).collect();
    assert!(lines.len() == 1 && !lines[0].contains("label"), "{file}");
    assert_eq!(file.matches("Some(").count(), 1, "the result is in the block only: {file}");
}

#[test]
fn the_terminal_gets_blocks_where_it_gets_everything() {
    for everything in [false, true] {
        let (file, terminal) = logged(&log(LogLevel::Info, true), everything, || {
            Shelves.find("A", 3);
        });
        assert_eq!((file.contains("Method::"), terminal.contains("Method::")), (true, everything));
    }
}

#[test]
fn a_call_that_is_given_up_is_told_too() {
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn forever() {
        std::future::pending().await
    }
    let text = profiled(|| {
        let mut call = Box::pin(forever());
        let waker = std::task::Waker::noop();
        assert!(call.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending());
    });
    assert_eq!(all("Response Data", &text), ["(given up before it ended)"]);
}

#[test]
fn secrets_are_masked_in_arguments_and_results_by_the_names_of_their_fields() {
    #[derive(Debug)]
    #[expect(dead_code, reason = "printed")]
    struct Login {
        password: String,
        user: &'static str,
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    fn sign_in(login: &Login, refresh_token: &str) -> Result<Login, ()> {
        let password = format!("{refresh_token}, }} \" hunter2");
        Ok(Login { password, ..*login })
    }
    let login = Login { password: "hunter2".to_owned(), user: "ada" };
    let text = profiled(|| drop(sign_in(&login, "hunter2")));
    assert_eq!(all("Args", &text), [r#"(login=Login { password: ***, user: "ada" }, refresh_token=***)"#]);
    assert_eq!(all("Response Data", &text), [r#"Ok(Login { password: ***, user: "ada" })"#]);
    assert!(!text.contains("hunter2"));
}

#[test]
fn long_values_are_cut_and_the_block_is_still_closed() {
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    fn echo(first: &str, second: &str) -> String {
        first.to_owned() + second
    }
    let long = "ä".repeat(100_000);
    let text = profiled(|| drop(echo(&long, &long)));
    assert!(text.len() <= crate::logging::line::LONGEST, "{}", text.len());
    assert!(all("Args", &text)[0].ends_with(" [cut])") && all("Response Data", &text)[0].ends_with(" [cut]"));
    assert!(text.ends_with(&format!("{RULE}\n")));
}

/// The callsite is asked once, when it is first come by; then a call costs a look at an atomic.
#[test]
fn without_the_setting_profiled_functions_are_never_asked() {
    for level in [LogLevel::Info, LogLevel::Trace] {
        let memory = Memory::default().queue();
        let terminal = Terminal { queue: memory.clone(), everything: true, file: LogHealth::default() };
        let layers = subscriber(&log(level, false), memory, terminal, false);
        assert_eq!(layers.max_level_hint(), Some(LevelFilter::from(level)));
        tracing::subscriber::with_default(layers, || {
            let span = tracing::trace_span!(target: "kseekers::profile", "call");
            let interest =
                tracing::dispatcher::get_default(|now| now.register_callsite(span.metadata().unwrap()));
            assert!(interest.is_never(), "{interest:?}");
            assert!(span.is_disabled());
        });
    }
}
