//! Words that mean something else already.

const RUST: &str = "abstract as async await become box break const continue crate do dyn else enum extern false final fn \
                    for gen if impl in let loop macro match mod move mut override priv pub ref return self static struct \
                    super trait true try type typeof unsafe unsized use virtual where while yield";

const CRATES: &str = "alloc core proc_macro std test";

/// Reserved by MySQL 9 or by MariaDB 10.11, as far as it is one word and no word of Rust.
const SQL: &str = "accessible add all alter analyze and asc asensitive before between bigint binary blob both by call \
                   cascade case change char character check collate column condition constraint convert create cross \
                   cube current_date cursor database databases dec decimal declare default delayed delete desc describe \
                   deterministic distinct distinctrow div double drop dual each elseif empty enclosed escaped except \
                   exists exit explain fetch float force foreign from fulltext function generated get grant group \
                   grouping groups having ignore index infile inner inout insensitive insert int integer intersect \
                   interval into is iterate join key keys kill lag lateral lead leading leave left like limit linear \
                   lines load localtime localtimestamp lock long longblob longtext manual mediumblob mediumint \
                   mediumtext middleint modifies natural not ntile null numeric of offset on optimize option optionally \
                   or order out outer outfile over parallel partition percent_rank precision primary procedure purge \
                   qualify range rank read reads real recursive references regexp release rename repeat replace require \
                   resignal restrict returning revoke right rlike row row_number rows schema schemas select sensitive \
                   separator set show signal smallint spatial specific sql sqlexception sqlstate sqlwarning ssl starting \
                   stored straight_join system table tablesample terminated then tinyblob tinyint tinytext to trailing \
                   trigger undo union unique unlock unsigned update usage using utc_date utc_time utc_timestamp values \
                   varbinary varchar varcharacter varying when window with write xor zerofill";

/// Types that every file knows without importing them, as far as macros name them shortly.
const PRELUDE: &str =
    "Box Default Drop Err Fn Iterator None Ok Option Result Send Sized Some String Sync Vec";

/// Whose word this is, for something that Rust code is to name.
pub(super) fn in_rust(word: &str) -> Option<&'static str> {
    first(word, &[(RUST, "Rust")])
}

/// Whose word this is, for a crate and its table.
pub(super) fn as_table(word: &str) -> Option<&'static str> {
    first(word, &[(RUST, "Rust"), (CRATES, "Rust's own crates"), (SQL, "SQL")])
}

/// Whose word this is, for a type.
pub(super) fn as_type(word: &str) -> Option<&'static str> {
    first(word, &[(PRELUDE, "Rust")])
}

fn first(word: &str, lists: &[(&str, &'static str)]) -> Option<&'static str> {
    lists.iter().find(|(words, _)| words.split(' ').any(|reserved| reserved == word)).map(|(_, whom)| *whom)
}
