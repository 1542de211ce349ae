//! From nothing to a usable database.

use mysql_async::prelude::Queryable;
use mysql_async::{Error, Opts, OptsBuilder};

use crate::session::{self, quoted};
use crate::{MigrateError, MigrationSet, Migrator, Options, Progress, Report};

/// The server's error codes for a database that is not there, and for one that this user may not see, which for a user
/// without rights on it is the same.
pub(crate) const BAD_DATABASE: u16 = 1049;
const ACCESS_TO_DATABASE_DENIED: u16 = 1044;

/// What a setup has done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SetupReport {
    /// Whether the database had to be created.
    pub created: bool,
    /// The migrations that were applied.
    pub applied: Report,
}

/// Creates the database that the options name if it is not there (utf8mb4), applies all migrations and looks whether
/// they are. Run again it finds nothing to do.
///
/// A database that is there is taken as it is, so this needs no right to create one then.
///
/// # Errors
/// [`MigrateError::CreateDatabase`], [`MigrateError::NotVerified`], and all of [`Migrator::connect`] and
/// [`Migrator::up`].
pub async fn setup(
    opts: impl Into<Opts>,
    set: MigrationSet,
    options: Options,
    watch: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<(Migrator, SetupReport), MigrateError> {
    let opts = opts.into();
    let connected = Migrator::connect_with(opts.clone(), set.clone(), options).await;
    let (mut migrator, created) = match connected {
        Err(MigrateError::Connect(Error::Server(error)))
            if [BAD_DATABASE, ACCESS_TO_DATABASE_DENIED].contains(&error.code) =>
        {
            create_database(&opts, &options).await?;
            (Migrator::connect_with(opts, set, options).await?, true)
        }
        connected => (connected?, false),
    };
    let applied = migrator.up_with(None, watch).await?;
    let readiness = migrator.readiness().await?;
    if !readiness.is_ready() {
        return Err(MigrateError::NotVerified(readiness));
    }
    Ok((migrator, SetupReport { created, applied }))
}

async fn create_database(opts: &Opts, options: &Options) -> Result<(), MigrateError> {
    let database = opts.db_name().ok_or(MigrateError::NoDatabase)?;
    let without = OptsBuilder::from_opts(opts.clone()).db_name(None::<String>);
    let mut conn = session::connect(without.into(), options.connect_timeout).await?;
    let quoted = quoted(database);
    // Another setup may have created it meanwhile.
    let sql = format!("CREATE DATABASE IF NOT EXISTS {quoted} {}", session::CHARACTER_SET);
    let created = conn.query_drop(sql).await;
    session::close(conn).await;
    created.map_err(|source| MigrateError::CreateDatabase { database: database.to_owned(), quoted, source })
}
