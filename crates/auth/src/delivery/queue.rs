//! The queue between those who answer requests and the sender.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use kseekers_access::UserId;
use tokio::{
    runtime::Handle,
    sync::mpsc::{self, error::TrySendError},
    task::{JoinHandle, JoinSet},
    time::{Instant, sleep, timeout, timeout_at},
};

use super::{CodeMessage, CodeSender};

/// How much is done at once, and how patiently.
#[derive(Debug, Clone)]
pub struct DeliverySettings {
    /// How many codes may wait. One more is dropped, and the log says so: its user asks again.
    pub capacity: usize,
    /// How many codes are sent at the same time.
    pub parallel: usize,
    /// How long to wait before each further attempt after a failure that may pass.
    pub pauses: Vec<Duration>,
}

impl Default for DeliverySettings {
    /// 1,000 codes waiting, 8 at the same time, further attempts after 1, 5 and 20 seconds.
    fn default() -> Self {
        Self { capacity: 1_000, parallel: 8, pauses: [1, 5, 20].map(Duration::from_secs).to_vec() }
    }
}

/// Takes codes at once and sends them in the background.
pub struct Delivery {
    queue: mpsc::Sender<Job>,
    worker: Mutex<Option<JoinHandle<()>>>,
    runtime: Handle,
}

enum Job {
    /// To be sent before this moment; later the code is worth nothing.
    Send(CodeMessage, Instant),
    /// No more comes after what is waiting already.
    Finish,
}

impl Delivery {
    /// Starts the worker on `runtime`, which must outlive the requests: that of `main`, not that of a web worker.
    pub fn start(sender: Arc<dyn CodeSender>, settings: DeliverySettings, runtime: &Handle) -> Self {
        let (queue, jobs) = mpsc::channel(settings.capacity.max(1));
        let worker = runtime.spawn(work(jobs, sender, settings));
        Self { queue, worker: Mutex::new(Some(worker)), runtime: runtime.clone() }
    }

    /// The runtime that the worker runs on.
    pub fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Puts a code into the queue. Never waits; what becomes of the code is only told to the log.
    pub fn hand_over(&self, message: CodeMessage) {
        let user = message.user_id;
        let deadline = Instant::now() + message.valid_for;
        match self.queue.try_send(Job::Send(message, deadline)) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => tracing::error!(%user, "a code was dropped: too many are waiting"),
            Err(TrySendError::Closed(_)) => {
                tracing::error!(%user, "a code was dropped: the service is stopping");
            }
        }
    }

    /// Sends what is waiting, for at most `grace`, and stops. Whether all of it was dealt with.
    pub async fn shutdown(&self, grace: Duration) -> bool {
        let worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut worker) = worker else { return true };
        let finish = async {
            let _ = self.queue.send(Job::Finish).await;
            let _ = (&mut worker).await;
        };
        let done = timeout(grace, finish).await.is_ok();
        if !done {
            worker.abort();
            tracing::error!(?grace, "codes that were still waiting to be sent were dropped");
        }
        done
    }
}

async fn work(mut jobs: mpsc::Receiver<Job>, sender: Arc<dyn CodeSender>, settings: DeliverySettings) {
    let pauses: Arc<[Duration]> = settings.pauses.into();
    let mut sending = JoinSet::new();
    while let Some(job) = jobs.recv().await {
        let Job::Send(message, deadline) = job else {
            jobs.close();
            continue;
        };
        while sending.try_join_next().is_some() {}
        if sending.len() >= settings.parallel.max(1) {
            sending.join_next().await;
        }
        sending.spawn(deliver(message, deadline, Arc::clone(&sender), Arc::clone(&pauses)));
    }
    while sending.join_next().await.is_some() {}
}

async fn deliver(
    message: CodeMessage,
    deadline: Instant,
    sender: Arc<dyn CodeSender>,
    pauses: Arc<[Duration]>,
) {
    let user = message.user_id;
    if timeout_at(deadline, attempt(&message, user, &*sender, &pauses)).await.is_err() {
        tracing::error!(%user, "a code was not sent before it expired");
    }
}

async fn attempt(message: &CodeMessage, user: UserId, sender: &dyn CodeSender, pauses: &[Duration]) {
    let mut pauses = pauses.iter();
    loop {
        let Err(error) = sender.send(message).await else {
            return tracing::debug!(%user, "a code was sent");
        };
        match pauses.next().filter(|_| error.is_passing()) {
            Some(pause) => {
                tracing::warn!(%user, %error, "a code was not sent, trying again");
                sleep(*pause).await;
            }
            None => return tracing::error!(%user, %error, "a code was not sent"),
        }
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery").field("free", &self.queue.capacity()).finish_non_exhaustive()
    }
}
