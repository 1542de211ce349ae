use proptest::prelude::*;

use crate::split::{pieces, split, tests::anything};
use crate::sql::{file_digest, statement_digest};

fn same(one: &str, other: &str) -> bool {
    statement_digest(one) == statement_digest(other)
}

#[test]
fn comments_blanks_and_line_ends_do_not_count() {
    let plain = "CREATE TABLE a (id INT, b VARCHAR(9) DEFAULT '-- no; comment')";
    for other in [
        "CREATE TABLE a(id INT,b VARCHAR( 9 )DEFAULT'-- no; comment')",
        "  CREATE\r\n\tTABLE a (\r\n    id INT, # the key\r\n    b VARCHAR(9) DEFAULT '-- no; comment' -- text\r\n)\n",
        "/* a */CREATE/**/TABLE/* ' */a (id INT, b VARCHAR(9)/*;*/DEFAULT '-- no; comment')-- end",
    ] {
        assert!(same(plain, other), "{other}");
    }
    assert!(same("SELECT a+b, c<=d, -1, e . f", "SELECT a + b , c <= d , - 1 , e.f"));
}

#[test]
fn what_the_server_sees_counts() {
    for (one, other) in [
        ("SELECT 1", "SELECT 2"),
        ("SELECT a", "SELECT A"),
        ("SELECT 'a'", "SELECT 'a '"),
        ("SELECT 'a\r\nb'", "SELECT 'a\nb'"),
        ("SELECT `a`", "SELECT ` a`"),
        ("SELECT 'a' 'b'", "SELECT 'a''b'"),
        ("SELECT ab", "SELECT a b"),
        ("SELECT x'41'", "SELECT x '41'"),
        ("SELECT COUNT(1)", "SELECT COUNT (1)"),
        ("SELECT @a", "SELECT @ a"),
        ("SELECT a <= b", "SELECT a < = b"),
        ("SELECT 1e-5", "SELECT 1e - 5"),
        ("SELECT 1 /*! + 1 */", "SELECT 1"),
        ("SELECT 1 /*! + 1 */", "SELECT 1 + 1"),
        ("SELECT 1 /*!50000 + 1 */", "SELECT 1 /*!80000 + 1 */"),
        ("SELECT 1 /*!50000 + 1 */", "SELECT 1 /*M!50000 + 1 */"),
        ("SELECT /*+ BKA(a) */ 1", "SELECT 1"),
    ] {
        assert!(!same(one, other), "{one} and {other}");
    }
}

#[test]
fn comments_in_an_executable_comment_do_not_count() {
    assert!(same("/*!50003 CREATE TABLE a /* b */ (id INT) */", "/*!50003 CREATE   TABLE a (id INT)*/"));
}

#[test]
fn a_digest_is_always_the_same_hexadecimal_number() {
    // `printf '%s' "DO 1" | sha256sum`; for the file, over the bytes of that.
    let digest = "c889859802416df7b65eb4781eeab97336278260639151706d632e819457a392";
    assert_eq!(statement_digest("DO  1 -- one"), digest);
    assert_eq!(split("DO 1;").unwrap()[0].digest(), digest);
    assert_eq!(
        file_digest(&split("DO 1;").unwrap()),
        "73fec621e6412af505c130ea14b577d47bbe773d1142ab66f44ce69ae2ebce4e"
    );
}

#[test]
fn a_file_is_the_same_while_its_statements_are() {
    let digest = |file: &str| file_digest(&split(file).unwrap());
    let file = digest("DO 1;\nDO 2;");
    assert_eq!(file, digest("\u{feff}-- two\r\nDELIMITER //\r\nDO 1 //\r\nDO /* 2 */ 2"));
    for other in ["DO 1;", "DO 2; DO 1", "DO 1; DO 2; DO 2", "DELIMITER //\nDO 1; DO 2//"] {
        assert_ne!(file, digest(other), "{other}");
    }
}

proptest! {
    #[test]
    fn any_text_has_a_digest(text in anything()) {
        prop_assert_eq!(statement_digest(&text).len(), 64);
    }

    #[test]
    fn what_stands_around_statements_does_not_count(text in anything()) {
        if let (Ok(pieces), Ok(statements)) = (pieces(&text), split(&text)) {
            let commented = format!("-- comment\n{text}");
            if !text.starts_with('\u{feff}') {
                prop_assert_eq!(file_digest(&statements), file_digest(&split(&commented).unwrap()));
            }
            prop_assert!(pieces.len() >= statements.len());
        }
    }
}
