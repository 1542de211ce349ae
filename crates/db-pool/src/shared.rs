//! What all handles of one pool share: the limit, the idle sessions and the runtime that owns the sockets.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use mysql_async::{Opts, prelude::Queryable};
use tokio::{
    runtime::Handle,
    sync::{Notify, Semaphore, TryAcquireError},
    time::{Instant, timeout, timeout_at},
};

use crate::{
    Connection, DbError, DbOptions, PoolStatus,
    abroad::Abroad,
    connect,
    error::{Failure, Fate},
    holder::{Holder, Place},
    numbers::Numbers,
    open::Unopened,
    session::Session,
    stop::Stopper,
};

/// A connection that gives no sign of life within this time is held for dead.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

pub(crate) struct Shared {
    pub(crate) options: DbOptions,
    pub(crate) opts: Opts,
    pub(crate) session_settings: Arc<str>,
    pub(crate) endpoint: String,
    /// Sockets belong to the runtime that opens them. Those of actix workers end one by one at shutdown, so all
    /// are opened in the one where the pool was made, unless the options say otherwise.
    pub(crate) runtime: Handle,
    /// One permit for each connection in use or being opened; first come, first served.
    pub(crate) permits: Semaphore,
    pub(crate) numbers: Numbers,
    pub(crate) stopper: Stopper,
    /// Wakes the keeper before its time.
    pub(crate) call_keeper: Arc<Notify>,
    /// Where connections are opened before they are needed, if they are.
    ahead: Mutex<Option<Handle>>,
    pub(crate) abroad: Arc<Abroad>,
    /// Of all sessions, whether they are held or not.
    holders: Mutex<Vec<Weak<Holder>>>,
    idle: Mutex<Idle>,
    /// Told when the last connection comes back to a closed pool.
    pub(crate) drained: Notify,
}

pub(crate) struct Idle {
    /// The one that was used last is at the back, and is taken first: the others may grow old and go.
    pub(crate) sessions: VecDeque<Session>,
    /// Which sessions may be handed out. A broken connection raises it, so that older ones end.
    pub(crate) generation: u64,
    pub(crate) closed: bool,
}

/// The right to one connection.
pub(crate) struct Permit(Arc<Shared>);

impl Permit {
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.0
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.permits.add_permits(1);
        if self.0.permits.is_closed() {
            self.0.drained.notify_waiters();
        }
    }
}

impl Shared {
    pub(crate) fn new(options: DbOptions) -> Result<Arc<Self>, DbError> {
        options.check()?;
        let runtime = Handle::try_current()
            .map_err(|_| DbError::Options("a pool has to be made inside of a tokio runtime".into()))?;
        let endpoint = match &options.socket {
            Some(path) => path.display().to_string(),
            None => format!("{}:{}", options.host, options.port),
        };
        let opts = connect::driver_opts(&options);
        let shared = Arc::new(Self {
            stopper: Stopper::start(&runtime, opts.clone(), options.connect_timeout),
            abroad: Abroad::new(runtime.clone(), options.abroad),
            opts,
            session_settings: connect::session_settings(&options),
            endpoint,
            runtime,
            permits: Semaphore::new(options.max_connections),
            numbers: Numbers::default(),
            call_keeper: Arc::default(),
            ahead: Mutex::default(),
            holders: Mutex::default(),
            idle: Mutex::new(Idle { sessions: VecDeque::new(), generation: 0, closed: false }),
            drained: Notify::new(),
            options,
        });
        shared.keep_house();
        Ok(shared)
    }

    pub(crate) async fn acquire(self: &Arc<Self>, place: Place) -> Result<Connection, DbError> {
        let start = Instant::now();
        let deadline = start + self.options.acquire_timeout;
        let permit = self.permit(deadline).await?;
        let session = self.session(start, deadline).await?;
        let now = Instant::now();
        self.numbers.acquired_after(now - start);
        Ok(Connection::new(session, permit, place, now.into_std()))
    }

    async fn session(self: &Arc<Self>, now: Instant, deadline: Instant) -> Result<Session, DbError> {
        // An idle session can be used from any runtime, whichever it lives in.
        while let Some(mut session) = self.pop() {
            let idle = now.into_std().saturating_duration_since(session.idle_since);
            if idle <= self.options.check_after || self.is_alive(&mut session, deadline).await {
                return Ok(session);
            }
            self.dismiss([session]);
        }
        let limit = deadline.min(Instant::now() + self.options.connect_timeout);
        match self.open(limit, &self.here()).await {
            Err(Unopened::Late) if limit == deadline => {
                // The caller hears of the pool only.
                tracing::warn!(endpoint = self.endpoint, "no answer to the opening of a connection");
                Err(self.timed_out(self.numbers.waiting.load(Ordering::Relaxed)))
            }
            opened => opened.map_err(|problem| problem.into_error(&self.endpoint)),
        }
    }

