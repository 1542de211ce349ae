//! Connections that live in the runtimes of those who use them.
//!
//! A socket belongs to the runtime that opens it: there its readiness is noticed. Where that is the runtime of the one who
//! waits, an answer wakes him alone. From another runtime it takes two threads for each answer: one that notices, and his.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
};

use tokio::{
    runtime::{Handle, Id},
    sync::Notify,
};

/// Whether connections may be opened abroad, and how many live there.
#[derive(Debug)]
pub(crate) struct Abroad {
    home: Handle,
    open: AtomicBool,
    count: AtomicUsize,
    changed: Notify,
}

/// One for each connection that lives abroad.
#[derive(Debug)]
pub(crate) struct Passport {
    abroad: Arc<Abroad>,
    runtime: Id,
}

impl Abroad {
    pub(crate) fn new(home: Handle, open: bool) -> Arc<Self> {
        Arc::new(Self {
            home,
            open: AtomicBool::new(open),
            count: AtomicUsize::new(0),
            changed: Notify::new(),
        })
    }

    /// For a connection that is opened `here`; none if that is home, or if all are to be there.
    pub(crate) fn passport(self: &Arc<Self>, here: &Handle) -> Option<Passport> {
        // Counted before it is looked: `close` then sees this one, or this one sees that it is closed.
        self.count.fetch_add(1, SeqCst);
        let passport = Passport { abroad: Arc::clone(self), runtime: here.id() };
        (self.open.load(SeqCst) && here.id() != self.home.id()).then_some(passport)
    }

    /// From now on nothing is opened abroad.
    pub(crate) fn close(&self) {
        self.open.store(false, SeqCst);
    }

    /// Waits until nothing lives abroad.
    pub(crate) async fn deserted(&self) {
        loop {
            let changed = self.changed.notified();
            if self.count.load(SeqCst) == 0 {
                return;
            }
            changed.await;
        }
    }
}

impl Passport {
    /// Whether its connection may not be used again.
    pub(crate) fn is_revoked(&self) -> bool {
        !self.abroad.open.load(SeqCst)
    }

    /// Where its connection lives.
    pub(crate) fn runtime(&self) -> Id {
        self.runtime
    }
}

impl Drop for Passport {
    fn drop(&mut self) {
        self.abroad.count.fetch_sub(1, SeqCst);
        self.abroad.changed.notify_waiters();
    }
}
