//! Asking the parts of the service how they are.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use kseekers_db_pool::{DbError, DbPool, DecodeError, FromRow, Row};
use kseekers_migrator::{LEDGER_QUERY, LedgerRow, MigrationSet, NO_SUCH_TABLE, Origin};
use kseekers_s3::ObjectStore;
use tokio::{sync::Mutex, time::timeout};

use super::{Readiness, Reasons, State, bucket::BucketProbe};

/// How long the database may take for one small answer before it counts as down.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long an answer is given again. Anybody may ask, and however many do, the database is asked at this pace, one
/// question at a time.
const FRESH: Duration = Duration::from_millis(500);

/// Finds out how the service is. It has a connection of its own, so that a busy pool is not taken for a database that
/// is away.
#[derive(Debug)]
pub struct Health {
    pool: DbPool,
    migrations: MigrationSet,
    bucket: Option<BucketProbe>,
    mail: bool,
    last: Mutex<Option<(Instant, Readiness)>>,
}

impl Health {
    /// `migrations` are those that this server was built for, `objects` is the bucket if there is one.
    pub fn new(
        pool: DbPool,
        migrations: MigrationSet,
        objects: Option<Arc<dyn ObjectStore>>,
        mail: bool,
    ) -> Self {
        Self { pool, migrations, bucket: objects.map(BucketProbe::new), mail, last: Mutex::new(None) }
    }

    /// How each part is, as of half a second ago at the most.
    pub async fn check(&self) -> Readiness {
        let mut last = self.last.lock().await;
        match &*last {
            Some((asked, readiness)) if asked.elapsed() < FRESH => readiness.clone(),
            _ => {
                let readiness = self.ask().await;
                *last = Some((Instant::now(), readiness.clone()));
                readiness
            }
        }
    }

    async fn ask(&self) -> Readiness {
        let (ledger, s3) = tokio::join!(timeout(PATIENCE, self.ledger()), self.s3());
        let mut readiness = Readiness {
            database: State::Ok,
            schema: State::Ok,
            s3,
            mail: if self.mail { State::Ok } else { State::Off },
            reasons: Reasons {
                s3: match s3 {
                    State::Ok => None,
                    State::Off => Some("no bucket is configured".to_owned()),
                    State::Degraded | State::Down => Some("the bucket does not answer".to_owned()),
                },
                mail: (!self.mail).then(|| "codes are printed to the terminal".to_owned()),
                ..Reasons::default()
            },
        };
        match ledger {
            Ok(Ok(ledger)) => {
                let schema = self.migrations.readiness(ledger.as_deref());
                if !schema.is_ready() {
                    readiness.schema = State::Down;
                    readiness.reasons.schema = Some(schema.to_string());
                }
            }
            Ok(Err(error)) => readiness.database_is_down(&error),
            Err(elapsed) => readiness.database_is_down(&elapsed),
        }
        readiness
    }

    /// Closes the connection; one that is in use is waited for as long as `grace`.
    pub async fn close(&self, grace: Duration) {
        self.pool.close(grace).await;
    }

    async fn s3(&self) -> State {
        match &self.bucket {
            Some(bucket) => bucket.state().await,
            None => State::Off,
        }
    }

    async fn ledger(&self) -> Result<Option<Vec<LedgerRow>>, DbError> {
        match self.pool.query::<Ledger>(LEDGER_QUERY, ()).await {
            Ok(rows) => Ok(Some(rows.into_iter().map(|Ledger(row)| row).collect())),
            Err(DbError::Other { code: NO_SUCH_TABLE, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Readiness {
    /// The cause goes to the log: it may name hosts and users.
    fn database_is_down(&mut self, cause: &dyn std::error::Error) {
        tracing::warn!(%cause, "the database does not answer the health check");
        self.database = State::Down;
        self.schema = State::Down;
        self.reasons.database = Some("it does not answer".to_owned());
        self.reasons.schema = Some("unknown while the database does not answer".to_owned());
    }
}

struct Ledger(LedgerRow);

impl FromRow for Ledger {
    fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
        Ok(Self(LedgerRow {
            version: row.get("version")?,
            name: row.get("name")?,
            checksum: row.get("checksum")?,
            digest: row.get("digest")?,
            state: row.get("state")?,
            origin: Origin::from(row.get::<String>("origin")?.as_str()),
            applied_at: row.get("applied_at")?,
        }))
    }
}
