//! Goes through the statements of a file.

use super::tables::{Tables, key};
use super::{Finding, Rule};
use crate::split::Statement;
use crate::sql::reader::Reader;
use crate::{Action, Definition, Kind, MigrateError, Name, Object, SessionChange, SqlFile};

/// The work on one file.
pub(super) struct Judge<'a> {
    file: &'a SqlFile,
    is_way_back: bool,
    statements: Vec<Statement<'a>>,
    pub(super) tables: &'a mut Tables,
    /// What the file creates somewhere, apart from tables.
    creates: Vec<(Object, Name)>,
    /// Tables that have no primary key now, and what of which line left them so.
    pub(super) keyless: Vec<(Name, usize, String)>,
    findings: Vec<Finding>,
    /// Where the statement at hand begins.
    line: usize,
    text: &'a str,
}

impl<'a> Judge<'a> {
    pub(super) fn of_step(file: &'a SqlFile, tables: &'a mut Tables) -> Result<Self, MigrateError> {
        Self::new(file, false, tables)
    }

    /// A way back drops what the step has made and makes it as it was, for which it is not found fault with.
    pub(super) fn of_way_back(file: &'a SqlFile, tables: &'a mut Tables) -> Result<Self, MigrateError> {
        Self::new(file, true, tables)
    }

    fn new(file: &'a SqlFile, is_way_back: bool, tables: &'a mut Tables) -> Result<Self, MigrateError> {
        let statements = file.statements()?;
        let created = |statement: &Statement<'_>| match statement.kind() {
            Kind::Definition(Definition { action: Action::Create, object, names, .. }) => {
                Some((object, names.into_iter().next()?))
            }
            _ => None,
        };
        let creates = statements.iter().filter_map(created).collect();
        tables.begin_file();
        let (keyless, findings) = (Vec::new(), Vec::new());
        Ok(Self { file, is_way_back, statements, tables, creates, keyless, findings, line: 1, text: "" })
    }

    /// What there is, in the order of the lines.
    pub(super) fn findings(mut self) -> Vec<Finding> {
        for statement in std::mem::take(&mut self.statements) {
            (self.line, self.text) = (statement.line, statement.text);
            let mut reader = Reader::new(statement.text);
            // MariaDB: variables for one statement.
            if reader.eat_all(&["SET", "STATEMENT"]) {
                reader.skip_to(&["FOR"]);
                reader.next();
            }
            match statement.kind() {
                Kind::Definition(definition) => self.definition(&definition, reader),
                Kind::Data(_) | Kind::Opaque => self.rows(reader),
                Kind::Session(SessionChange::TemporaryTable) => self.temporary_table(reader),
                _ => {}
            }
        }
        for (_, line, sentence) in std::mem::take(&mut self.keyless) {
            let file = self.file.name().to_owned();
            self.findings.push(Finding { file, line, rule: Rule::NoPrimaryKey, sentence });
        }
        if self.is_way_back {
            self.findings.retain(|finding| finding.rule.judges_ways_back());
        }
        self.findings.sort_by_key(|finding| finding.line);
        self.findings
    }

    /// Whether what the file alters may have been made so by the step.
    pub(super) fn takes_back(&self, table: &Name) -> bool {
        self.is_way_back && !self.tables.is_new(table)
    }

    /// Whether the file makes such a thing of this name.
    pub(super) fn creates(&self, object: Object, name: &Name) -> bool {
        self.creates.iter().any(|(created, of)| *created == object && key(of) == key(name))
    }

    /// The line on which a place in the statement at hand is.
    pub(super) fn line_at(&self, at: usize) -> usize {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        self.line + before.iter().filter(|byte| **byte == b'\n').count()
    }

    /// Something in the statement at hand, at this place in it.
    pub(super) fn find(&mut self, at: usize, rule: Rule, sentence: String) {
        let (file, line) = (self.file.name().to_owned(), self.line_at(at));
        self.findings.push(Finding { file, line, rule, sentence });
    }
}
