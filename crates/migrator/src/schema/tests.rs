use super::column::{Dialect, Printed, data_type};
use super::expression::{normal, unescaped};
use super::{ForeignKey, Key, KeyKind, KeyPart, Object, Part, Schema, Table};

fn column(printed: &str, default: Option<&str>, extra: &str, dialect: Dialect) -> String {
    let (column_type, nullable) = match printed.strip_suffix(" not null") {
        Some(column_type) => (column_type, false),
        None => (printed, true),
    };
    Printed { name: "c", column_type, nullable, default, extra, generation: "" }
        .column(dialect, "db")
        .to_string()
}

#[test]
fn the_width_of_an_integer_says_nothing_unless_it_is_filled_up() {
    for (printed, same) in [
        ("int(11)", "int"),
        ("bigint(20) unsigned", "bigint unsigned"),
        ("tinyint(1)", "tinyint"),
        ("year(4)", "year"),
        ("smallint(5) unsigned zerofill", "smallint(5) unsigned zerofill"),
        ("varchar(11)", "varchar(11)"),
        ("decimal(10,2)", "decimal(10,2)"),
        ("enum('int(11)')", "enum('int(11)')"),
    ] {
        assert_eq!(data_type(printed), same);
    }
}

#[test]
fn a_default_is_the_same_in_the_words_of_both_servers() {
    use Dialect::{MariaDb, MySql};
    let same = |printed: &str, mysql: (Option<&str>, &str), mariadb: (Option<&str>, &str), expected: &str| {
        assert_eq!(column(printed, mysql.0, mysql.1, MySql), expected);
        assert_eq!(column(printed, mariadb.0, mariadb.1, MariaDb), expected);
    };
    same("int", (None, ""), (Some("NULL"), ""), "int null");
    same("int not null", (None, ""), (None, ""), "int not null");
    same("varchar(9)", (Some("NULL"), ""), (Some("'NULL'"), ""), "varchar(9) null default 'NULL'");
    same("varchar(9)", (Some(""), ""), (Some("''"), ""), "varchar(9) null default ''");
    same(
        "varchar(9)",
        (Some("it's \\"), ""),
        (Some("'it''s \\\\'"), ""),
        "varchar(9) null default 'it''s \\\\'",
    );
    same("decimal(4,2)", (Some("0.00"), ""), (Some("0.00"), ""), "decimal(4,2) null default '0.00'");
    same("binary(5)", (Some("0x4142000000"), ""), (Some("'AB'"), ""), "binary(5) null default 'AB'");
    let (on_mysql, on_mariadb) =
        ("DEFAULT_GENERATED on update CURRENT_TIMESTAMP(6)", "on update current_timestamp(6)");
    same(
        "timestamp(6)",
        (Some("CURRENT_TIMESTAMP(6)"), on_mysql),
        (Some("current_timestamp(6)"), on_mariadb),
        "timestamp(6) null default (current_timestamp(6)) on update current_timestamp(6)",
    );
    same(
        "timestamp",
        (Some("CURRENT_TIMESTAMP"), ""),
        (Some("current_timestamp()"), ""),
        "timestamp null default (current_timestamp)",
    );
    same("int", (Some("(1 + 2)"), "DEFAULT_GENERATED"), (Some("(1 + 2)"), ""), "int null default (1 + 2)");
    // A text that looks like an expression is a text.
    assert_eq!(column("varchar(9)", Some("uuid()"), "", MySql), "varchar(9) null default 'uuid()'");
}

