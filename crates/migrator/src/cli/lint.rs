//! `lint`, which needs the files and no database.

use std::collections::BTreeSet;

use super::answer::{Answer, FindingAnswer};
use super::{Common, Console};
use crate::{Finding, MigrationSet, exit};

/// Does what a [`Command::Lint`](super::Command::Lint) asks for. Findings end with [`exit::FAILED`].
pub fn lint(set: &MigrationSet, common: &Common, console: &mut Console<'_>) -> u8 {
    let answer = crate::lint(set).map(|findings| {
        let files = set.iter().map(|migration| 1 + usize::from(migration.down.is_some())).sum::<usize>();
        let (exit_code, message) = match findings.as_slice() {
            [] => (exit::DONE, format!("Nothing was found in {}.", counted(files, "file"))),
            found => (exit::FAILED, what_to_do(found)),
        };
        Answer {
            exit_code,
            message,
            findings: findings.iter().map(Into::into).collect(),
            ..Answer::default()
        }
    });
    console.finish("lint", common, answer)
}

fn what_to_do(findings: &[Finding]) -> String {
    let files: BTreeSet<_> = findings.iter().map(|finding| &finding.file).collect();
    format!(
        "{} in {}. What is right all the same is waived with its rule and the reason, by a comment in the file or, if it \
         is applied already, in its way back:\n-- migrate: allow RULE: why it is right here",
        counted(findings.len(), "finding"),
        counted(files.len(), "file")
    )
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

impl From<&Finding> for FindingAnswer {
    fn from(finding: &Finding) -> Self {
        let Finding { file, line, rule, sentence } = finding;
        Self {
            file: file.clone(),
            line: *line,
            rule: rule.name(),
            sentence: sentence.clone(),
            advice: rule.advice(),
        }
    }
}
