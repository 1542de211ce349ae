//! What is found fault with, and what to do instead.

use std::fmt;
use std::str::FromStr;

/// A rule of [`lint`](crate::lint()). `Display` and `FromStr` use the word that a waiver names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    /// A table, or a database with all of its tables, is dropped.
    DropTable,
    /// A column is dropped.
    DropColumn,
    /// A partition is dropped or emptied.
    DropPartition,
    /// A view, a stored program, an event or a sequence is dropped and not made anew in the same file.
    DropObject,
    /// A table gets another name.
    RenameTable,
    /// A column gets another name.
    RenameColumn,
    /// A column gets a type that cannot hold all that the type before could.
    NarrowedType,
    /// A column that takes no NULL and has no default is added, or one that took NULL takes none any more.
    NotNullWithoutDefault,
    /// An index is built, and writers may have to wait meanwhile.
    LockingIndex,
    /// A foreign key is made, and writers have to wait meanwhile.
    LockingForeignKey,
    /// A table without primary key.
    NoPrimaryKey,
    /// A table of another engine.
    NotInnodb,
    /// A table with another character set.
    NotUtf8mb4,
    /// An UPDATE of all rows.
    UpdateWithoutWhere,
    /// A DELETE of all rows, or TRUNCATE.
    DeleteWithoutWhere,
    /// A waiver without a reason, for a rule that is none, or for nothing.
    Waiver,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::DropTable,
        Self::DropColumn,
        Self::DropPartition,
        Self::DropObject,
        Self::RenameTable,
        Self::RenameColumn,
        Self::NarrowedType,
        Self::NotNullWithoutDefault,
        Self::LockingIndex,
        Self::LockingForeignKey,
        Self::NoPrimaryKey,
        Self::NotInnodb,
        Self::NotUtf8mb4,
        Self::UpdateWithoutWhere,
        Self::DeleteWithoutWhere,
        Self::Waiver,
    ];

    /// The word for it: `drop-table`.
    pub fn name(self) -> &'static str {
        match self {
            Self::DropTable => "drop-table",
            Self::DropColumn => "drop-column",
            Self::DropPartition => "drop-partition",
            Self::DropObject => "drop-object",
            Self::RenameTable => "rename-table",
            Self::RenameColumn => "rename-column",
            Self::NarrowedType => "narrowed-type",
            Self::NotNullWithoutDefault => "not-null-without-default",
            Self::LockingIndex => "locking-index",
            Self::LockingForeignKey => "locking-foreign-key",
            Self::NoPrimaryKey => "no-primary-key",
            Self::NotInnodb => "not-innodb",
            Self::NotUtf8mb4 => "not-utf8mb4",
            Self::UpdateWithoutWhere => "update-without-where",
            Self::DeleteWithoutWhere => "delete-without-where",
            Self::Waiver => "waiver",
        }
    }

    /// What to do instead, in a sentence or two.
    pub fn advice(self) -> &'static str {
        match self {
            Self::DropTable => "First deploy programs that do not use it. No way back brings its rows back.",
            Self::DropColumn => {
                "First deploy programs that do not name it. No way back brings its values back. \
                 ALGORITHM=INPLACE, LOCK=NONE lets others write meanwhile."
            }
            Self::DropPartition => "Its rows are gone: copy them first if anybody may ask for them.",
            Self::DropObject => "First deploy programs that do not use it, or make it anew in the same file.",
            Self::RenameTable => {
                "Programs of the version before ask for the old name: leave a view with that name until none is left."
            }
            Self::RenameColumn => {
                "Programs of the version before ask for the old name: add a column, let programs write both, fill it, and \
                 drop the old one when none is left."
            }
            Self::NarrowedType => {
                "A value that does not fit makes the statement fail in strict mode and is cut without it: look for such \
                 values before. Programs of the version before may still write them."
            }
            Self::NotNullWithoutDefault => {
                "Programs of the version before do not name it, and strict mode refuses their INSERT: give it a DEFAULT, or \
                 let it be NULL until all programs write it."
            }
            Self::LockingIndex => {
                "With ALGORITHM=INPLACE, LOCK=NONE the server refuses what would keep writers out: as clauses of their \
                 own at the end of an ALTER TABLE, without a comma between at the end of a CREATE INDEX."
            }
            Self::LockingForeignKey => {
                "To check all rows the server copies the table. After SET foreign_key_checks = 0 it takes \
                 ALGORITHM=INPLACE, LOCK=NONE, but then no row is checked: look for rows that point nowhere yourself, \
                 and set it to 1 again. A small table is better copied: waive the rule."
            }
            Self::NoPrimaryKey => "Add a PRIMARY KEY: replication finds rows by it, and Galera needs it.",
            Self::NotInnodb => {
                "Write ENGINE=InnoDB: other engines have no transactions, and after a crash nobody can tell what was done."
            }
            Self::NotUtf8mb4 => {
                "Write CHARSET=utf8mb4; utf8 is short for utf8mb3, which has no emoji. What is ASCII by nature can say so \
                 for its column."
            }
            Self::UpdateWithoutWhere | Self::DeleteWithoutWhere => {
                "Say with WHERE which rows are meant. All of a large table are better changed in several steps: each row \
                 stays locked until the statement ends."
            }
            Self::Waiver => {
                "A waiver is a comment of its own: `-- migrate: allow RULE: why it is right here`."
            }
        }
    }

    /// Whether ways back are judged by it. They drop what the step has made, and run when there is a hurry anyway.
    pub(super) fn judges_ways_back(self) -> bool {
        use Rule::{DeleteWithoutWhere, NoPrimaryKey, NotInnodb, NotUtf8mb4, UpdateWithoutWhere};
        matches!(self, NoPrimaryKey | NotInnodb | NotUtf8mb4 | UpdateWithoutWhere | DeleteWithoutWhere)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// There is no rule of this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule of this name")]
#[non_exhaustive]
pub struct NoSuchRule;

impl FromStr for Rule {
    type Err = NoSuchRule;

    fn from_str(name: &str) -> Result<Self, NoSuchRule> {
        Self::ALL.into_iter().find(|rule| rule.name() == name).ok_or(NoSuchRule)
    }
}
