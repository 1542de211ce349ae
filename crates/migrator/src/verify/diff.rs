//! What is different between two dumps.

use std::collections::BTreeSet;

/// A line, and the line that says what it is a part of.
type Line<'a> = (&'a str, &'a str);

/// The lines that only one of two dumps has; nothing if the dumps are the same.
pub(super) fn diff(first: &str, second: &str) -> Vec<String> {
    let (one, other) = (lines(first), lines(second));
    let mut found = only('-', &one, &other);
    found.extend(only('+', &other, &one));
    if found.is_empty() && first != second {
        let moved = one.iter().zip(&other).find(|(one, other)| one != other);
        found.extend(moved.map(|((head, line), _)| format!("{}, in another order", told(head, line))));
    }
    found
}

/// [`diff`], which is nothing too if only columns and keys of tables stand in another order.
pub(super) fn but_for_order(first: &str, second: &str) -> Vec<String> {
    if first == second || ordered(first) == ordered(second) { Vec::new() } else { diff(first, second) }
}

fn only(sign: char, lines: &[Line<'_>], others: &[Line<'_>]) -> Vec<String> {
    let others: BTreeSet<_> = others.iter().copied().collect();
    // Of something that the others do not have at all the head is enough.
    let is_news = |(head, line): &&Line<'_>| {
        !others.contains(&(*head, *line)) && (head == line || others.contains(&(*head, *head)))
    };
    lines.iter().filter(is_news).map(|(head, line)| format!("{sign} {}", told(head, line))).collect()
}

fn told(head: &str, line: &str) -> String {
    let name = head.trim_end_matches(" (");
    if head == line { name.to_owned() } else { format!("{name}: {line}") }
}

fn lines(dump: &str) -> Vec<Line<'_>> {
    let mut head = "";
    let lines = dump.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| {
            if line.starts_with("CREATE ") {
                head = line;
            }
            (head, bare(line))
        })
        .collect()
}

/// Without the comma at its end, which depends on what follows.
fn bare(line: &str) -> &str {
    line.trim().trim_end_matches(',')
}

fn ordered(dump: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut table = None;
    for line in dump.lines() {
        if line.starts_with(')')
            && let Some(begin) = table.take()
            && let Some(table) = lines.get_mut(begin..)
        {
            table.sort_unstable();
        }
        lines.push(bare(line));
        if line.starts_with("CREATE TABLE ") {
            table = Some(lines.len());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{but_for_order, diff};

    const TWO_TABLES: &str =
        "CREATE TABLE `a` (\n  `id` int,\n  `b` int\n) X;\n\nCREATE TABLE `c` (\n  `b` int\n) X;\n";

    #[test]
    fn a_line_is_told_with_what_it_is_a_part_of() {
        let other = "CREATE TABLE `a` (\n  `id` int\n) X;\n\nCREATE TABLE `c` (\n  `b` int\n) Y;\n";
        let expected =
            ["- CREATE TABLE `a`: `b` int", "- CREATE TABLE `c`: ) X;", "+ CREATE TABLE `c`: ) Y;"];
        assert_eq!(diff(TWO_TABLES, other), expected);
        assert_eq!(but_for_order(TWO_TABLES, other), expected);
    }

    #[test]
    fn of_what_only_one_has_the_head_is_enough() {
        assert_eq!(diff("", TWO_TABLES), ["+ CREATE TABLE `a`", "+ CREATE TABLE `c`"]);
        assert_eq!(diff("CREATE VIEW v AS\nSELECT 1;", ""), ["- CREATE VIEW v AS"]);
    }

    #[test]
    fn another_order_in_a_table_can_be_let_pass() {
        assert_eq!(diff(TWO_TABLES, TWO_TABLES), [""; 0]);
        let moved =
            "CREATE TABLE `a` (\n  `b` int,\n  `id` int\n) X;\n\nCREATE TABLE `c` (\n  `b` int\n) X;\n";
        assert_eq!(diff(TWO_TABLES, moved), ["CREATE TABLE `a`: `id` int, in another order"]);
        assert_eq!(but_for_order(TWO_TABLES, moved), [""; 0]);
    }

    #[test]
    fn another_order_in_a_program_is_another_program() {
        let program = |body| format!("CREATE PROCEDURE `p`()\nBEGIN\n{body}\nEND\n");
        let (one, other) = (program("SELECT 1;\nSELECT 2;"), program("SELECT 2;\nSELECT 1;"));
        assert_eq!(but_for_order(&one, &other), ["CREATE PROCEDURE `p`(): SELECT 1;, in another order"]);
    }
}