#[test]
fn an_expression_is_the_same_in_the_words_of_both_servers() {
    for (mysql, mariadb, expected) in [
        ("((`n` > 0) and (`n` < 100))", "`n` > 0 and `n` < 100", "(`n` > 0) and (`n` < 100)"),
        (
            r"concat(`code`,_utf8mb4\'-\',upper(`x`))",
            "concat(`code`,'-',ucase(`x`))",
            "concat(`code`, '-', upper(`x`))",
        ),
        (
            r"((`a` <> _utf8mb4\'x\') or (`b` in (_utf8mb4\'a\',_utf8mb4\'b\')))",
            "`a` <> 'x' or `b` in ('a','b')",
            "(`a` <> 'x') or (`b` in ('a', 'b'))",
        ),
        (
            "((length(`a`) between 1 and 10) and (`b` is not null) and (`c` <> 1))",
            "octet_length(`a`) between 1 and 10 and `b` is not null and `c` <> 1",
            "(length(`a`) between 1 and 10) and (`b` is not null) and (`c` <> 1)",
        ),
        ("(((`a` + `b`) - `c`) * 2)", "(`a` + `b` - `c`) * 2", "((`a` + `b`) - `c`) * 2"),
        ("(`a` - (`b` - `c`))", "`a` - (`b` - `c`)", "`a` - (`b` - `c`)"),
        (
            "((0 <> `a`) or ((1 = `b`) and (2 = `c`)))",
            "0 <> `a` or 1 = `b` and 2 = `c`",
            "(0 <> `a`) or ((1 = `b`) and (2 = `c`))",
        ),
        ("regexp_like(`a`,_utf8mb4\\'^x\\')", "`a` regexp '^x'", "regexp_like(`a`, '^x')"),
        (
            "(case when (`a` > 1) then 2 else 3 end)",
            "case when `a` > 1 then 2 else 3 end",
            "case when `a` > 1 then 2 else 3 end",
        ),
        (
            "(now() + interval 1 day)",
            "current_timestamp() + interval 1 day",
            "current_timestamp + interval 1 day",
        ),
        ("(not(((`a` = 1) and true)))", "!(`a` = 1 and 1)", "not ((`a` = 1) and 1)"),
        (
            "select `db`.`v`.`id` AS `id`,count(0) AS `c` from (`db`.`k` join `db`.`p` `q` on((`q`.`id` = `k`.`x`))) where (`k`.`n` > 1)",
            "select `v`.`id` AS `id`,count(0) AS `c` from (`db`.`k` join `db`.`p` `q` on(`q`.`id` = `k`.`x`)) where `k`.`n` > 1",
            "select `v`.`id` as `id`, count(0) as `c` from (`k` join `p` `q` on `q`.`id` = `k`.`x`) where `k`.`n` > 1",
        ),
    ] {
        assert_eq!(normal(&unescaped(mysql), "db"), expected);
        assert_eq!(normal(mariadb, "db"), expected);
    }
}

#[test]
fn parentheses_that_mean_something_stay() {
    let parts = [
        "`a` and (`b` or `c`)",
        "(`a` and `b`) or `c`",
        "`a` - (`b` - `c`)",
        "`a` - `b` - `c`",
        "-(`a` + 1)",
    ];
    for (index, one) in parts.iter().enumerate() {
        for other in parts.iter().skip(index + 1) {
            assert_ne!(normal(one, "db"), normal(other, "db"));
        }
    }
}

#[test]
fn what_cannot_be_read_is_compared_as_it_is_printed() {
    for text in
        ["(", ")", "`a", "a between 1", "a in 1", "case a", "", "'", "interval", "not", "((((", "a.b.", "."]
    {
        normal(text, "db");
    }
    let deep = format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(normal(&deep, "db"), deep);
}

/// A table of columns `name type`, and of keys.
fn table(columns: &[&str], keys: &[(KeyKind, &[&str])]) -> Table {
    let column = |text: &&str| {
        let (name, rest) = text.split_once(' ').unwrap();
        let (rest, default) = match rest.split_once(" default ") {
            Some((rest, default)) => (rest, Some(default)),
            None => (rest, None),
        };
        let nullable = !rest.ends_with(" not null");
        let column_type = rest.trim_end_matches(" not null");
        Printed { name, column_type, nullable, default, extra: "", generation: "" }
            .column(Dialect::MySql, "db")
    };
    let part = |name: &&str| KeyPart { column: (*name).to_owned(), prefix: None, descending: false };
    let key =
        |(kind, parts): &(KeyKind, &[&str])| Key { kind: *kind, parts: parts.iter().map(part).collect() };
    Table {
        engine: "InnoDB".to_owned(),
        columns: columns.iter().map(column).collect(),
        keys: keys.iter().map(|known| (key(known), Vec::new())).collect(),
        ..Table::default()
    }
}

fn schema(tables: &[(&str, Table)]) -> Schema {
    let tables = tables.iter().map(|(name, table)| ((*name).to_owned(), table.clone())).collect();
    Schema { tables, ..Schema::default() }
}

/// Each difference, with a mark on those that disturb nobody.
fn differences(theirs: &Schema, ours: &Schema) -> Vec<String> {
    let differences = theirs.compare(ours).into_iter();
    differences.map(|one| format!("{one}{}", if one.is_foreign() { " (foreign)" } else { "" })).collect()
}

fn of_users(columns: &[&str], keys: &[(KeyKind, &[&str])]) -> Schema {
    schema(&[("users", table(columns, keys))])
}

