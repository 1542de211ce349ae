//! `-- migrate: allow RULE: reason`.

use std::collections::BTreeSet;

use super::{Finding, Rule};
use crate::SqlFile;
use crate::directive::{ALLOW, directives};

/// One such comment that names a rule and says why.
struct Waiver {
    line: usize,
    rule: Rule,
}

/// What is left of the findings of a step and of its way back, and what is wrong with their waivers.
///
/// A waiver holds for its whole file, so that a statement can move without it. One in a way back also holds for the step:
/// the file of a step that is applied somewhere never changes, not even by a comment.
pub(super) fn without_waived(
    file: &SqlFile,
    back: Option<&SqlFile>,
    mut step: Vec<Finding>,
    mut way_back: Vec<Finding>,
) -> Vec<Finding> {
    let (of_step, wrong_in_step) = waivers(file);
    let (of_way_back, wrong_in_way_back) = back.map(waivers).unwrap_or_default();
    let rules = |findings: &[Finding]| findings.iter().map(|finding| finding.rule).collect::<BTreeSet<_>>();
    let (in_step, in_either) = (rules(&step), &rules(&step) | &rules(&way_back));
    let waives = |waivers: &[Waiver], found: &Finding| waivers.iter().any(|waiver| waiver.rule == found.rule);
    step.retain(|found| !waives(&of_step, found) && !waives(&of_way_back, found));
    way_back.retain(|found| !waives(&of_way_back, found));
    step.extend(wrong_in_step);
    step.extend(unused(file, &of_step, &in_step));
    way_back.extend(wrong_in_way_back);
    if let Some(file) = back {
        way_back.extend(unused(file, &of_way_back, &in_either));
    }
    for findings in [&mut step, &mut way_back] {
        findings.sort_by_key(|finding| finding.line);
    }
    step.extend(way_back);
    step
}

/// The waivers of a file, and what is wrong with others.
fn waivers(file: &SqlFile) -> (Vec<Waiver>, Vec<Finding>) {
    let (mut waivers, mut wrong) = (Vec::new(), Vec::new());
    for directive in directives(file.text()).into_iter().filter(|directive| directive.word == ALLOW) {
        let (name, reason) = directive.rest.split_once(':').unwrap_or((directive.rest, ""));
        let name = name.trim();
        let line = directive.line;
        match name.parse() {
            Ok(Rule::Waiver) | Err(_) => {
                let rules = Rule::ALL.into_iter().filter(|rule| *rule != Rule::Waiver).map(Rule::name);
                let rules = rules.collect::<Vec<_>>().join(", ");
                wrong.push(about(file, line, format!("waives `{name}`, but the rules are {rules}")));
            }
            Ok(rule) if reason.is_empty() => {
                let sentence = format!("waives {rule} without a reason, so it is not waived");
                wrong.push(about(file, line, sentence));
            }
            Ok(rule) => waivers.push(Waiver { line, rule }),
        }
    }
    (waivers, wrong)
}

/// Waivers of rules that are not in `broken`, or that are waived already.
fn unused(file: &SqlFile, waivers: &[Waiver], broken: &BTreeSet<Rule>) -> Vec<Finding> {
    let mut before = BTreeSet::new();
    let mut unused = Vec::new();
    for Waiver { line, rule } in waivers {
        let why = if !before.insert(*rule) {
            "a second time"
        } else if !broken.contains(rule) {
            "and there is nothing to waive"
        } else {
            continue;
        };
        unused.push(about(file, *line, format!("waives {rule} {why}: take it out")));
    }
    unused
}

fn about(file: &SqlFile, line: usize, sentence: String) -> Finding {
    Finding { file: file.name().to_owned(), line, rule: Rule::Waiver, sentence }
}
