//! What a database holds, and what it holds after each statement of a run that nobody disturbs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kseekers_embedded_mysql::{EmbeddedMysql, Opts};
use kseekers_migrator::{Direction, MigrationSet, Migrator};
use mysql_async::Conn;
use mysql_async::prelude::Queryable;

use crate::history::{History, statements};

/// Everything of a database but the migrator's own tables, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Snapshot(pub(crate) String);

impl Snapshot {
    pub(crate) async fn of(opts: &Opts) -> Self {
        let mut migrator =
            Migrator::connect(opts.clone(), MigrationSet::from_files([("", ""); 0]).unwrap()).await.unwrap();
        let mut text = migrator.schema().await.unwrap().to_string();
        migrator.close().await;

        let mut conn = Conn::new(opts.clone()).await.unwrap();
        let tables: Vec<String> = conn
            .query(
                "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() \
                 AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'schema\\_migrations%' ORDER BY 1",
            )
            .await
            .unwrap();
        for table in tables {
            let rows: Vec<mysql_async::Row> =
                conn.query(format!("SELECT * FROM {table} ORDER BY id")).await.unwrap();
            writeln!(text, "\n{table}").unwrap();
            for row in rows {
                let values: Vec<_> = row.unwrap().iter().map(|value| value.as_sql(true)).collect();
                writeln!(text, "{}", values.join(", ")).unwrap();
            }
        }
        conn.disconnect().await.unwrap();
        Self(text)
    }
}

/// What is committed before the first statement of each file, and after each of its statements.
pub(crate) struct Truth(BTreeMap<usize, Vec<Snapshot>>);

impl Truth {
    /// Runs the files of one direction without a migrator.
    pub(crate) async fn of(opts: &Opts, history: &History, direction: Direction) -> Self {
        let mut truth = BTreeMap::new();
        for (file, text) in history.on_the_way(direction) {
            let mut conn = Conn::new(opts.clone()).await.unwrap();
            let mut snapshots = vec![Snapshot::of(opts).await];
            for statement in statements(text) {
                conn.query_drop(statement.text)
                    .await
                    .unwrap_or_else(|error| panic!("{}: {error}", statement.text));
                snapshots.push(Snapshot::of(opts).await);
            }
            conn.disconnect().await.unwrap();
            truth.insert(file, snapshots);
        }
        Self(truth)
    }

    /// Before statement `number` of file `file`, counted from 1, and after it.
    pub(crate) fn around(&self, file: usize, number: usize) -> (&Snapshot, &Snapshot) {
        let snapshots = &self.0[&file];
        (&snapshots[number - 1], &snapshots[number])
    }

    pub(crate) fn end(&self, history: &History, direction: Direction) -> &Snapshot {
        let (last, _) = *history.on_the_way(direction).last().unwrap();
        self.0[&last].last().unwrap()
    }
}

/// A new database of this name.
pub(crate) async fn database(server: &EmbeddedMysql, name: &str) -> Opts {
    let mut conn = Conn::new(server.opts()).await.unwrap();
    conn.query_drop(format!("CREATE DATABASE {name}")).await.unwrap();
    conn.disconnect().await.unwrap();
    server.opts().db_name(Some(name)).into()
}

pub(crate) async fn drop_database(server: &EmbeddedMysql, name: &str) {
    let mut conn = Conn::new(server.opts()).await.unwrap();
    // A server that was killed while it changed a table may have left files of which it knows nothing any more, and which
    // are in the way. They go with the server's folder.
    let _ = conn.query_drop(format!("DROP DATABASE {name}")).await;
    conn.disconnect().await.unwrap();
}
