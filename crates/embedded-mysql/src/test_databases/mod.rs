//! Fresh databases for tests.

mod maker;
mod recipe;

use std::{fmt, future::Future, pin::Pin, sync::OnceLock};

use mysql_async::Opts;
use tokio::sync::{mpsc, oneshot};

use self::maker::{Event, Made};
use crate::{BoxError, EmbeddedMysql, Error};

/// What a [`Filler`] returns.
pub type Filling = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>>;

/// Fills the template database that it is given the connection options of.
pub type Filler = fn(Opts) -> Filling;

/// A source of fresh, filled databases: for a `static`, which all tests of a process share.
///
/// The first [`take`](Self::take) starts a server and fills a template database, once. Each database after that is a
/// copy of the template: tables with their rows, keys, foreign keys and counters, views, triggers and routines. Copies are
/// made ahead in the background, on a thread with its own runtime, so that a test hardly waits for its own.
///
/// All sources of a process share one throwaway server. A test that wants to kill a server starts its own [`EmbeddedMysql`].
///
/// ```no_run
/// use kseekers_embedded_mysql::TestDatabases;
/// use mysql_async::{Conn, prelude::Queryable};
///
/// static DATABASES: TestDatabases = TestDatabases::from_sql(
///     "CREATE TABLE pets (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(50) NOT NULL);
///      INSERT INTO pets (name) VALUES ('Rex');",
/// );
///
/// # async fn a_test() -> Result<(), mysql_async::Error> {
/// let database = DATABASES.take().await;
/// let mut connection = Conn::new(database.opts()).await?;
/// let pets: Option<u32> = connection.query_first("SELECT COUNT(*) FROM pets").await?;
/// assert_eq!(pets, Some(1));
/// # Ok(())
/// # }
/// ```
pub struct TestDatabases {
    content: Content,
    maker: OnceLock<mpsc::UnboundedSender<Event>>,
}

#[derive(Clone, Copy)]
pub(crate) enum Content {
    Sql(&'static str),
    Filler(Filler),
}

impl TestDatabases {
    /// Databases with what these statements make, separated by `;` (no `DELIMITER`: the server itself knows where the body
    /// of a trigger ends).
    #[must_use]
    pub const fn from_sql(sql: &'static str) -> Self {
        Self { content: Content::Sql(sql), maker: OnceLock::new() }
    }

    /// Databases with nothing in them, for what makes its own tables.
    #[must_use]
    pub const fn empty() -> Self {
        // The servers refuse a text without any statement.
        Self::from_sql("DO 0")
    }

    /// Databases with what this function makes of an empty one, e.g. by running migrations.
    ///
    /// ```
    /// use kseekers_embedded_mysql::TestDatabases;
    /// use mysql_async::{Conn, prelude::Queryable};
    ///
    /// static DATABASES: TestDatabases = TestDatabases::filled_by(|opts| {
    ///     Box::pin(async move {
    ///         Conn::new(opts).await?.query_drop("CREATE TABLE pets (id INT PRIMARY KEY)").await?;
    ///         Ok(())
    ///     })
    /// });
    /// ```
    #[must_use]
    pub const fn filled_by(filler: Filler) -> Self {
        Self { content: Content::Filler(filler), maker: OnceLock::new() }
    }

    /// A database of one's own.
    ///
    /// # Panics
    /// When there is none, with the reason: this is for tests. See [`try_take`](Self::try_take).
    #[allow(clippy::panic, reason = "a test without its database has nothing better to do")]
    pub async fn take(&self) -> TestDatabase {
        match self.try_take().await {
            Ok(database) => database,
            Err(error) => panic!("no test database: {error}"),
        }
    }

    /// A database of one's own.
    ///
    /// # Errors
    /// As [`EmbeddedMysql::start`], and [`Error::Filler`], [`Error::NotClonable`], [`Error::Statement`] when the template cannot
    /// be filled or copied.
    pub async fn try_take(&self) -> Result<TestDatabase, Error> {
        let maker = self.maker.get_or_init(|| maker::start(self.content)).clone();
        let (sender, receiver) = oneshot::channel();
        maker.send(Event::Wanted(sender)).map_err(|_| Error::MakerGone)?;
        let made = receiver.await.map_err(|_| Error::MakerGone)?.map_err(Error::Shared)?;
        Ok(TestDatabase { made, maker })
    }
}

impl fmt::Debug for TestDatabases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestDatabases").field("started", &self.maker.get().is_some()).finish_non_exhaustive()
    }
}

/// A filled database for one test, removed some time after this value is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    made: Made,
    maker: mpsc::UnboundedSender<Event>,
}

impl TestDatabase {
    /// The database's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.made.name
    }

    /// The server's address, `127.0.0.1`.
    #[must_use]
    pub fn host(&self) -> &'static str {
        "127.0.0.1"
    }

    /// The server's port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server().port()
    }

    /// An account that may do everything, `root`.
    #[must_use]
    pub fn user(&self) -> &'static str {
        "root"
    }

    /// Its password, which is empty.
    #[must_use]
    pub fn password(&self) -> &'static str {
        ""
    }

    /// For a connection to this database.
    #[must_use]
    pub fn opts(&self) -> Opts {
        self.server().opts().db_name(Some(self.name())).into()
    }

    /// The same as a URL, `mysql://root@127.0.0.1:PORT/NAME`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("mysql://{}@{}:{}/{}", self.user(), self.host(), self.port(), self.name())
    }

    /// The server that all tests of this process share.
    #[must_use]
    pub fn server(&self) -> &'static EmbeddedMysql {
        self.made.server
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // Nobody waits for it, and without a maker the whole server is about to go.
        let _ = self.maker.send(Event::Used(self.made.name.clone()));
    }
}