    fn timed_out(&self, waiting: usize) -> DbError {
        self.numbers.timeouts.count();
        DbError::Timeout { limit: self.options.acquire_timeout, in_use: self.in_use(), waiting }
    }

    /// The runtime that is current, else the pool's.
    pub(crate) fn here(&self) -> Handle {
        Handle::try_current().unwrap_or_else(|_| self.runtime.clone())
    }

    /// The right to one more connection, or to one that is idle.
    pub(crate) fn free_permit(self: &Arc<Self>) -> Result<Permit, TryAcquireError> {
        self.permits.try_acquire()?.forget();
        Ok(Permit(Arc::clone(self)))
    }

    async fn permit(self: &Arc<Self>, deadline: Instant) -> Result<Permit, DbError> {
        match self.free_permit() {
            Ok(permit) => return Ok(permit),
            Err(TryAcquireError::Closed) => return Err(DbError::Closed),
            Err(TryAcquireError::NoPermits) => {}
        }
        let most = self.options.max_waiting;
        let Some(waiting) = Waiting::new(&self.numbers.waiting, most) else {
            self.numbers.refused.count();
            return Err(DbError::TooManyWaiting { in_use: self.in_use(), waiting: most });
        };
        match timeout_at(deadline, self.permits.acquire()).await {
            Ok(Ok(permit)) => {
                permit.forget();
                Ok(Permit(Arc::clone(self)))
            }
            Ok(Err(_closed)) => Err(DbError::Closed),
            Err(_elapsed) => Err(self.timed_out(waiting.count())),
        }
    }

    /// The session that was used last of those that live in the runtime of the one who asks: no other thread has to be
    /// free for its answers. Else one at home, whose threads do nothing but wait; else any.
    fn pop(&self) -> Option<Session> {
        let here = self.here().id();
        let mut idle = self.idle();
        let sessions = &mut idle.sessions;
        let place = sessions
            .iter()
            .rposition(|session| session.lives_in(here))
            .or_else(|| sessions.iter().rposition(|session| !session.lives_abroad()))
            .or_else(|| sessions.len().checked_sub(1))?;
        // The others keep their order.
        sessions.remove(place)
    }

    /// Asks a session that was idle for a while for a sign of life. One that is dead takes its equals with it, unless that
    /// may be due to the runtime that it lives in.
    async fn is_alive(&self, session: &mut Session, deadline: Instant) -> bool {
        // Never all that is left, so that there is time to connect if no answer comes.
        let patience = SIGN_OF_LIFE.min(deadline.saturating_duration_since(Instant::now()) / 2);
        match timeout(patience, session.conn.ping()).await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => {
                let failure = Failure::from(error);
                if matches!(failure.fate, Fate::Lost) {
                    self.lost(session.generation, &failure.error);
                }
            }
            // After less than that, it may only have been slow.
            Err(_elapsed) if patience == SIGN_OF_LIFE && !session.lives_abroad() => {
                self.lost(session.generation, &DbError::Unavailable("no sign of life".to_owned()));
            }
            Err(_elapsed) => {}
        }
        false
    }

    pub(crate) fn in_use(&self) -> usize {
        self.options.max_connections.saturating_sub(self.permits.available_permits())
    }

    pub(crate) fn status(&self) -> PoolStatus {
        let idle = self.idle().sessions.len();
        self.numbers.status(self.options.max_connections, self.in_use(), idle)
    }

    pub(crate) fn idle(&self) -> MutexGuard<'_, Idle> {
        // Nothing that can panic happens under the lock.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn ahead(&self) -> MutexGuard<'_, Option<Handle>> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn holders(&self) -> MutexGuard<'_, Vec<Weak<Holder>>> {
        self.holders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    /// None if so many wait already.
    fn new(count: &'a AtomicUsize, most: usize) -> Option<Self> {
        let others = count.fetch_add(1, Ordering::Relaxed);
        let waiting = Self(count);
        (others < most).then_some(waiting)
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
