//! What `adopt` has to know of the Python system whose databases this server continues.

mod mends;

use kseekers_migrator::{Adoption, History, HistoryRow, Remark, Version};

/// The Python system: its two versions that are in use, and what their databases need.
///
/// Our 01 makes the tables that its 01 and 02 make. What its later versions add is not ours and stays as it is.
pub const PYTHON: Adoption<'_> = Adoption {
    system: "python",
    histories: &[
        History {
            name: "the Python system, version of the guide",
            rows: &[
                row(1, INITIAL, "62f6654e1c6de04527591255f8634de1"),
                row(2, DISPLAY_CONFIG, "b28f9fa7a236a2c02ba92b888d89f3aa"),
            ],
        },
        History {
            name: "the Python system, later version",
            rows: &[
                row(1, INITIAL, "e1f7c588fe334e63e58bb47ede9ab30c"),
                row(2, DISPLAY_CONFIG, "cb589e3ff5b5d3d2ff5970dccce265e6"),
                row(3, "create rbac system", "e27ea8d805d58038bb71c1efde2992dc"),
                row(4, "simplify rbac single role", "aa1a0a0b8dba60e2b5d3e386aa983920"),
                row(5, "simplify rbac structure", "1ce62b7f2a30cd51088a0957063324c8"),
                row(6, "create website tables", "0892a8901df81c215d4c0276fbb9665e"),
            ],
        },
    ],
    equals: Version::new(1),
    mends: mends::MENDS,
    remarks: &[
        Remark {
            what: "administrators there are administrators here, whatever role they have",
            list: "SELECT CONCAT(username, ' <', email, '>') FROM users WHERE is_admin = 1 ORDER BY id",
        },
        Remark {
            what: "a user name with @ is taken for an e-mail address: these users sign in with theirs",
            list: "SELECT CONCAT(username, ' <', email, '>') FROM users WHERE username LIKE '%@%' ORDER BY id",
        },
        Remark {
            what: "these tables refuse text that their character set does not have; ours are utf8mb4",
            list: "SELECT CONCAT(table_name, ': ', table_collation) FROM information_schema.tables \
                   WHERE table_schema = DATABASE() AND table_collation NOT LIKE 'utf8mb4%' AND table_name IN \
                   ('users', 'otps', 'lookup_types', 'lookup_values', 'grid_metadata', 'result_display_config')",
        },
        Remark {
            what: "NULL in is_active counts as no: these users cannot sign in",
            list: "SELECT CONCAT(username, ' <', email, '>') FROM users WHERE is_active IS NULL ORDER BY id",
        },
    ],
};

const INITIAL: &str = "initial schema";
const DISPLAY_CONFIG: &str = "modify result display config structure";

const fn row(version: u64, name: &'static str, checksum: &'static str) -> HistoryRow<'static> {
    HistoryRow { version: Version::new(version), name, checksum }
}
