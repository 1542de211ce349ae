//! Codes in the table `otps`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use kseekers_access::UserId;
use kseekers_db_pool::{DbPool, DecodeError, FromRow, Row};
use kseekers_envelope::StorageError;
use tracing::instrument;

use super::{CodeId, CodeMac, CodeStore, NewCode, Purpose, TriedCode};

/// Keeps codes in MySQL or MariaDB. Each step is one statement that commits by itself, so that no number of requests
/// at the same time gets more tries or more uses than one after the other would.
#[derive(Debug, Clone)]
pub struct MySqlCodes {
    pool: DbPool,
}

impl MySqlCodes {
    /// Uses this pool.
    pub fn new(pool: DbPool) -> Self {
        Self { pool }
    }
}

/// The column `code`, where other systems keep codes in the clear, stays NULL.
const ADD: &str =
    "INSERT INTO otps (user_id, purpose, code_mac, created_at, expires_at) VALUES (?, ?, ?, ?, ?)";

/// By id and not by time: clocks may step back, and two codes may be made in the same second.
const NEWEST: &str =
    "SELECT id, code_mac FROM otps WHERE user_id = ? AND purpose = ? ORDER BY id DESC LIMIT 1";

const TAKE_TRY: &str = "UPDATE otps SET attempts = attempts + 1 \
                        WHERE id = ? AND attempts < ? AND is_used = 0 AND expires_at > ?";

const CONSUME: &str =
    "UPDATE otps SET is_used = 1, consumed_at = ? WHERE id = ? AND is_used = 0 AND expires_at > ?";

const SWEEP: &str = "DELETE FROM otps WHERE expires_at < ? ORDER BY expires_at LIMIT ?";

#[async_trait]
impl CodeStore for MySqlCodes {
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn add(&self, code: &NewCode) -> Result<(), StorageError> {
        let row = (
            code.user.map(UserId::get),
            code.purpose.as_str(),
            code.mac.as_bytes().as_slice(),
            code.created_at.naive_utc(),
            code.expires_at.naive_utc(),
        );
        self.pool.execute(ADD, row).await?;
        Ok(())
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn take_try(
        &self,
        user: UserId,
        purpose: Purpose,
        tries: u8,
        now: DateTime<Utc>,
    ) -> Result<Option<TriedCode>, StorageError> {
        let newest: Option<Newest> = self.pool.query_optional(NEWEST, (user.get(), purpose.as_str())).await?;
        // Codes of other systems have no hash; while one is the newest, no code of ours counts.
        let ours = newest.and_then(|Newest { id, mac }| Some(TriedCode { id, mac: mac? }));
        // Sent in any case, as the store must; no row has the number 0.
        let id = ours.as_ref().map_or(0, |code| code.id.get());
        let taken = self.pool.execute(TAKE_TRY, (id, tries, now.naive_utc())).await?;
        Ok(ours.filter(|_| taken == 1))
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn consume(&self, id: CodeId, now: DateTime<Utc>) -> Result<bool, StorageError> {
        let now = now.naive_utc();
        Ok(self.pool.execute(CONSUME, (now, id.get(), now)).await? == 1)
    }

    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    async fn sweep(&self, before: DateTime<Utc>, limit: u32) -> Result<u64, StorageError> {
        Ok(self.pool.execute(SWEEP, (before.naive_utc(), limit)).await?)
    }
}

struct Newest {
    id: CodeId,
    mac: Option<CodeMac>,
}

impl FromRow for Newest {
    fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
        let id = CodeId::new(row.get("id")?);
        let mac: Option<Vec<u8>> = row.get("code_mac")?;
        // A hash of another length is none of ours.
        Ok(Self { id, mac: mac.and_then(|bytes| bytes.try_into().ok()).map(CodeMac::from_bytes) })
    }
}
