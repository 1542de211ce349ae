//! A run that is told about while it is under way.

use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::timeout;

use super::super::answer::FileAnswer;
use super::super::printer::Printer;
use super::super::{Common, Console};
use crate::Progress;

/// How often a run looks whether its statement takes long.
const TICK: Duration = Duration::from_secs(1);

/// What is told about a run while it is under way, and which of its files are done.
pub(super) struct Watched<'a>(Mutex<(Printer<'a>, Vec<FileAnswer>)>);

impl<'a> Watched<'a> {
    pub(super) fn new(set: &crate::MigrationSet, common: &Common, console: &'a mut Console<'_>) -> Self {
        let width =
            set.iter().map(|migration| migration.up.name().len() + "R".len()).max().unwrap_or_default();
        Self(Mutex::new((console.printer(common, width), Vec::new())))
    }

    pub(super) fn tell(&self, progress: Progress<'_>) {
        let mut run = self.lock();
        if let Progress::Finished(report) = progress {
            run.1.push(report.into());
        }
        run.0.print(progress);
    }

    pub(super) async fn watched<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            match timeout(TICK, work.as_mut()).await {
                Ok(done) => return done,
                Err(_) => self.lock().0.tick(),
            }
        }
    }

    pub(super) fn end(self) -> Vec<FileAnswer> {
        let (mut printer, files) = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        printer.fail();
        files
    }

    fn lock(&self) -> MutexGuard<'_, (Printer<'a>, Vec<FileAnswer>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
