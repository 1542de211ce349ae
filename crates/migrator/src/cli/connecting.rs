//! A connection that is opened before it is known what for.

use mysql_async::Opts;
use tokio::task::JoinSet;

use super::{Common, Operation, Place};
use crate::{MigrateError, MigrationSet, Migrator, Options};

/// A connection on its way while the history is still being read, for [`run_connecting`](super::run_connecting). The database
/// sees a session that is given its settings and no more; to drop this ends it.
#[derive(Debug, Default)]
pub struct Connecting(JoinSet<Result<Migrator, MigrateError>>);

impl Connecting {
    /// Begins, as a task of the caller's runtime; for `up` alone, which is what is run again and again with nothing to do.
    /// `opts` and `options` are those that the [`Place`] will have.
    pub fn begin(operation: &Operation, opts: &Opts, options: Options, common: &Common) -> Self {
        let mut connecting = JoinSet::new();
        if matches!(operation, Operation::Up { dry_run: false, .. }) {
            let (opts, options) = (opts.clone(), common.options(options));
            connecting.spawn(Migrator::connect_with(opts, MigrationSet::default(), options));
        }
        Self(connecting)
    }

    /// Waits for what was begun, or begins now.
    pub(super) async fn connect(mut self, place: Place) -> Result<Migrator, MigrateError> {
        match self.0.join_next().await {
            Some(Ok(connected)) => {
                let mut migrator = connected?;
                migrator.set = place.set;
                Ok(migrator)
            }
            _ => Migrator::connect_with(place.opts, place.set, place.options).await,
        }
    }
}
