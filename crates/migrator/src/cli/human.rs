//! An answer for a person.

use std::collections::BTreeMap;

use super::{Answer, Console, FindingAnswer, MigrationAnswer, StatementAnswer};

/// What was found goes to the results, what is wrong to the errors.
pub(super) fn print(answer: &Answer, console: &mut Console<'_>) {
    if !answer.migrations.is_empty() {
        console.say(table(&answer.migrations));
    }
    for (index, statement) in answer.statements.iter().enumerate() {
        let new_file = index.checked_sub(1).and_then(|before| answer.statements.get(before));
        if new_file.is_none_or(|before| before.file != statement.file) {
            console.say(&statement.file);
        }
        console.say(planned(statement));
    }
    if let Some(schema) = &answer.schema {
        console.say(schema.trim_end());
    }
    for file in &answer.written {
        console.say(format_args!("  {file}"));
    }
    if !answer.findings.is_empty() {
        console.say(findings(&answer.findings));
    }
    for warning in &answer.warnings {
        console.warn(format_args!("Warning: {warning}"));
    }
    if answer.is_error() {
        console.warn(format_args!("Error: {}", answer.message));
    } else if !answer.message.is_empty() {
        console.say(&answer.message);
    }
}

/// A line for each migration, in columns.
fn table(migrations: &[MigrationAnswer]) -> String {
    let mut rows = vec![["Version", "Name", "State", "Applied (UTC)"].map(str::to_owned)];
    rows.extend(migrations.iter().map(|line| {
        let applied_at = line.applied_at.clone().unwrap_or_default();
        [line.version.clone(), line.name.clone(), line.state.to_owned(), applied_at]
    }));
    let mut widths = [0; 4];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |row: &[String; 4]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The statement as it stands in its file, further to the right.
fn planned(statement: &StatementAnswer) -> String {
    let text = statement.text.lines().map(|line| format!("    {line}").trim_end().to_owned());
    format!("  line {}, {}\n{}", statement.line, statement.kind, text.collect::<Vec<_>>().join("\n"))
}

/// A line for each finding, its beginning in columns; then what to do, once for each rule.
fn findings(findings: &[FindingAnswer]) -> String {
    let place = |finding: &FindingAnswer| format!("{}, line {}:", finding.file, finding.line);
    let width =
        |cells: &mut dyn Iterator<Item = String>| cells.map(|cell| cell.chars().count()).max().unwrap_or(0);
    let places = width(&mut findings.iter().map(place));
    let rules = width(&mut findings.iter().map(|finding| finding.rule.to_owned())) + ":".len();
    let mut lines = Vec::new();
    for finding in findings {
        let (place, rule) = (place(finding), format!("{}:", finding.rule));
        lines.push(format!("{place:places$} {rule:rules$} {}", finding.sentence));
    }
    lines.push(String::new());
    let advice: BTreeMap<_, _> = findings.iter().map(|finding| (finding.rule, finding.advice)).collect();
    lines.extend(advice.into_iter().map(|(rule, advice)| format!("{rule}: {advice}")));
    lines.join("\n")
}
