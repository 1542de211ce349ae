//! A database to try a history in, on the same server, which is gone afterwards.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use md5::{Digest, Md5};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Opts, OptsBuilder, Row};

use crate::schema::{Part, get};
use crate::session::{self, quoted};
use crate::{MigrateError, Options, Schema};

mod inside;

pub(crate) use inside::stays_inside;

const MARK: &str = "_scratch_";
/// The most characters that the name of a database can have.
const LONGEST: usize = 64;

const DATABASE_EXISTS: u16 = 1007;
/// For a user who may not create it, or may do nothing at all on it.
const REFUSED: [u16; 3] = [1044, 1045, 1227];

/// A database that is used once. One that [`Self::create`] has made is dropped by [`Self::end`]; one that was there, and
/// empty, is emptied again. Dropped without `end` it stays, and the next one names it in [`Self::leftovers`].
///
/// ```text
/// let scratch = Scratch::create(&opts, None, &options).await?;
/// let tried = try_something(scratch.opts()).await;
/// scratch.end(tried).await
/// ```
pub(crate) struct Scratch {
    conn: Conn,
    opts: Opts,
    name: String,
    created: bool,
    leftovers: Vec<String>,
}

impl Scratch {
    /// Makes `<database>_scratch_<random>` beside the database of `opts`, which need not be there; or takes the database
    /// `named`, which must be empty if it is there.
    ///
    /// # Errors
    /// [`MigrateError::ScratchRefused`] where this user's rights are too few, [`MigrateError::ScratchInUse`] for a
    /// database that is not empty or in which somebody else is trying something.
    pub(crate) async fn create(
        opts: &Opts,
        named: Option<&str>,
        options: &Options,
    ) -> Result<Self, MigrateError> {
        let database = opts.db_name().ok_or(MigrateError::NoDatabase)?;
        let name = named.map_or_else(|| random_name(database), str::to_owned);
        let refusal = || MigrateError::ScratchInUse { database: name.clone() };
        if name.eq_ignore_ascii_case(database) {
            return Err(refusal());
        }
        let without = OptsBuilder::from_opts(opts.clone()).db_name(None::<String>);
        let mut conn = session::connect(without.into(), options.connect_timeout).await?;
        // Held as long as this connection lives: it tells a database that is in use from one that was left.
        let lock: Option<Row> = conn.exec_first("SELECT GET_LOCK(?, 0)", (lock_name(&name),)).await?;
        if session::number(lock) != Some(1) {
            return Err(refusal());
        }
        let leftovers = leftovers(&mut conn, database, &name).await?;
        let create = format!("CREATE DATABASE {} {}", quoted(&name), session::CHARACTER_SET);
        let created = match conn.query_drop(create).await {
            Ok(()) => true,
            Err(Error::Server(error)) if named.is_some() && error.code == DATABASE_EXISTS => false,
            // Who may not create it may still use it.
            Err(Error::Server(error)) if REFUSED.contains(&error.code) => {
                if named.is_none() || !can_use(&mut conn, &name).await {
                    return Err(refused(&mut conn, name, database, named.is_some(), error.into()).await);
                }
                false
            }
            Err(error) => return Err(error.into()),
        };
        let opts = OptsBuilder::from_opts(opts.clone()).db_name(Some(&name)).into();
        let mut scratch = Self { conn, opts, name, created, leftovers };
        if !created && !scratch.is_empty().await? {
            return Err(MigrateError::ScratchInUse { database: scratch.name });
        }
        Ok(scratch)
    }

    /// How to connect to it.
    pub(crate) fn opts(&self) -> Opts {
        self.opts.clone()
    }

    /// Databases that runs for the same database have left, and that nobody uses. They are nobody's to drop but a
    /// person's.
    pub(crate) fn leftovers(&self) -> &[String] {
        &self.leftovers
    }

    /// Takes away what was made, also after a failure, which then is what is told.
    pub(crate) async fn end<T>(mut self, tried: Result<T, MigrateError>) -> Result<T, MigrateError> {
        let cleared = if self.created {
            self.conn
                .query_drop(format!("DROP DATABASE {}", quoted(&self.name)))
                .await
                .map_err(MigrateError::from)
        } else {
            self.clear().await
        };
        session::close(self.conn).await;
        let tried = tried.map_err(in_scratch)?;
        cleared?;
        Ok(tried)
    }

    async fn is_empty(&mut self) -> Result<bool, MigrateError> {
        // Also tables that a schema does not tell of, such as a ledger.
        let table: Option<Row> =
            self.conn.query_first(format!("SHOW TABLES FROM {}", quoted(&self.name))).await?;
        Ok(table.is_none() && Schema::read(&mut self.conn, &self.name).await?.is_empty())
    }

