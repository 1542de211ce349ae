//! What a history may do next. Nothing here is harmless when done twice, except by chance.

use crate::dice::Dice;
use crate::history::{Move, Sql};

/// Ids are given by hand: AUTO_INCREMENT leaves gaps where a transaction was rolled back.
const COLUMNS: &str = "id INT PRIMARY KEY, n BIGINT NOT NULL DEFAULT 0, note VARCHAR(50) NULL";

#[derive(Default)]
pub(crate) struct World {
    tables: Vec<Table>,
    /// Names are used once.
    named: usize,
}

struct Table {
    name: String,
    next_id: usize,
    /// What was done to it since it was made, without its name.
    changes: Vec<String>,
    /// Something else names it, so that it cannot be renamed or dropped.
    is_used: bool,
}

impl World {
    fn name(&mut self, kind: &str) -> String {
        self.named += 1;
        format!("{kind}{}", self.named)
    }
}

/// The next thing to do.
pub(crate) fn any(world: &mut World, dice: &mut Dice) -> Move {
    if world.tables.len() < 2 {
        return create(world);
    }
    let at = dice.below(world.tables.len());
    match dice.below(21) {
        0 | 1 => create(world),
        2 | 3 => insert(&mut world.tables[at], dice),
        4 | 5 => double(&mut world.tables[at]),
        6 | 7 => count(&world.tables[at], dice),
        8 => remove(&world.tables[at], dice),
        9 | 10 => column(world, at),
        11 => index(world, at),
        12 => widen(&mut world.tables[at]),
        13 => view(world, at),
        14 => trigger(world, at),
        15 => procedure(world, at),
        16 => transaction(&mut world.tables[at], dice),
        17 => variable(&world.tables[at], dice),
        18 => unique(world, at),
        19 => rename(world, at),
        _ => drop(world, at),
    }
}

/// A file that can be begun before the one before it has ended, and the next one before this one has.
pub(crate) fn whole_table(world: &mut World) -> Vec<Move> {
    let create = create(world);
    let last = world.tables.len() - 1;
    vec![create, column(world, last)]
}

fn plain(text: String) -> Sql {
    Sql { text, is_program: false }
}

fn both(up: String, down: String) -> Move {
    Move { up: vec![plain(up)], down: vec![plain(down)] }
}

fn program(text: String, down: String) -> Move {
    Move { up: vec![Sql { text, is_program: true }], down: vec![plain(down)] }
}

fn create(world: &mut World) -> Move {
    let name = world.name("t");
    world.tables.push(Table { name: name.clone(), next_id: 31, changes: Vec::new(), is_used: false });
    let rows: Vec<_> = (1..31).map(|id| format!("({id}, {})", id * 3)).collect();
    let mut create = both(format!("CREATE TABLE {name} ({COLUMNS})"), format!("DROP TABLE {name}"));
    create.up.push(plain(format!("INSERT INTO {name} (id, n) VALUES {}", rows.join(", "))));
    create
}

fn insert(table: &mut Table, dice: &mut Dice) -> Move {
    let (name, from) = (&table.name, table.next_id);
    table.next_id += dice.between(1, 9);
    let rows: Vec<_> = (from..table.next_id).map(|id| format!("({id}, {}, 'it''s {id}')", id * 5)).collect();
    both(
        format!("INSERT INTO {name} (id, n, note) VALUES {}", rows.join(", ")),
        format!("DELETE FROM {name} WHERE id >= {from}"),
    )
}

/// Slow enough to be hit in the middle.
fn double(table: &mut Table) -> Move {
    let (name, from) = (&table.name, table.next_id);
    table.next_id *= 2;
    both(
        format!(
            "INSERT INTO {name} (id, n) SELECT id + {from}, n + 1 FROM {name} WHERE id < 31 AND SLEEP(0.001) = 0"
        ),
        format!("DELETE FROM {name} WHERE id >= {from}"),
    )
}

fn count(table: &Table, dice: &mut Dice) -> Move {
    let (name, by) = (&table.name, dice.between(1, 99));
    both(
        format!("UPDATE {name} SET n = n + {by} WHERE id > 30 OR SLEEP(0.001) = 0"),
        format!("UPDATE {name} SET n = n - {by} WHERE id > 30 OR SLEEP(0.001) = 0"),
    )
}

fn remove(table: &Table, dice: &mut Dice) -> Move {
    let (name, part) = (&table.name, dice.between(3, 9));
    // A second time it would remove others.
    let sql = format!("DELETE FROM {name} WHERE n % {part} = 1 ORDER BY id LIMIT 3");
    Move { up: vec![plain(sql)], down: Vec::new() }
}

