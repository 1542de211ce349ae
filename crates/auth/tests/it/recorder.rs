//! Stores that note what they are asked.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use kseekers_access::UserId;
use kseekers_auth::{
    Account, AuthError, AuthService, AuthSettings, CodeStore, Identifier, NewUser, Purpose, User, UserStore,
    codes::{CodeId, NewCode, TriedCode},
};
use kseekers_envelope::StorageError;

use crate::support::{Mailbox, Stores, TestClock, service};

/// Both stores of a database, noting what the requests of users call; the sweeping in the background does not count.
pub(crate) struct Recorder {
    users: Arc<dyn UserStore>,
    codes: Arc<dyn CodeStore>,
    calls: Mutex<Vec<&'static str>>,
    /// How many hashes were handed out, which is the only way to compare one.
    pub(crate) compared: AtomicUsize,
}

impl Recorder {
    pub(crate) fn new(stores: &Stores) -> Arc<Self> {
        let (users, codes) = (Arc::clone(&stores.users), Arc::clone(&stores.codes));
        Arc::new(Self { users, codes, calls: Mutex::default(), compared: AtomicUsize::new(0) })
    }

    pub(crate) fn service(
        self: &Arc<Self>,
        settings: AuthSettings,
    ) -> (AuthService, Mailbox, Arc<TestClock>) {
        service(self.clone(), self.clone(), settings)
    }

    /// The calls since the last time.
    pub(crate) fn calls(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    fn note(&self, call: &'static str) {
        self.calls.lock().unwrap().push(call);
    }
}

#[async_trait]
impl UserStore for Recorder {
    async fn create(&self, new: &NewUser) -> Result<User, AuthError> {
        self.note("create");
        self.users.create(new).await
    }

    async fn find(&self, id: UserId) -> Result<Option<Account>, StorageError> {
        self.note("find");
        self.users.find(id).await
    }

    async fn find_by(&self, identifier: &Identifier) -> Result<Option<Account>, StorageError> {
        self.note("find_by");
        self.users.find_by(identifier).await
    }
}

#[async_trait]
impl CodeStore for Recorder {
    async fn add(&self, code: &NewCode) -> Result<(), StorageError> {
        self.note("add");
        self.codes.add(code).await
    }

    async fn take_try(
        &self,
        user: UserId,
        purpose: Purpose,
        tries: u8,
        now: DateTime<Utc>,
    ) -> Result<Option<TriedCode>, StorageError> {
        self.note("take_try");
        let tried = self.codes.take_try(user, purpose, tries, now).await?;
        self.compared.fetch_add(usize::from(tried.is_some()), Ordering::SeqCst);
        Ok(tried)
    }

    async fn consume(&self, id: CodeId, now: DateTime<Utc>) -> Result<bool, StorageError> {
        self.note("consume");
        self.codes.consume(id, now).await
    }

    async fn sweep(&self, before: DateTime<Utc>, limit: u32) -> Result<u64, StorageError> {
        self.codes.sweep(before, limit).await
    }
}
