//! What taking over another system's database promises: it is recognised or left alone, nothing is lost, and a crash
//! anywhere does no harm. The other system is a made-up shop.

#[cfg(feature = "cli")]
mod command;
mod crash;

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{
    AdoptReport, Adoption, History, HistoryRow, Mend, MigrateError, Readiness, Remark, Unadoptable, Version,
};

use crate::{DATABASES, Database, Files, execute, ledger, migrator, ran, rows, sentence};

const OURS: Files = &[
    (
        "01_shop.sql",
        "CREATE TABLE goods (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(50) NOT NULL, price INT NULL, \
         KEY idx_name (name)) ENGINE=InnoDB",
    ),
    ("R01_shop.sql", "DROP TABLE goods"),
    ("02_one_name.sql", "ALTER TABLE goods ADD UNIQUE KEY one_name (name), DROP KEY idx_name"),
    ("R02_one_name.sql", "ALTER TABLE goods ADD KEY idx_name (name), DROP KEY one_name"),
];

const SHOP: Adoption<'_> = Adoption {
    system: "shop",
    histories: &[History {
        name: "the old shop",
        rows: &[
            HistoryRow { version: Version::new(1), name: "first tables", checksum: "aa" },
            HistoryRow { version: Version::new(2), name: "prices", checksum: "bb" },
        ],
    }],
    equals: Version::new(1),
    mends: &[
        Mend {
            what: "goods whose name is taken are moved to table schema_migrations_shop_goods",
            count: "SELECT COUNT(*) FROM goods WHERE id NOT IN (SELECT MIN(id) FROM goods GROUP BY name)",
            list: Some(
                "SELECT CONCAT('id ', id, ': ', name) FROM goods \
                 WHERE id NOT IN (SELECT MIN(id) FROM goods GROUP BY name) ORDER BY id",
            ),
            tables: &["CREATE TABLE IF NOT EXISTS schema_migrations_shop_goods (id INT NOT NULL, \
                       name VARCHAR(50) NOT NULL, price INT NULL) ENGINE=InnoDB"],
            rows: &[
                "INSERT INTO schema_migrations_shop_goods SELECT id, name, price FROM goods \
                 WHERE id NOT IN (SELECT MIN(id) FROM goods GROUP BY name)",
                "DELETE FROM goods WHERE id IN (SELECT id FROM schema_migrations_shop_goods)",
            ],
        },
        Mend {
            what: "prices below nothing are set to nothing",
            count: "SELECT COUNT(*) FROM goods WHERE price < 0",
            list: None,
            tables: &[],
            rows: &["UPDATE goods SET price = NULL WHERE price < 0"],
        },
    ],
    remarks: &[Remark { what: "these have no price", list: "SELECT name FROM goods WHERE price IS NULL" }],
};

/// The shop's database with a table and a column of its own, two of a name, and a price below nothing.
const SHOPS_DATABASE: &str = "CREATE TABLE goods (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(50) NOT NULL, price INT, colour VARCHAR(9), \
     INDEX idx_name (name), INDEX idx_name_price (name, price)); \
     CREATE TABLE customers (id INT PRIMARY KEY, favourite INT, FOREIGN KEY (favourite) REFERENCES goods (id)); \
     CREATE TABLE schema_migrations (id INT AUTO_INCREMENT PRIMARY KEY, version VARCHAR(50) NOT NULL UNIQUE, \
     name VARCHAR(255) NOT NULL, applied_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP, checksum VARCHAR(64), \
     remark VARCHAR(20), INDEX idx_version (version)); \
     INSERT INTO schema_migrations (id, version, name, applied_at, checksum, remark) VALUES \
     (3, '01', 'first tables', '2020-02-02 02:02:02', 'aa', 'by hand'), (7, '02', 'prices', NULL, 'edited', NULL); \
     INSERT INTO goods (name, price) VALUES ('tea', 3), ('jam', -1), ('TEA', 4), ('tea', 3); \
     INSERT INTO customers VALUES (1, 1)";

async fn shop() -> TestDatabase {
    let db = DATABASES.take().await;
    execute(&db, SHOPS_DATABASE).await;
    db
}

async fn adopt(db: &TestDatabase) -> Result<AdoptReport, MigrateError> {
    migrator(db, OURS).await.adopt(&SHOP, None, &mut |_| {}).await
}

