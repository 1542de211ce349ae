//! Blocking work for async callers, whatever their runtime: each piece has a thread of its own.

use std::thread;

use tokio::sync::oneshot;

use crate::Error;

pub(crate) async fn run<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let (sender, receiver) = oneshot::channel();
    thread::Builder::new()
        .name("embedded-mysql".into())
        .spawn(move || {
            // A caller that has gone away drops the result here: a server that was just started ends again.
            let _ = sender.send(work());
        })
        .map_err(Error::file("start a thread for", "embedded-mysql"))?;
    receiver.await.unwrap_or(Err(Error::MakerGone))
}