fn column(world: &mut World, at: usize) -> Move {
    let column = world.name("c");
    change(
        &mut world.tables[at],
        format!("ADD COLUMN {column} INT NOT NULL DEFAULT 7"),
        &format!("DROP COLUMN {column}"),
    )
}

fn index(world: &mut World, at: usize) -> Move {
    let index = world.name("i");
    change(&mut world.tables[at], format!("ADD INDEX {index} (n)"), &format!("DROP INDEX {index}"))
}

fn widen(table: &mut Table) -> Move {
    change(table, "MODIFY note VARCHAR(80) NULL".to_owned(), "MODIFY note VARCHAR(50) NULL")
}

fn change(table: &mut Table, up: String, down: &str) -> Move {
    let name = &table.name;
    let change = both(format!("ALTER TABLE {name} {up}"), format!("ALTER TABLE {name} {down}"));
    table.changes.push(up);
    change
}

fn unique(world: &mut World, at: usize) -> Move {
    let index = world.name("u");
    let table = &mut world.tables[at];
    table.changes.push(format!("ADD UNIQUE INDEX {index} (id, n)"));
    let name = &table.name;
    both(format!("CREATE UNIQUE INDEX {index} ON {name} (id, n)"), format!("DROP INDEX {index} ON {name}"))
}

fn view(world: &mut World, at: usize) -> Move {
    let view = world.name("v");
    let table = &mut world.tables[at];
    table.is_used = true;
    both(format!("CREATE VIEW {view} AS SELECT id, n FROM {}", table.name), format!("DROP VIEW {view}"))
}

fn trigger(world: &mut World, at: usize) -> Move {
    let trigger = world.name("g");
    let table = &mut world.tables[at];
    table.is_used = true;
    program(
        format!(
            "CREATE TRIGGER {trigger} BEFORE INSERT ON {} FOR EACH ROW\nBEGIN\n  SET NEW.n = NEW.n + 1;\nEND",
            table.name
        ),
        format!("DROP TRIGGER {trigger}"),
    )
}

fn procedure(world: &mut World, at: usize) -> Move {
    let procedure = world.name("p");
    let table = &mut world.tables[at];
    table.is_used = true;
    let mut create = program(
        format!("CREATE PROCEDURE {procedure} ()\nBEGIN\n  UPDATE {} SET n = n + 1;\nEND", table.name),
        format!("DROP PROCEDURE {procedure}"),
    );
    // What a procedure does nobody can tell, so a run that dies in a call must stop and say so.
    create.up.push(plain(format!("CALL {procedure}()")));
    create
}

fn transaction(table: &mut Table, dice: &mut Dice) -> Move {
    let (insert, count) = (insert(table, dice), count(table, dice));
    let within = |one: Vec<Sql>, other: Vec<Sql>| {
        let begin = std::iter::once(plain("START TRANSACTION".to_owned()));
        begin.chain(one).chain(other).chain([plain("COMMIT".to_owned())]).collect()
    };
    Move { up: within(insert.up, count.up), down: within(count.down, insert.down) }
}

/// The session knows something that dies with it.
fn variable(table: &Table, dice: &mut Dice) -> Move {
    let (name, by) = (&table.name, dice.between(1, 99));
    let with = |sign: char| {
        vec![
            plain(format!("SET @by = {by}")),
            plain(format!("UPDATE {name} SET n = n {sign} @by")),
            plain(format!("UPDATE {name} SET n = n * 2 {sign} @by")),
        ]
    };
    Move { up: with('+'), down: with('-') }
}

fn rename(world: &mut World, at: usize) -> Move {
    if world.tables[at].is_used {
        return Move::default();
    }
    let (old, new) = (world.tables[at].name.clone(), world.name("t"));
    world.tables[at].name.clone_from(&new);
    both(format!("RENAME TABLE {old} TO {new}"), format!("RENAME TABLE {new} TO {old}"))
}

fn drop(world: &mut World, at: usize) -> Move {
    if world.tables[at].is_used {
        return Move::default();
    }
    let Table { name, changes, .. } = world.tables.swap_remove(at);
    let mut drop = both(format!("DROP TABLE {name}"), format!("CREATE TABLE {name} ({COLUMNS})"));
    drop.down.extend(changes.iter().map(|change| plain(format!("ALTER TABLE {name} {change}"))));
    drop
}
