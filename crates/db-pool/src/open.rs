//! Opening a connection in a runtime, which may end or stand still meanwhile.

use std::sync::Arc;

use mysql_async::Error;
use tokio::{
    runtime::Handle,
    task::{JoinError, JoinHandle},
    time::{Instant, timeout_at},
};

use crate::{DbError, connect, error::unavailable, session::Session, shared::Shared};

/// Why there is no connection.
pub(crate) enum Unopened {
    /// The server refused, or cannot be reached.
    Refused(Error),
    /// No answer in time: neither the server nor the runtime needs to be at fault.
    Late,
    /// Its runtime has ended.
    RuntimeEnded,
    DriverPanicked,
}

impl Unopened {
    pub(crate) fn into_error(self, endpoint: &str) -> DbError {
        let problem = match self {
            Self::Refused(error) => return unavailable(endpoint, error),
            Self::Late => "no answer in time",
            Self::RuntimeEnded => "the runtime that it was to live in has ended",
            Self::DriverPanicked => "the driver panicked",
        };
        DbError::Unavailable(format!("cannot connect to {endpoint}: {problem}"))
    }
}

impl Shared {
    pub(crate) async fn open(&self, deadline: Instant, here: &Handle) -> Result<Session, Unopened> {
        let opened = self.connect(deadline, here).await;
        let counter = if opened.is_ok() { &self.numbers.opened } else { &self.numbers.failed };
        counter.count();
        opened
    }

    async fn connect(&self, deadline: Instant, here: &Handle) -> Result<Session, Unopened> {
        let passport = self.abroad.passport(here);
        let runtime = if passport.is_some() { here } else { &self.runtime };
        let generation = self.idle().generation;
        let attempt = runtime.spawn(connect::open(self.opts.clone(), Arc::clone(&self.session_settings)));
        // By the timer of the one who waits: a runtime that nobody drives would not notice its own.
        match timeout_at(deadline, AbortOnDrop(attempt).finish()).await {
            Ok(Ok(Ok(opened))) => {
                let holder = Arc::default();
                self.holders().push(Arc::downgrade(&holder));
                Ok(Session::new(opened, passport, generation, holder, &self.options))
            }
            Ok(Ok(Err(error))) => Err(Unopened::Refused(error)),
            Ok(Err(task)) if task.is_panic() => Err(Unopened::DriverPanicked),
            Ok(Err(_cancelled)) => Err(Unopened::RuntimeEnded),
            Err(_elapsed) => Err(Unopened::Late),
        }
    }
}

struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> AbortOnDrop<T> {
    async fn finish(mut self) -> Result<T, JoinError> {
        (&mut self.0).await
    }
}

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
