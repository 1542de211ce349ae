//! Takes out of what a server prints what another one, or the same one later, would print differently.

use crate::sql::token::{Token, TokenKind, tokens};

/// A `CREATE TABLE` without the next number of its `AUTO_INCREMENT`, which rows change.
pub(crate) fn without_next_number(create: &str) -> String {
    let all: Vec<Token<'_>> = tokens(create).collect();
    let said = all.windows(3).find_map(|three| match three {
        [word, equals, number]
            if word.is_word("AUTO_INCREMENT")
                && equals.is_symbol("=")
                && number.kind == TokenKind::Number =>
        {
            Some((word, number))
        }
        _ => None,
    });
    match said {
        Some((word, number)) => cut(create, word.at, number.at + number.text.len()),
        None => create.to_owned(),
    }
}

/// Without character sets that a collation after them says again. MySQL prints them for a column that was made with one
/// of the two, and would do so for a column of this text.
pub(super) fn without_character_sets(create: &str) -> String {
    let all: Vec<Token<'_>> = tokens(create).collect();
    let mut text = create.to_owned();
    for five in all.windows(5).rev() {
        let [character, set, name, collate, collation] = five else { continue };
        let says_it =
            |collation: &str| collation.strip_prefix(name.text).is_some_and(|rest| rest.starts_with('_'));
        if character.is_word("CHARACTER")
            && set.is_word("SET")
            && collate.is_word("COLLATE")
            && says_it(collation.text)
        {
            text = cut(&text, character.at, collate.at);
        }
    }
    text
}

/// Without the place of its rows where that is the server's own. MySQL begins to print it with the first change of a
/// table that was made while `innodb_file_per_table` was off.
pub(super) fn without_system_tablespace(create: &str) -> String {
    let all: Vec<Token<'_>> = tokens(create).collect();
    let is_own =
        |word: &Token<'_>, name: &Token<'_>| word.is_word("TABLESPACE") && name.text == "`innodb_system`";
    let mut text = create.to_owned();
    for four in all.windows(4).rev() {
        let said = match four {
            [open, word, name, close]
                if open.kind == TokenKind::Open && is_own(word, name) && close.kind == TokenKind::Close =>
            {
                Some((open, close))
            }
            // Of a partition.
            [word, equals, name, _] if equals.is_symbol("=") && is_own(word, name) => Some((word, name)),
            _ => None,
        };
        if let Some((first, last)) = said {
            text = cut(&text, first.at, last.at + last.text.len());
        }
    }
    text
}

/// Who made a program or view: whoever loads the dump will be that.
pub(super) fn without_definer(create: &str) -> String {
    let all: Vec<Token<'_>> = tokens(create).collect();
    let Some(index) = all.iter().position(|token| token.is_word("DEFINER")) else { return create.to_owned() };
    match all.get(index..).unwrap_or_default() {
        [word, equals, _, at, _, next, ..] if equals.is_symbol("=") && at.is_symbol("@") => {
            cut(create, word.at, next.at)
        }
        // A role has no host.
        [word, equals, _, next, ..] if equals.is_symbol("=") => cut(create, word.at, next.at),
        _ => create.to_owned(),
    }
}

/// An event without the time at which it begins.
pub(super) fn without_start(create: &str) -> String {
    let mut pairs = tokens(create).zip(tokens(create).skip(1));
    match pairs.find(|(word, time)| word.is_word("STARTS") && time.kind == TokenKind::Text) {
        Some((word, time)) => cut(create, word.at, time.at + time.text.len()),
        None => create.to_owned(),
    }
}

/// The text without a part of it, and with one blank where there were two around it.
fn cut(text: &str, from: usize, to: usize) -> String {
    let (before, after) = (text.get(..from).unwrap_or_default(), text.get(to..).unwrap_or_default());
    let after = if before.ends_with(' ') { after.trim_start_matches(' ') } else { after };
    let whole = format!("{before}{after}");
    if after.is_empty() { whole.trim_end().to_owned() } else { whole }
}

