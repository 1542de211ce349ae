//! The stores on a database of their own.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use kseekers_access::UserId;
use kseekers_auth::{
    AuthService, AuthSettings, Clock, CodeStore, Delivery, DeliverySettings, Email, NewUser, User, UserStore,
    Username, codes::MySqlCodes, users::MySqlUsers,
};
use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_embedded_mysql::{TestDatabase, TestDatabases};
use tokio::runtime::Handle;

use super::Mailbox;

pub(crate) const SECRET: &str = "a secret of at least thirty-two bytes";

pub(crate) const NOBODY: UserId = UserId::new(999_999);

static DATABASES: TestDatabases = TestDatabases::from_sql(include_str!("../../../schema.sql"));

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
    /// Gone when the last one who has it is dropped.
    pub(crate) database: Arc<TestDatabase>,
}

impl Stores {
    pub(crate) async fn new() -> Self {
        let database = DATABASES.take().await;
        let options = options(&database);
        Self::on(Arc::new(database), options)
    }

    /// The same database through a pool of one connection.
    pub(crate) fn on_one_connection(&self) -> Self {
        Self::on(Arc::clone(&self.database), options(&self.database).max_connections(1))
    }

    fn on(database: Arc<TestDatabase>, options: DbOptions) -> Self {
        let pool = DbPool::new(options).unwrap();
        Self {
            users: Arc::new(MySqlUsers::new(pool.clone())),
            codes: Arc::new(MySqlCodes::new(pool.clone())),
            pool,
            database,
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

    /// What `work` gives, and how many statements the server got for it over the one connection.
    pub(crate) async fn counted<T>(&self, work: impl Future<Output = T>) -> (T, u32) {
        let sql = "SHOW SESSION STATUS LIKE 'Questions'";
        let so_far = async || {
            let (_, statements): (String, String) = self.pool.query_one(sql, ()).await.unwrap();
            statements.parse::<u32>().unwrap()
        };
        let before = so_far().await;
        let done = work.await;
        // The last of them asked for the number.
        (done, so_far().await - before - 1)
    }

    pub(crate) fn service(&self, settings: AuthSettings) -> (AuthService, Mailbox, Arc<TestClock>) {
        service(Arc::clone(&self.users), Arc::clone(&self.codes), settings)
    }
}

fn options(db: &TestDatabase) -> DbOptions {
    DbOptions::new(db.host(), db.port(), db.user(), db.password().into(), db.name())
}

/// A service on these stores, the mail that it sends, and its clock.
pub(crate) fn service(
    users: Arc<dyn UserStore>,
    codes: Arc<dyn CodeStore>,
    settings: AuthSettings,
) -> (AuthService, Mailbox, Arc<TestClock>) {
    let (sender, mailbox) = Mailbox::new();
    let delivery = Delivery::start(Arc::new(sender), DeliverySettings::default(), &Handle::current());
    let clock =
        Arc::new(TestClock(Mutex::new(DateTime::from_timestamp(1_795_176_000, 700_000_000).unwrap())));
    let service = AuthService::new(users, codes, delivery, &SECRET.to_owned().into(), settings)
        .unwrap()
        .with_clock(clock.clone());
    (service, mailbox, clock)
}

pub(crate) fn new_user(username: &str, email: &str) -> NewUser {
    NewUser { username: Username::parse(username).unwrap(), email: Email::parse(email).unwrap(), phone: None }
}