/// What SHOW CREATE TABLE says, but for the counter, which goes on, and the tablespace, which MySQL names from the first
/// ALTER TABLE on where tables have no files of their own.
fn shape(create: &str) -> String {
    let words = create.split(' ').filter(|word| !word.starts_with("AUTO_INCREMENT="));
    words.collect::<Vec<_>>().join(" ").replace(" /*!50100 TABLESPACE `innodb_system` */", "")
}

/// Those of the migrator too.
async fn all_tables(db: &impl Database) -> Vec<String> {
    rows(db, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name").await
}

/// Everything in the database, as text.
async fn contents(db: &impl Database) -> Vec<String> {
    let mut contents = Vec::new();
    for table in all_tables(db).await {
        let create: Vec<(String, String)> = rows(db, &format!("SHOW CREATE TABLE {table}")).await;
        contents.extend(create.into_iter().map(|(_, create)| shape(&create)));
        let columns: Vec<String> = rows(
            db,
            &format!(
                "SELECT CONCAT('COALESCE(', column_name, ', \\'NULL\\')') FROM information_schema.columns \
                 WHERE table_schema = DATABASE() AND table_name = '{table}' ORDER BY ordinal_position"
            ),
        )
        .await;
        let select = format!("SELECT CONCAT_WS('|', {}) FROM {table} ORDER BY 1", columns.join(", "));
        contents.extend(rows::<String>(db, &select).await);
    }
    contents
}

async fn refused(db: &TestDatabase) -> Unadoptable {
    let before = contents(db).await;
    let mut migrator = migrator(db, OURS).await;
    for refusal in [migrator.adopt_plan(&SHOP, None).await, migrator.adopt(&SHOP, None, &mut |_| {}).await] {
        assert!(matches!(refusal, Err(MigrateError::CannotAdopt(_))), "{refusal:?}");
    }
    assert_eq!(contents(db).await, before);
    match migrator.adopt(&SHOP, None, &mut |_| {}).await {
        Err(MigrateError::CannotAdopt(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_plan_says_everything_and_changes_nothing() {
    let db = shop().await;
    let before = contents(&db).await;
    let plan = migrator(&db, OURS).await.adopt_plan(&SHOP, None).await.unwrap();
    assert_eq!(contents(&db).await, before);
    assert_eq!(
        plan.to_string(),
        "This is a database of the old shop.\n\
         - Its 02 (prices) was another text than the one that we know; its tables are as they should be.\n\
         - 2: goods whose name is taken are moved to table schema_migrations_shop_goods\n    \
         id 3: TEA\n    id 4: tea\n\
         - 1: prices below nothing are set to nothing\n\
         - 2 rows: the old ledger is kept in schema_migrations_shop\n\
         - 01_shop.sql counts as applied, and is what `down` never goes below\n"
    );
    assert_eq!(adopt(&db).await.unwrap(), plan);
}

#[tokio::test]
async fn our_history_goes_on_where_the_other_system_stopped_and_nothing_is_lost() {
    let db = shop().await;
    adopt(&db).await.unwrap();
    let mut migrator = migrator(&db, OURS).await;
    assert_eq!(
        migrator.readiness().await.unwrap(),
        Readiness::Pending { next: "02_one_name.sql".to_owned(), count: 1 }
    );
    assert_eq!(ran(&migrator.up(None).await.unwrap()), ["02_one_name.sql"]);
    assert_eq!(
        rows::<(String, String, String)>(&db, "SELECT version, name, origin FROM schema_migrations").await,
        [("01", "shop", "adopted"), ("02", "one name", "run")].map(|(version, name, origin)| (
            version.to_owned(),
            name.to_owned(),
            origin.to_owned()
        ))
    );
    let goods =
        "SELECT id, name, price FROM goods UNION ALL SELECT * FROM schema_migrations_shop_goods ORDER BY id";
    assert_eq!(
        rows::<(i32, String, Option<i32>)>(&db, goods).await,
        [(1, "tea", Some(3)), (2, "jam", None), (3, "TEA", Some(4)), (4, "tea", Some(3))]
            .map(|(id, name, price)| (id, name.to_owned(), price))
    );
    let kept: Vec<(i32, String, Option<String>)> =
        rows(&db, "SELECT id, version, remark FROM schema_migrations_shop ORDER BY id").await;
    assert_eq!(kept, [(3, "01".to_owned(), Some("by hand".to_owned())), (7, "02".to_owned(), None)]);
    assert_eq!(rows::<i32>(&db, "SELECT favourite FROM customers").await, [1]);
}

#[tokio::test]
async fn the_way_down_ends_at_what_was_adopted_and_gives_the_ledger_back() {
    let db = shop().await;
    let ledger_of = async |db: &TestDatabase| {
        let everything = contents(db).await;
        everything
            .into_iter()
            .filter(|line| line.contains("schema_migrations`") || line.contains("first tables"))
            .collect::<Vec<_>>()
    };
    let before = ledger_of(&db).await;
    for target in [None, Some(Version::new(1))] {
        adopt(&db).await.unwrap();
        let mut migrator = migrator(&db, OURS).await;
        migrator.up(None).await.unwrap();
        let down = migrator.down(target).await.unwrap();
        assert_eq!(ran(&down), ["R02_one_name.sql"]);
        assert_eq!(down.given_back.as_deref(), Some("schema_migrations_shop"));
        assert_eq!(ledger_of(&db).await, before);
        assert_eq!(rows::<i32>(&db, "SELECT id FROM goods ORDER BY id").await, [1, 2]);
        let tables = ["customers", "goods", "schema_migrations", "schema_migrations_shop_goods"];
        assert_eq!(all_tables(&db).await, tables);
        // Now it is the shop's again, and we keep our hands off it.
        assert!(matches!(migrator.down(None).await, Err(MigrateError::NotOurs { .. })));
    }
}

#[tokio::test]
async fn a_target_above_what_was_adopted_leaves_the_ledger_ours() {
    let db = shop().await;
    adopt(&db).await.unwrap();
    let mut migrator = migrator(&db, OURS).await;
    migrator.up(None).await.unwrap();
    let down = migrator.down(Some(Version::new(2))).await.unwrap();
    assert!(down.files.is_empty() && down.given_back.is_none());
    assert_eq!(migrator.readiness().await.unwrap(), Readiness::Ready);
}

#[tokio::test]
async fn a_hand_over_that_stopped_before_the_rows_is_taken_back_by_down() {
    let db = shop().await;
    // Something in the ledger does not fit into the side table.
    execute(
        &db,
        "UPDATE goods SET price = 1 WHERE price < 0; DELETE FROM goods WHERE id > 2; \
         CREATE TABLE schema_migrations_shop LIKE schema_migrations; \
         ALTER TABLE schema_migrations_shop MODIFY COLUMN remark VARCHAR(2)",
    )
    .await;
    let before = contents(&db).await;
    let error = sentence(adopt(&db).await);
    assert!(error.contains("for column 'remark'"), "{error}");
    let down = migrator(&db, OURS).await.down(None).await.unwrap();
    assert_eq!(down.given_back.as_deref(), Some("schema_migrations_shop"));
    let after = contents(&db).await;
    assert_eq!(
        after,
        before.into_iter().filter(|line| !line.contains("schema_migrations_shop")).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_runner_that_lost_the_lock_changes_nothing_more() {
    const LOST: Mend<'_> = Mend {
        what: "the lock is lost",
        count: "SELECT 1",
        list: None,
        tables: &["DO RELEASE_ALL_LOCKS()"],
        rows: &[],
    };
    let db = shop().await;
    let goods = rows::<(i32, Option<i32>)>(&db, "SELECT id, price FROM goods").await;
    for mends in [&[LOST, SHOP.mends[0]] as &[_], &[LOST, SHOP.mends[1]], &[LOST]] {
        let adoption = Adoption { mends, ..SHOP };
        let lost = migrator(&db, OURS).await.adopt(&adoption, None, &mut |_| {}).await;
        assert!(matches!(lost, Err(MigrateError::LockLost)), "{lost:?}");
        assert_eq!(rows::<(i32, Option<i32>)>(&db, "SELECT id, price FROM goods").await, goods);
        assert!(!all_tables(&db).await.contains(&"schema_migrations_shop_goods".to_owned()));
        assert_eq!(rows::<i32>(&db, "SELECT id FROM schema_migrations ORDER BY id").await, [3, 7]);
    }
}

#[tokio::test]
async fn what_cannot_be_counted_or_read_is_no_reason_to_fail() {
    const NOTHING: Mend<'_> = Mend {
        what: "nothing",
        count: "SELECT SUM(1) FROM goods WHERE FALSE",
        list: None,
        tables: &[],
        rows: &[],
    };
    const UNREADABLE: Remark<'_> =
        Remark { what: "unreadable", list: "SELECT NULL UNION ALL SELECT X'61FF'" };
    let db = shop().await;
    let adoption = Adoption { mends: &[SHOP.mends, &[NOTHING]].concat(), remarks: &[UNREADABLE], ..SHOP };
    let report = migrator(&db, OURS).await.adopt(&adoption, None, &mut |_| {}).await.unwrap();
    assert!(report.mends.iter().all(|mended| mended.what != "nothing"));
    assert_eq!(report.remarks[0].items, ["NULL", "a\u{fffd}"]);
}

#[tokio::test]
async fn a_runner_that_lost_the_lock_gives_no_ledger_back() {
    let db = shop().await;
    adopt(&db).await.unwrap();
    let mut migrator = migrator(&db, OURS).await;
    migrator.up(None).await.unwrap();
    // Behind the last question for the lock that the way down of a file asks.
    execute(&db, "CREATE TRIGGER lost AFTER DELETE ON schema_migrations FOR EACH ROW DO RELEASE_ALL_LOCKS()")
        .await;
    let lost = migrator.down(None).await;
    assert!(matches!(lost, Err(MigrateError::LockLost)), "{lost:?}");
    assert_eq!(ledger(&db).await, [("01".to_owned(), "done".to_owned())]);
    assert_eq!(rows::<i32>(&db, "SELECT id FROM schema_migrations_shop ORDER BY id").await, [3, 7]);

    execute(&db, "DROP TRIGGER lost").await;
    let down = migrator.down(None).await.unwrap();
    assert_eq!(down.given_back.as_deref(), Some("schema_migrations_shop"));
    assert_eq!(rows::<i32>(&db, "SELECT id FROM schema_migrations ORDER BY id").await, [3, 7]);
}

#[tokio::test]
async fn a_mend_that_fails_changes_no_row_and_leaves_the_ledger_to_the_other_system() {
    let db = shop().await;
    // The moved row no longer fits into the side table, so it must not be deleted either.
    execute(&db, "CREATE TABLE schema_migrations_shop_goods (id INT NOT NULL, name VARCHAR(1) NOT NULL, price INT NULL)")
        .await;
    let before = contents(&db).await;
    let error = sentence(adopt(&db).await);
    assert!(error.starts_with("Adopting stopped at: goods whose name is taken are moved"), "{error}");
    assert!(error.ends_with("run adopt again to go on"), "{error}");
    assert_eq!(contents(&db).await, before);
    execute(&db, "DROP TABLE schema_migrations_shop_goods").await;
    adopt(&db).await.unwrap();
}

#[tokio::test]
async fn a_ledger_that_the_server_would_write_row_by_row_is_made_safe_first() {
    let db = shop().await;
    execute(&db, "ALTER TABLE schema_migrations ENGINE=MyISAM").await;
    adopt(&db).await.unwrap();
    let engines: Vec<String> = rows(
        &db,
        "SELECT DISTINCT engine FROM information_schema.tables WHERE table_schema = DATABASE() \
         AND table_name LIKE 'schema%'",
    )
    .await;
    assert_eq!(engines, ["InnoDB"]);
}

#[tokio::test]
async fn a_database_with_other_tables_than_its_ledger_promises_is_refused_with_a_list() {
    let db = shop().await;
    execute(&db, "ALTER TABLE goods MODIFY price BIGINT NOT NULL, ADD UNIQUE KEY one_colour (name, id)")
        .await;
    let Unadoptable::OtherSchema { history, differences } = refused(&db).await else {
        panic!("another refusal")
    };
    assert_eq!(history, "the old shop");
    assert_eq!(
        differences,
        [
            "goods.price is bigint not null, ours is int null",
            "goods has the unique key (name, id), we have not"
        ]
    );
}

#[tokio::test]
async fn only_a_whole_history_of_the_other_system_is_adopted() {
    let db = shop().await;
    execute(&db, "DELETE FROM schema_migrations WHERE version = '02'").await;
    assert!(
        matches!(refused(&db).await, Unadoptable::OtherHistory { missing, .. } if missing == ["02 (prices)"])
    );
    execute(&db, "DELETE FROM schema_migrations").await;
    assert_eq!(refused(&db).await, Unadoptable::NoHistory);

    let empty = DATABASES.take().await;
    assert_eq!(refused(&empty).await, Unadoptable::NoHistory);

    let ours = DATABASES.take().await;
    migrator(&ours, OURS).await.up(None).await.unwrap();
    assert_eq!(refused(&ours).await, Unadoptable::Ours);
    let adopted = shop().await;
    adopt(&adopted).await.unwrap();
    assert_eq!(refused(&adopted).await, Unadoptable::Ours);
}
