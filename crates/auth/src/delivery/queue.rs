//! The queue between those who answer requests and the sender.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use kseekers_access::UserId;
use tokio::{
    runtime::Handle,
    sync::{
        Semaphore,
        mpsc::{self, error::TrySendError},
    },
    task::{JoinHandle, JoinSet},
    time::{Instant, sleep, timeout, timeout_at},
};

use super::{CodeMessage, CodeSender};

/// How much is done at once, and how patiently.
///
/// End it with `..DeliverySettings::default()`: a later version may have more settings.
#[derive(Debug, Clone)]
pub struct DeliverySettings {
    /// How many codes may wait or be on their way. One more is dropped, and the log says so: its user asks again.
    pub capacity: usize,
    /// How many codes are sent at the same time.
    pub parallel: usize,
    /// How long to wait before each further attempt after a failure that may pass.
    pub pauses: Vec<Duration>,
}

impl Default for DeliverySettings {
    /// 1,000 codes, 8 at the same time, further attempts after 1, 5 and 20 seconds.
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
    /// Nobody is to get a code.
    Nothing,
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
    ///
    /// Where there is no code to send, `None` costs the caller nearly the same: waking the worker takes long enough
    /// to be seen from outside.
    pub fn hand_over(&self, message: Option<CodeMessage>) {
        let user = message.as_ref().map(|message| message.user_id);
        let job = message.map_or(Job::Nothing, |message| {
            let deadline = Instant::now() + message.valid_for;
            Job::Send(message, deadline)
        });
        let (Err(error), Some(user)) = (self.queue.try_send(job), user) else { return };
        match error {
            TrySendError::Full(_) => dropped(user, "too many are waiting"),
            TrySendError::Closed(_) => dropped(user, "the service is stopping"),
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

fn dropped(user: UserId, reason: &str) {
    tracing::error!(%user, reason, "a code was dropped");
}

/// Takes jobs as fast as they come, so that `Nothing` never takes the place of a code for long.
async fn work(mut jobs: mpsc::Receiver<Job>, sender: Arc<dyn CodeSender>, settings: DeliverySettings) {
    let turns = Arc::new(Semaphore::new(settings.parallel.max(1)));
    let pauses: Arc<[Duration]> = settings.pauses.into();
    let mut sending = JoinSet::new();
    while let Some(job) = jobs.recv().await {
        while sending.try_join_next().is_some() {}
        match job {
            Job::Nothing => {}
            Job::Finish => jobs.close(),
            Job::Send(message, deadline) if sending.len() < settings.capacity => {
                let (turns, sender, pauses) = (Arc::clone(&turns), Arc::clone(&sender), Arc::clone(&pauses));
                sending.spawn(async move {
                    let delivery = deliver(&message, &turns, &*sender, &pauses);
                    if timeout_at(deadline, delivery).await.is_err() {
                        tracing::error!(user = %message.user_id, "a code was not sent before it expired");
                    }
                });
            }
            Job::Send(message, _) => dropped(message.user_id, "too many are waiting"),
        }
    }
    while sending.join_next().await.is_some() {}
}

async fn deliver(message: &CodeMessage, turns: &Semaphore, sender: &dyn CodeSender, pauses: &[Duration]) {
    // An error would say that the semaphore was closed, which nobody does.
    let _turn = turns.acquire().await;
    let user = message.user_id;
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