#[cfg(test)]
mod tests {
    use super::{
        without_character_sets, without_definer, without_next_number, without_start,
        without_system_tablespace,
    };

    #[test]
    fn the_next_number_is_left_out_and_nothing_else() {
        let with = "CREATE TABLE `a` (\n  `id` int AUTO_INCREMENT COMMENT 'AUTO_INCREMENT=1'\n) ENGINE=InnoDB AUTO_INCREMENT=7 COMMENT=' AUTO_INCREMENT=5'\n/* parts */";
        let without = "CREATE TABLE `a` (\n  `id` int AUTO_INCREMENT COMMENT 'AUTO_INCREMENT=1'\n) ENGINE=InnoDB COMMENT=' AUTO_INCREMENT=5'\n/* parts */";
        assert_eq!(without_next_number(with), without);
        assert_eq!(without_next_number(without), without);
        assert_eq!(
            without_next_number("CREATE TABLE `a` (`id` int) AUTO_INCREMENT=7"),
            "CREATE TABLE `a` (`id` int)"
        );
    }

    #[test]
    fn a_character_set_is_left_out_where_the_collation_says_it() {
        assert_eq!(
            without_character_sets(
                "CREATE TABLE `a` (\n  `b` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin COMMENT 'CHARACTER SET x COLLATE \
                 x_y',\n  `c` text CHARACTER SET utf8 COLLATE utf8mb4_bin,\n  `d` text CHARACTER SET utf8mb3 COLLATE utf8mb3_bin NOT NULL\n) \
                 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
            ),
            "CREATE TABLE `a` (\n  `b` text COLLATE utf8mb4_bin COMMENT 'CHARACTER SET x COLLATE x_y',\n  \
             `c` text CHARACTER SET utf8 COLLATE utf8mb4_bin,\n  `d` text COLLATE utf8mb3_bin NOT NULL\n) \
             DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
        );
    }

    #[test]
    fn the_servers_own_tablespace_is_left_out() {
        let create = |place| format!("CREATE TABLE `a` (\n  `b` int\n) {place}ENGINE=InnoDB");
        let without = |place| without_system_tablespace(&create(place));
        assert_eq!(without("/*!50100 TABLESPACE `innodb_system` */ "), create(""));
        assert_eq!(without(""), create(""));
        let part = |place| format!("(PARTITION low VALUES LESS THAN (10) {place}ENGINE = InnoDB) */");
        assert_eq!(without_system_tablespace(&part("TABLESPACE = `innodb_system` ")), part(""));
        let named = "/*!50100 TABLESPACE `fast` */ ";
        assert_eq!(without(named), create(named));
    }

    #[test]
    fn the_definer_is_left_out_of_the_head_only() {
        let head = |definer| format!("CREATE {definer}PROCEDURE `p`()\nSELECT 'DEFINER=`a`@`b`'");
        assert_eq!(without_definer(&head("DEFINER=`root`@`local host` ")), head(""));
        assert_eq!(without_definer(&head("DEFINER=`role` ")), head(""));
        assert_eq!(without_definer(&head("")), head(""));
        let view = "CREATE ALGORITHM=UNDEFINED DEFINER=`a`@`%` SQL SECURITY DEFINER VIEW `v` AS select 1";
        assert_eq!(
            without_definer(view),
            "CREATE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW `v` AS select 1"
        );
        assert_eq!(without_definer("CREATE SQL SECURITY DEFINER VIEW"), "CREATE SQL SECURITY DEFINER VIEW");
    }

    #[test]
    fn the_beginning_of_an_event_can_be_left_out() {
        let event =
            "EVENT `e` ON SCHEDULE EVERY 1 DAY STARTS '2026-11-21 14:27:56' ENABLE DO SELECT 'STARTS'";
        assert_eq!(without_start(event), "EVENT `e` ON SCHEDULE EVERY 1 DAY ENABLE DO SELECT 'STARTS'");
    }
}
