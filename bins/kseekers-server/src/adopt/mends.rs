//! What our migrations from 02 on need of a database of the Python system, and what it may not have.

use kseekers_migrator::Mend;

/// In the order in which they are made: rows before the keys that they would break.
pub(super) const MENDS: &[Mend<'static>] =
    &[ORPHANS, DOUBLES, CODES, INDEX_OF_CODES, INDEX_OF_COLUMNS, FOREIGN_KEY];

/// Where columns of grids are moved to. None of its columns is a key: after a way down a row may come here again.
const SIDE_TABLE: &str = "\
    CREATE TABLE IF NOT EXISTS schema_migrations_python_result_display_config (
        moved_id INT NOT NULL AUTO_INCREMENT,
        moved_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
        id INT NOT NULL,
        gridNameId VARCHAR(50) NOT NULL,
        displayId VARCHAR(100) NOT NULL,
        title VARCHAR(255) NOT NULL,
        hidden TINYINT(1) NULL,
        width INT NULL,
        sortIndex INT NOT NULL,
        ellipsis TINYINT(1) NULL,
        align VARCHAR(20) NULL,
        dbDataType VARCHAR(50) NULL,
        codeDataType VARCHAR(50) NULL,
        format VARCHAR(100) NULL,
        created_at TIMESTAMP NULL,
        updated_at TIMESTAMP NULL,
        PRIMARY KEY (moved_id)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci";

/// Moves columns of grids aside: `it` is such a column.
macro_rules! move_aside {
    ($what:literal, $which:literal) => {
        Mend {
            what: concat!($what, " moved to table schema_migrations_python_result_display_config"),
            count: concat!("SELECT COUNT(*) FROM result_display_config AS it WHERE ", $which),
            list: Some(concat!(
                "SELECT CONCAT('id ', it.id, ': displayId ', it.displayId, ' of ', it.gridNameId, ', title ', it.title) \
                 FROM result_display_config AS it WHERE ",
                $which,
                " ORDER BY it.id"
            )),
            tables: &[SIDE_TABLE],
            rows: &[
                "SET @before = (SELECT COALESCE(MAX(moved_id), 0) FROM schema_migrations_python_result_display_config)",
                concat!(
                    "INSERT INTO schema_migrations_python_result_display_config (id, gridNameId, displayId, title, \
                     hidden, width, sortIndex, ellipsis, align, dbDataType, codeDataType, format, created_at, updated_at) \
                     SELECT it.id, it.gridNameId, it.displayId, it.title, it.hidden, it.width, it.sortIndex, \
                     it.ellipsis, it.align, it.dbDataType, it.codeDataType, it.format, it.created_at, it.updated_at \
                     FROM result_display_config AS it WHERE ",
                    $which
                ),
                // By what was copied, whatever that was.
                "DELETE FROM result_display_config WHERE id IN \
                 (SELECT id FROM schema_migrations_python_result_display_config WHERE moved_id > @before)",
            ],
        }
    };
}

/// The foreign key keeps them out, but not while a dump is loaded. Our 03 makes it anew, and the server would refuse.
const ORPHANS: Mend<'_> = move_aside!(
    "columns of a grid that is not there are",
    "NOT EXISTS (SELECT 1 FROM grid_metadata AS grid WHERE grid.gridNameId = it.gridNameId)"
);

/// A create that failed there had written its row; who tried again wrote another. The first one stays, as our 03 allows
/// one only. Compared as the table's own collation does it, which is how the new key will. By groups, since MySQL 9.7 was
/// seen to overlook a row of `EXISTS (… earlier.id < it.id)` where it plans the range anew for each row.
const DOUBLES: Mend<'_> = move_aside!(
    "columns that stand in their grid once more (the first one stays) are",
    "it.id NOT IN (SELECT MIN(id) FROM result_display_config GROUP BY gridNameId, displayId)"
);

/// Rows stay: they tell who signed in when. Column `code` cannot be NULL before our 02; no code is empty, and the Python
/// system accepts none that is marked as used.
const CODES: Mend<'_> = Mend {
    what: "one-time codes in plain text are voided: emptied and marked as used (who is just signing in asks for a new one)",
    count: "SELECT COUNT(*) FROM otps WHERE code <> '' OR is_used IS NULL OR is_used = 0",
    list: None,
    tables: &[],
    rows: &["UPDATE otps SET code = '', is_used = 1 WHERE code <> '' OR is_used IS NULL OR is_used = 0"],
};

/// Our 02 drops it by its name.
const INDEX_OF_CODES: Mend<'_> = Mend {
    what: "missing index idx_user_id of otps is made",
    count: "SELECT COUNT(*) = 0 FROM information_schema.statistics WHERE table_schema = DATABASE() \
            AND table_name = 'otps' AND index_name = 'idx_user_id'",
    list: None,
    tables: &["ALTER TABLE otps ADD KEY idx_user_id (user_id)"],
    rows: &[],
};

/// Our 03 drops it by its name.
const INDEX_OF_COLUMNS: Mend<'_> = Mend {
    what: "missing index idx_grid_name_id of result_display_config is made",
    count: "SELECT COUNT(*) = 0 FROM information_schema.statistics WHERE table_schema = DATABASE() \
            AND table_name = 'result_display_config' AND index_name = 'idx_grid_name_id'",
    list: None,
    tables: &["ALTER TABLE result_display_config ADD KEY idx_grid_name_id (gridNameId)"],
    rows: &[],
};

/// Our 03 drops it by the name that servers give it. How it is called here is known to the server only.
const FOREIGN_KEY: Mend<'_> = Mend {
    what: "foreign key of result_display_config is made anew under the name result_display_config_ibfk_1",
    count: "SELECT COUNT(*) = 0 FROM information_schema.referential_constraints \
            WHERE constraint_schema = DATABASE() AND table_name = 'result_display_config' \
            AND constraint_name = 'result_display_config_ibfk_1'",
    list: None,
    tables: &[
        "SET @change = (SELECT CONCAT('ALTER TABLE result_display_config ', \
         COALESCE(GROUP_CONCAT('DROP FOREIGN KEY `', constraint_name, '`, ' SEPARATOR ''), ''), \
         'ADD CONSTRAINT result_display_config_ibfk_1 FOREIGN KEY (gridNameId) \
         REFERENCES grid_metadata (gridNameId) ON DELETE CASCADE') \
         FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() \
         AND table_name = 'result_display_config' AND referenced_table_name = 'grid_metadata')",
        "PREPARE change_of_key FROM @change",
        "EXECUTE change_of_key",
        "DEALLOCATE PREPARE change_of_key",
    ],
    rows: &[],
};
