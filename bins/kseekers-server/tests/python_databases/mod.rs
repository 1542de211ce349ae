//! Databases as the Python system leaves them: our own, written from what is known of it, and those of the folder that
//! `KSEEKERS_PYTHON_DATABASES` names.

use std::path::Path;

use kseekers_embedded_mysql::{TestDatabase, TestDatabases};
use kseekers_migrator::{MigrationSet, Migrator};
use mysql_async::{Conn, prelude::Queryable};

static DATABASES: TestDatabases = TestDatabases::empty();

const GUIDE: &str = include_str!("guide.sql");
const LATER: &str = include_str!("later.sql");
const DAMAGE: &str = include_str!("damage.sql");

/// What makes such a database.
pub(crate) struct PythonDatabase {
    pub(crate) name: String,
    sql: Vec<String>,
}

/// The guide's version, with the damage of years.
pub(crate) fn guide() -> PythonDatabase {
    ours("guide's version", &[GUIDE, DAMAGE])
}

fn ours(name: &str, sql: &[&str]) -> PythonDatabase {
    PythonDatabase { name: name.to_owned(), sql: sql.iter().map(|sql| (*sql).to_owned()).collect() }
}

/// All that there are.
pub(crate) fn all() -> Vec<PythonDatabase> {
    let mut all = vec![
        ours("guide's version, undamaged", &[GUIDE]),
        guide(),
        ours("later version, undamaged", &[GUIDE, LATER]),
        ours("later version", &[GUIDE, LATER, DAMAGE]),
    ];
    if let Some(folder) = std::env::var_os("KSEEKERS_PYTHON_DATABASES") {
        let dumps = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
        let dumps = dumps.map(|entry| entry.unwrap().path());
        let dumps: Vec<_> = dumps.filter(|path| path.extension().is_some_and(|kind| kind == "sql")).collect();
        assert!(!dumps.is_empty(), "{folder:?} has no dump");
        all.extend(dumps.iter().map(|path| PythonDatabase {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            sql: vec![std::fs::read_to_string(path).unwrap()],
        }));
    }
    all
}

impl PythonDatabase {
    pub(crate) async fn load(&self) -> TestDatabase {
        let db = DATABASES.take().await;
        for sql in &self.sql {
            execute(&db, sql).await;
        }
        db
    }
}

pub(crate) async fn execute(db: &TestDatabase, sql: &str) {
    let mut conn = Conn::new(db.opts()).await.unwrap();
    conn.query_drop(sql).await.unwrap_or_else(|error| panic!("{error}"));
    conn.disconnect().await.unwrap();
}

/// A migrator with the repository's history.
pub(crate) async fn migrator(db: &TestDatabase) -> Migrator {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    Migrator::connect(db.opts(), MigrationSet::from_dir(folder).unwrap()).await.unwrap()
}