    /// Drops everything in a database that was empty when it was taken.
    async fn clear(&mut self) -> Result<(), MigrateError> {
        let schema = Schema::read(&mut self.conn, &self.name).await?;
        let mut sql = format!("USE {}; SET SESSION foreign_key_checks = 0", quoted(&self.name));
        for (part, name) in
            schema.objects.keys().filter(|(part, _)| !matches!(part, Part::Trigger | Part::View))
        {
            sql.push_str(&format!("; DROP {part} {}", quoted(name)));
        }
        let tables: Vec<Row> =
            self.conn.query(format!("SHOW FULL TABLES FROM {}", quoted(&self.name))).await?;
        for row in &tables {
            let text =
                |column: usize| row.get_opt::<String, _>(column).and_then(Result::ok).unwrap_or_default();
            let kind = match text(1).as_str() {
                "VIEW" => "VIEW",
                "SEQUENCE" => "SEQUENCE",
                _ => "TABLE",
            };
            sql.push_str(&format!("; DROP {kind} {}", quoted(&text(0))));
        }
        Ok(self.conn.query_drop(sql).await?)
    }
}

/// A name that nobody else has; of a long one the end is left out.
fn random_name(database: &str) -> String {
    // The standard library's only source of random numbers.
    let random = RandomState::new().build_hasher().finish();
    let suffix = format!("{MARK}{random:016x}");
    let beginning: String = database.chars().take(LONGEST - suffix.len()).collect();
    beginning + &suffix
}

fn lock_name(name: &str) -> String {
    format!("kseekers-scratch:{}", hex::encode(Md5::digest(name.to_lowercase())))
}

async fn leftovers(conn: &mut Conn, database: &str, name: &str) -> Result<Vec<String>, MigrateError> {
    let like = random_name(database);
    let beginning = like.rsplit_once('_').map_or("", |(beginning, _)| beginning);
    let sql = "SELECT schema_name AS name FROM information_schema.schemata WHERE LEFT(schema_name, CHAR_LENGTH(?)) = ?";
    let rows: Vec<Row> = conn.exec(sql, (beginning, beginning)).await?;
    let mut left = Vec::new();
    for row in rows {
        let other: String = get(&row, "name")?;
        let random = other.get(beginning.len() + 1..).unwrap_or_default();
        let is_one = random.len() == 16 && random.bytes().all(|digit| digit.is_ascii_hexdigit());
        if is_one && other != name {
            let user: Option<Row> = conn.exec_first("SELECT IS_USED_LOCK(?)", (lock_name(&other),)).await?;
            left.extend(session::number(user).is_none().then_some(other));
        }
    }
    Ok(left)
}

async fn can_use(conn: &mut Conn, name: &str) -> bool {
    conn.query_drop(format!("USE {}", quoted(name))).await.is_ok()
}

/// Says what an administrator has to type.
async fn refused(conn: &mut Conn, name: String, database: &str, named: bool, source: Error) -> MigrateError {
    let user: Option<Row> = conn.query_first("SELECT CURRENT_USER()").await.unwrap_or_default();
    let user: Option<String> = user.and_then(|row| row.get_opt(0)?.ok());
    let user = user.unwrap_or_default();
    let (user, host) = user.rsplit_once('@').unwrap_or((&user, "%"));
    // In a GRANT an underscore stands for any character, a percent sign for any number of them.
    let literally = |name: &str| name.replace('\\', "\\\\").replace('_', "\\_").replace('%', "\\%");
    let pattern =
        if named { literally(&name) } else { format!("{}%", literally(&format!("{database}{MARK}"))) };
    let grant = format!("GRANT ALL PRIVILEGES ON {}.* TO '{user}'@'{host}'", quoted(&pattern));
    MigrateError::ScratchRefused { database: name, grant, source }
}

/// What would have to be mended by hand is gone with the scratch database.
fn in_scratch(error: MigrateError) -> MigrateError {
    let advice = "This was in a scratch database, which is gone: mend the file.".to_owned();
    match error {
        MigrateError::Statement { file, number, of, line, source, .. } => {
            MigrateError::Statement { file, number, of, line, source, consequence: advice }
        }
        MigrateError::OpenTransaction { file, .. } => {
            MigrateError::OpenTransaction { file, consequence: advice }
        }
        MigrateError::StatementTimeout { file, number, of, line, limit, .. } => {
            MigrateError::StatementTimeout { file, number, of, line, limit, consequence: advice }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::random_name;

    #[test]
    fn a_name_is_as_long_as_a_database_can_have_and_another_each_time() {
        let long = "ä".repeat(64);
        let name = random_name(&long);
        assert_eq!(name.chars().count(), 64);
        assert!(name.starts_with("ää"));
        assert_ne!(random_name(&long), name);
        assert!(random_name("shop").starts_with("shop_scratch_"));
    }
}
