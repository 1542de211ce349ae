//! What the tests share.

use std::{
    fmt, io,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use kseekers_access::UserId;
use kseekers_auth::{Code, CodeMessage, CodeSender, DeliveryError, SystemRandomness};
use tokio::sync::mpsc;

/// A code that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) username: String,
    pub(crate) email: String,
    pub(crate) code: String,
}

/// The mailbox of everybody.
pub(crate) struct Mailbox(mpsc::UnboundedReceiver<Sent>);

/// Puts codes into a [`Mailbox`].
pub(crate) struct ToMailbox(mpsc::UnboundedSender<Sent>);

impl Mailbox {
    pub(crate) fn new() -> (ToMailbox, Self) {
        let (to, from) = mpsc::unbounded_channel();
        (ToMailbox(to), Self(from))
    }

    /// The next code that was sent; fails the test if none comes.
    pub(crate) async fn next(&mut self) -> Sent {
        tokio::time::timeout(Duration::from_secs(20), self.0.recv()).await.expect("a code is sent").unwrap()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[async_trait]
impl CodeSender for ToMailbox {
    async fn send(&self, message: &CodeMessage) -> Result<(), DeliveryError> {
        let sent = Sent {
            username: message.username.clone(),
            email: message.email.clone(),
            code: message.code.expose().to_owned(),
        };
        self.0.send(sent).map_err(|_| DeliveryError::lasting("the test is over"))
    }
}

/// A message with a code, as the service makes them.
pub(crate) fn message(username: &str, valid_for: Duration) -> CodeMessage {
    CodeMessage {
        user_id: UserId::new(7),
        username: username.to_owned(),
        email: format!("{username}@example.com"),
        code: Code::generate(&SystemRandomness).unwrap(),
        valid_for,
    }
}

/// Everything that is logged on this thread while it lives.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(crate) fn capture() -> (Self, tracing::subscriber::DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

#[cfg(feature = "mysql")]
pub(crate) use database::*;

#[cfg(feature = "mysql")]
mod database {
    use std::sync::{Arc, Mutex};

    use chrono::{DateTime, TimeDelta, Utc};
    use kseekers_access::UserId;
    use kseekers_auth::{
        AuthService, AuthSettings, Clock, CodeStore, Delivery, DeliverySettings, Email, NewUser, User,
        UserStore, Username, codes::MySqlCodes, users::MySqlUsers,
    };
    use kseekers_db_pool::{DbOptions, DbPool};
    use kseekers_embedded_mysql::{TestDatabase, TestDatabases};
    use tokio::runtime::Handle;

    use super::Mailbox;

    pub(crate) const SECRET: &str = "a secret of at least thirty-two bytes";

    static DATABASES: TestDatabases = TestDatabases::from_sql(include_str!("../../schema.sql"));

    /// A clock that a test sets.
    #[derive(Debug)]
    pub(crate) struct TestClock(Mutex<DateTime<Utc>>);

    impl TestClock {
        pub(crate) fn advance(&self, seconds: i64) {
            *self.0.lock().unwrap() += TimeDelta::seconds(seconds);
        }
    }

    impl Clock for TestClock {
        fn now(&self) -> DateTime<Utc> {
            *self.0.lock().unwrap()
        }
    }

    /// A database of its own, with the stores on it.
    pub(crate) struct Stores {
        pub(crate) pool: DbPool,
        pub(crate) users: Arc<dyn UserStore>,
        pub(crate) codes: Arc<dyn CodeStore>,
        /// Gone when this is dropped.
        pub(crate) _database: TestDatabase,
    }

    impl Stores {
        pub(crate) async fn new() -> Self {
            let db = DATABASES.take().await;
            let options = DbOptions::new(db.host(), db.port(), db.user(), db.password().into(), db.name());
            let pool = DbPool::new(options).unwrap();
            Self {
                users: Arc::new(MySqlUsers::new(pool.clone())),
                codes: Arc::new(MySqlCodes::new(pool.clone())),
                pool,
                _database: db,
            }
        }

        pub(crate) async fn add_user(&self, username: &str) -> User {
            self.users.create(&new_user(username, &format!("{username}@example.com"))).await.unwrap()
        }

        /// The only value of the only row.
        pub(crate) async fn number(&self, sql: &'static str) -> i64 {
            self.pool.query_one::<(i64,)>(sql, ()).await.unwrap().0
        }

        pub(crate) async fn run(&self, sql: &'static str) {
            self.pool.execute(sql, ()).await.unwrap();
        }

        pub(crate) fn service(&self, settings: AuthSettings) -> (AuthService, Mailbox, Arc<TestClock>) {
            self.service_with(Arc::clone(&self.codes), settings)
        }

        pub(crate) fn service_with(
            &self,
            codes: Arc<dyn CodeStore>,
            settings: AuthSettings,
        ) -> (AuthService, Mailbox, Arc<TestClock>) {
            let (sender, mailbox) = Mailbox::new();
            let delivery = Delivery::start(Arc::new(sender), DeliverySettings::default(), &Handle::current());
            let clock = Arc::new(TestClock(Mutex::new(
                DateTime::from_timestamp(1_795_176_000, 700_000_000).unwrap(),
            )));
            let service = AuthService::new(
                Arc::clone(&self.users),
                codes,
                delivery,
                &SECRET.to_owned().into(),
                settings,
            )
            .unwrap()
            .with_clock(clock.clone());
            (service, mailbox, clock)
        }
    }

    pub(crate) fn new_user(username: &str, email: &str) -> NewUser {
        NewUser {
            username: Username::parse(username).unwrap(),
            email: Email::parse(email).unwrap(),
            phone: None,
        }
    }

    pub(crate) const NOBODY: UserId = UserId::new(999_999);
}
