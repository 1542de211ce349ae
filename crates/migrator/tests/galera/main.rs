//! Runners that reach a database through different nodes of a cluster, where named locks are each node's own.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail in the shortest way"
)]

mod cluster;
mod lock;

use cluster::Cluster;
use kseekers_migrator::{MigrateError, MigrationSet, Migrator, Options};

fn history(files: impl IntoIterator<Item = (String, String)>) -> MigrationSet {
    let one_way = |(name, text)| (name, format!("{text}\n-- migrate: irreversible"));
    MigrationSet::from_files(files.into_iter().map(one_way)).unwrap()
}

fn one_file(text: &str) -> MigrationSet {
    history([("01_a.sql".to_owned(), text.to_owned())])
}

async fn migrator(cluster: &Cluster, node: usize, set: MigrationSet, options: Options) -> Migrator {
    Migrator::connect_with(cluster.opts(node), set, options).await.unwrap()
}

fn sentence<T: std::fmt::Debug>(result: Result<T, MigrateError>) -> String {
    result.unwrap_err().to_string()
}