#[test]
fn what_is_different_is_said_in_a_clause() {
    let ours = of_users(&["id int not null", "email varchar(100) not null", "active int default 1"], &[]);
    let theirs = of_users(
        &["email varchar(50) not null", "ACTIVE int not null", "role varchar(9)", "must int not null"],
        &[],
    );
    assert_eq!(
        differences(&theirs, &ours),
        [
            "users.id (int not null) is missing",
            "users.email is varchar(50), ours is varchar(100)",
            "users.active is not null without default, ours is null default '1'",
            "users.role (varchar(9) null) is not ours (foreign)",
            "users.must (int not null) is not ours",
        ]
    );
    assert!(differences(&ours, &ours).is_empty());
    let table =
        |name: &str, engine: &str| schema(&[(name, Table { engine: engine.to_owned(), ..Table::default() })]);
    assert_eq!(
        differences(&table("roles", "InnoDB"), &table("users", "InnoDB")),
        ["table users is missing", "table roles is not ours (foreign)"]
    );
    assert_eq!(
        differences(&table("users", "MyISAM"), &table("users", "InnoDB")),
        ["users is MyISAM, ours is InnoDB"]
    );
}

#[test]
fn an_index_that_another_key_begins_with_is_as_good_as_none() {
    const COLUMNS: &[&str] = &["a int", "b int", "c int"];
    let of = |keys: &[(KeyKind, &[&str])]| of_users(COLUMNS, keys);
    let (unique, plain) = (KeyKind::Unique, KeyKind::Plain);
    let ours = of(&[(unique, &["a", "b"])]);
    assert!(
        differences(&of(&[(unique, &["a", "b"]), (plain, &["a"]), (plain, &["a", "b"])]), &ours).is_empty()
    );
    assert_eq!(
        differences(&of(&[(unique, &["a", "b"]), (plain, &["b"])]), &ours),
        ["users has the key (b), we have not (foreign)"]
    );
    assert_eq!(differences(&of(&[(plain, &["a", "b"])]), &ours), ["users has no unique key (a, b), we have"]);
    assert_eq!(differences(&of(&[]), &of(&[(plain, &["a"])])), ["users has no key (a), we have"]);
    // A unique key refuses more than a longer one.
    assert_eq!(
        differences(&of(&[(unique, &["a", "b"])]), &of(&[(unique, &["a"])])),
        ["users has no unique key (a), we have", "users has the unique key (a, b), we have not"]
    );
}

#[test]
fn keys_over_columns_that_are_not_ours_disturb_nobody_unless_they_let_in_one_row_only() {
    let ours = of_users(&["id int"], &[]);
    let with = |column: &str, kind| of_users(&["id int", column], &[(kind, &["role"])]);
    let foreign = |theirs: &Schema| theirs.compare(&ours).iter().all(super::Difference::is_foreign);
    assert!(foreign(&with("role int", KeyKind::Plain)));
    assert!(foreign(&with("role int", KeyKind::Unique)));
    assert!(!foreign(&with("role int default 1", KeyKind::Unique)));
    assert!(!foreign(&with("role int", KeyKind::Primary)));

    let pointing = |column: &str| {
        let mut theirs = of_users(&["id int", "role int"], &[]);
        let key = ForeignKey {
            columns: vec![column.to_owned()],
            references: "roles".to_owned(),
            referenced: vec!["id".to_owned()],
            on_delete: "cascade".to_owned(),
            on_update: "restrict".to_owned(),
        };
        theirs.tables.get_mut("users").unwrap().foreign_keys.insert(key, vec!["fk".to_owned()]);
        theirs
    };
    assert!(foreign(&pointing("role")));
    assert_eq!(
        differences(&pointing("id"), &ours).last().unwrap(),
        "users has the foreign key (id) references roles (id) on delete cascade on update restrict, we have not"
    );

    let checked = |check: &str| {
        let mut theirs = of_users(&["id int", "role int"], &[]);
        theirs.tables.get_mut("users").unwrap().checks.insert(check.to_owned(), Vec::new());
        theirs
    };
    assert!(foreign(&checked("`role` > 0")));
    assert!(!foreign(&checked("`role` > `id`")));
}

#[test]
fn a_trigger_disturbs_where_its_table_is_ours_and_other_programs_do_not() {
    let with = |part, table: Option<&str>, text: &str| {
        let mut schema = of_users(&["id int"], &[]);
        let object = Object { table: table.map(str::to_owned), text: text.to_owned() };
        schema.objects.insert((part, "x".to_owned()), object);
        schema
    };
    let ours = of_users(&["id int"], &[]);
    assert_eq!(differences(&with(Part::Trigger, Some("users"), "t"), &ours), ["trigger x is not ours"]);
    assert_eq!(
        differences(&with(Part::Trigger, Some("roles"), "t"), &ours),
        ["trigger x is not ours (foreign)"]
    );
    assert_eq!(differences(&with(Part::View, None, "t"), &ours), ["view x is not ours (foreign)"]);
    let (one, other) = (with(Part::View, None, "one"), with(Part::View, None, "other"));
    assert_eq!(differences(&one, &other), ["view x is not the same as ours"]);
    assert_eq!(differences(&ours, &one), ["view x is missing"]);
}
