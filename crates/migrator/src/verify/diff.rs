//! What is different between two texts that say what a database consists of.

use std::collections::BTreeSet;

/// A line, and the line that says what it is a part of.
type Line<'a> = (&'a str, &'a str);

/// Of the same database before and after.
pub(super) fn of_schemas(first: &str, second: &str) -> Vec<String> {
    diff(first, second, |line| !line.starts_with(' '))
}

/// Nothing if the dumps are the same.
pub(super) fn of_dumps(first: &str, second: &str) -> Vec<String> {
    let lines = diff(first, second, |line| line.starts_with("CREATE "));
    if lines.is_empty() && first != second {
        let moved = first.lines().zip(second.lines()).find(|(one, other)| one != other);
        return moved
            .map(|(line, _)| format!("the order is another from here on: {}", line.trim()))
            .into_iter()
            .collect();
    }
    lines
}

/// The lines that only one of them has; of something that only one has its head says it all.
fn diff(first: &str, second: &str, is_head: fn(&str) -> bool) -> Vec<String> {
    let (first, second) = (lines(first, is_head), lines(second, is_head));
    let only = |sign: char, lines: &[Line<'_>], others: &[Line<'_>]| -> Vec<String> {
        let others: BTreeSet<_> = others.iter().copied().collect();
        let told = lines.iter().filter_map(|(head, line)| match head == line {
            true => (!others.contains(&(*head, *line))).then(|| format!("{sign} {line}")),
            false => (others.contains(&(*head, *head)) && !others.contains(&(*head, *line)))
                .then(|| format!("{sign} {head} {line}")),
        });
        told.collect()
    };
    let mut found = only('-', &first, &second);
    found.extend(only('+', &second, &first));
    found
}

/// Without the commas at their ends, which depend on what follows.
fn lines(text: &str, is_head: fn(&str) -> bool) -> Vec<Line<'_>> {
    let mut head = "";
    let lines = text.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let bare = line.trim().trim_end_matches(',');
            if is_head(line) {
                head = bare;
            }
            (head, bare)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{of_dumps, of_schemas};

    const TWO_TABLES: &str =
        "CREATE TABLE `a` (\n  `id` int,\n  `b` int\n);\n\nCREATE TABLE `c` (\n  `b` int\n);\n";

    #[test]
    fn a_line_is_told_with_what_it_is_a_part_of() {
        let other =
            "CREATE TABLE `a` (\n  `id` int\n);\n\nCREATE TABLE `c` (\n  `b` int\n);\n\nCREATE VIEW v;\n";
        assert_eq!(of_dumps(TWO_TABLES, other), ["- CREATE TABLE `a` ( `b` int", "+ CREATE VIEW v;"]);
        let (before, after) = ("table a InnoDB\n    id int\n", "table a InnoDB\n    id int\n    key (id)\n");
        assert_eq!(of_schemas(before, after), ["+ table a InnoDB key (id)"]);
    }

    #[test]
    fn of_what_is_only_on_one_side_the_head_is_enough() {
        let (before, after) = ("table a InnoDB\n    id int\n", "table a MyISAM\n    id int\n");
        assert_eq!(of_schemas(before, after), ["- table a InnoDB", "+ table a MyISAM"]);
        assert_eq!(of_schemas("", after), ["+ table a MyISAM"]);
    }

    #[test]
    fn another_order_alone_is_a_difference_of_dumps() {
        assert_eq!(of_dumps(TWO_TABLES, TWO_TABLES), [""; 0]);
        let moved = "CREATE TABLE `a` (\n  `b` int,\n  `id` int\n);\n\nCREATE TABLE `c` (\n  `b` int\n);\n";
        assert_eq!(of_dumps(TWO_TABLES, moved), ["the order is another from here on: `id` int,"]);
    }
}
