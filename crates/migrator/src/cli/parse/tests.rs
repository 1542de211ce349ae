use std::time::Duration;

use super::parse;
use crate::cli::{Command, HELP, Operation};
use crate::{Options, Resume, Version};

fn sentence(args: &[&str]) -> String {
    parse(args.iter().copied()).unwrap_err().to_string()
}

#[test]
fn the_commands_are_those_of_the_guide() {
    let one = Some(Version::new(1));
    let database = |args: &[&str]| match parse(args.iter().copied()).unwrap().command {
        Command::Database(operation) => operation,
        other => panic!("{other:?}"),
    };
    assert_eq!(database(&[]), Operation::Up { target: None, dry_run: false });
    assert_eq!(database(&["up", "--target", "01"]), Operation::Up { target: one, dry_run: false });
    assert_eq!(database(&["--target=1"]), Operation::Up { target: one, dry_run: false });
    assert_eq!(database(&["down", "--target=1"]), Operation::Down { target: one, dry_run: false });
    assert_eq!(database(&["status"]), Operation::Status { exit_code: false });
    assert_eq!(database(&["setup", "--sample"]), Operation::Setup { sample: true });
    assert_eq!(database(&["up", "--dry-run"]), Operation::Up { target: None, dry_run: true });
    assert_eq!(database(&["plan", "--target", "1"]), Operation::Plan { target: one });
    assert_eq!(database(&["repair"]), Operation::Repair);
    assert_eq!(database(&["resume"]), Operation::Resume { how: Resume::Again });
    let skip = Operation::Resume { how: Resume::SkipStatement };
    assert_eq!(database(&["resume", "--skip-statement"]), skip);
    let version = Version::new(3);
    assert_eq!(database(&["mark-applied", "--version", "03"]), Operation::MarkApplied { version });
    assert_eq!(database(&["mark-rolled-back", "--version=3"]), Operation::MarkRolledBack { version });
    let wait = |seconds| Operation::Wait { timeout: Duration::from_secs(seconds) };
    assert_eq!((database(&["wait"]), database(&["wait", "--timeout", "5"])), (wait(60), wait(5)));
    assert_eq!(database(&["status", "--exit-code"]), Operation::Status { exit_code: true });
    let scratch = || Some("empty".to_owned());
    assert_eq!(database(&["verify"]), Operation::Verify { scratch: None });
    assert_eq!(database(&["verify", "--scratch", "empty"]), Operation::Verify { scratch: scratch() });
    assert_eq!(database(&["dump"]), Operation::Dump { output: None });
    assert_eq!(database(&["dump", "--output=a.sql"]), Operation::Dump { output: Some("a.sql".into()) });
    let baseline = ["baseline", "--target", "1", "--scratch=empty"];
    assert_eq!(database(&baseline), Operation::Baseline { target: one, scratch: scratch() });
    assert_eq!(database(&["adopt"]), Operation::Adopt { dry_run: false, scratch: None });
    let adopt = ["adopt", "--dry-run", "--scratch=empty"];
    assert_eq!(database(&adopt), Operation::Adopt { dry_run: true, scratch: scratch() });
    let command = |args: &[&str]| parse(args.iter().copied()).unwrap().command;
    assert_eq!(command(&["create", "--name", "a b"]), Command::Create { name: "a b".to_owned() });
    assert_eq!(command(&["lint", "--json"]), Command::Lint);
    assert_eq!(command(&["status", "--help"]), Command::Help);
}

#[test]
fn what_goes_with_every_command_may_stand_anywhere() {
    let line = [
        "--json",
        "--yes",
        "--lock-timeout",
        "5",
        "down",
        "--confirm=shop",
        "--lock-wait-timeout",
        "2",
        "--lock-wait-attempts",
        "3",
        "--statement-timeout=9",
    ];
    let common = parse(line).unwrap().common;
    assert!(common.json && common.yes);
    assert_eq!(common.confirm.as_deref(), Some("shop"));
    let options = common.options(Options::default());
    assert_eq!((options.lock_timeout.as_secs(), options.lock_wait_timeout.as_secs()), (5, 2));
    assert_eq!(options.lock_wait_attempts, 3);
    assert_eq!(options.statement_timeout.unwrap().as_secs(), 9);
    assert_eq!(
        sentence(&["up", "--lock-timeout", "soon"]),
        "--lock-timeout is a number of seconds, not `soon`. See --help"
    );
    assert_eq!(
        sentence(&["up", "--lock-wait-attempts", "-1"]),
        "--lock-wait-attempts is a number, not `-1`. See --help"
    );
}

/// The texts in quotation marks of what reads the command line.
fn words(is_wanted: impl Fn(&str) -> bool) -> Vec<&'static str> {
    let source = include_str!("../parse.rs").split("fn take(").nth(1).unwrap();
    source.split('"').skip(1).step_by(2).filter(|word| is_wanted(word)).collect()
}

#[test]
fn the_help_and_the_guide_have_every_command_and_every_option_and_no_others() {
    let guide = include_str!("../../../README.md");
    let told = |line: &'static str| line.strip_prefix("  ").map(|line| line.split(' ').next().unwrap());
    let told: Vec<&str> = HELP.lines().filter_map(told).filter(|word| !word.is_empty()).collect();
    for word in told.iter().filter(|word| !word.starts_with("--")) {
        assert!(!sentence(&[word, "--nonsense"]).contains("no command"), "{word}");
    }

    let is_name =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let options = words(|word| word.starts_with("--") && is_name(word) && word != "--help");
    assert!(options.len() > 15, "{options:?}");
    for option in options {
        assert!(HELP.contains(&format!("{option}]")) || HELP.contains(&format!("{option} ")), "{option}");
        assert!([']', ' ', '`'].iter().any(|end| guide.contains(&format!("{option}{end}"))), "{option}");
    }
    let is_command = |word: &str| {
        is_name(word) && !word.starts_with('-') && !sentence(&[word, "--nonsense"]).contains("no command")
    };
    let commands = words(|word| is_command(word) && word != "help");
    assert!(commands.len() > 15, "{commands:?}");
    for command in commands {
        assert!(told.contains(&command), "{command}");
        assert!(["`", " "].iter().any(|end| guide.contains(&format!("\n| `{command}{end}"))), "{command}");
    }
}

#[test]
fn a_wrong_usage_is_told_with_what_is_right() {
    assert_eq!(sentence(&["upp"]), "There is no command `upp`. See --help");
    assert_eq!(sentence(&["down", "--target"]), "--target needs a value. See --help");
    assert_eq!(
        sentence(&["down", "--target", "last"]),
        "`last` is not the number of a migration: write digits only, such as 02. See --help"
    );
    assert_eq!(
        sentence(&["mark-applied"]),
        "mark-applied needs the number of the migration: mark-applied --version NN. See --help"
    );
    assert_eq!(sentence(&["create"]), "create needs a name: create --name add_notes. See --help");
    // A target without its option must not become "everything".
    assert_eq!(sentence(&["down", "01"]), "down does not take `01`. See --help");
    assert_eq!(sentence(&["status", "--sample"]), "status does not take `--sample`. See --help");
    assert_eq!(
        sentence(&["down", "--target", "1", "--target", "2"]),
        "down does not take `--target`. See --help"
    );
}
