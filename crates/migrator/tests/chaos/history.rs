//! A history for a seed: what the tables are like at each point decides what may come next.

use std::fmt::Write as _;
use std::path::Path;

use kseekers_migrator::{Direction, MigrationSet, Statement, split};

use crate::dice::Dice;
use crate::moves::{self, World};

/// A statement on the way there or back, and whether it needs the delimiter of stored programs.
#[derive(Clone)]
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) is_program: bool,
}

/// What is done together, and how it is taken back.
#[derive(Default)]
pub(crate) struct Move {
    pub(crate) up: Vec<Sql>,
    pub(crate) down: Vec<Sql>,
}

pub(crate) struct File {
    pub(crate) up: String,
    pub(crate) down: String,
}

pub(crate) struct History(pub(crate) Vec<File>);

impl History {
    pub(crate) fn of(dice: &mut Dice) -> Self {
        let mut world = World::default();
        let files = dice.between(3, 8);
        Self((0..files).map(|_| file(&mut world, dice)).collect())
    }

    pub(crate) fn write_to(&self, folder: &Path) -> MigrationSet {
        for (index, file) in self.0.iter().enumerate() {
            let name = format!("{:02}_step.sql", index + 1);
            std::fs::write(folder.join(&name), &file.up).unwrap();
            std::fs::write(folder.join(format!("R{name}")), &file.down).unwrap();
        }
        MigrationSet::from_dir(folder).unwrap()
    }

    /// The files of one direction in the order in which they are run, with their number.
    pub(crate) fn on_the_way(&self, direction: Direction) -> Vec<(usize, &str)> {
        let numbered = self.0.iter().enumerate();
        match direction {
            Direction::Up => numbered.map(|(index, file)| (index + 1, file.up.as_str())).collect(),
            Direction::Down => numbered.rev().map(|(index, file)| (index + 1, file.down.as_str())).collect(),
        }
    }

    pub(crate) fn statements(&self, direction: Direction) -> usize {
        self.on_the_way(direction).iter().map(|(_, text)| statements(text).len()).sum()
    }
}

pub(crate) fn statements(text: &str) -> Vec<Statement<'_>> {
    split(text).unwrap()
}

fn file(world: &mut World, dice: &mut Dice) -> File {
    let moves = match dice.below(2) {
        0 => moves::whole_table(world),
        _ => (0..dice.between(1, 4)).map(|_| moves::any(world, dice)).collect(),
    };
    let up: Vec<_> = moves.iter().flat_map(|one| one.up.clone()).collect();
    let down: Vec<_> = moves.iter().rev().flat_map(|one| one.down.clone()).collect();
    File { up: text(&up), down: text(&down) }
}

fn text(statements: &[Sql]) -> String {
    let mut text = String::from("-- One of a seed.\n");
    for Sql { text: sql, is_program } in statements {
        match is_program {
            true => writeln!(text, "DELIMITER //\n{sql}//\nDELIMITER ;").unwrap(),
            false => writeln!(text, "{sql};").unwrap(),
        }
    }
    if statements.is_empty() {
        text.push_str("DO 0;\n");
    }
    text
}
