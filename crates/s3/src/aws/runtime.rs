//! The runtime that the store lives in.
//!
//! A socket lives in the runtime that opened it, and the SDK keeps sockets for later requests. Callers may be in other
//! runtimes: each worker of actix has its own, which ends when the worker stops. So every request is made on the
//! runtime that the store was made in, which outlives the workers.

use std::{future::Future, panic};

use tokio::{
    runtime::Handle,
    task::{JoinError, JoinHandle},
};

use crate::ObjectError;

/// Runs the work there. It is dropped when the caller is.
pub(super) async fn run<T: Send + 'static>(
    home: &Handle,
    work: impl Future<Output = Result<T, ObjectError>> + Send + 'static,
) -> Result<T, ObjectError> {
    struct AbortOnDrop<T>(JoinHandle<T>);
    impl<T> Drop for AbortOnDrop<T> {
        fn drop(&mut self) {
            self.0.abort();
        }
    }
    let mut task = AbortOnDrop(home.spawn(work));
    (&mut task.0).await.unwrap_or_else(ended)
}

/// A task ends early when its runtime does.
pub(super) fn ended<T>(error: JoinError) -> Result<T, ObjectError> {
    match error.try_into_panic() {
        Ok(panic) => panic::resume_unwind(panic),
        Err(error) => Err(ObjectError::Unreachable(Box::new(error))),
    }
}
