//! One history: undisturbed for the truth, then with kills until it is done.

use std::fmt;
use std::ops::AddAssign;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use kseekers_embedded_mysql::{EmbeddedMysql, Opts};
use kseekers_migrator::{Direction, exit};
use mysql_async::Conn;
use mysql_async::prelude::Queryable;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;
use tokio::time::{sleep, timeout};

use crate::dice::Dice;
use crate::history::History;
use crate::runner::{GOING_ON, STATEMENT};
use crate::told;
use crate::truth::{Snapshot, Truth, database, drop_database};

/// After so many kills a direction is run to its end.
const KILLS: usize = 12;
/// A runner that goes on for so long after its server's death hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// What has happened, to see that the kills hit something.
#[derive(Default)]
pub(crate) struct Tally {
    statements: usize,
    runners: usize,
    servers: usize,
    unfinished: usize,
    went_on: usize,
    told: usize,
}

impl Tally {
    /// Whether runners and servers were killed in the midst of files, and later runs went on with those.
    pub(crate) fn shows_something(&self) -> bool {
        [self.runners, self.servers, self.unfinished, self.went_on].iter().all(|count| *count > 0)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { statements, runners, servers, unfinished, went_on, told } = self;
        write!(
            f,
            "{statements:4} statements  killed: {runners:3} runners {servers:3} servers  \
             a file half done: {unfinished:3}  the next run went on: {went_on:3}  said what to do: {told:3}"
        )
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.statements += other.statements;
        self.runners += other.runners;
        self.servers += other.servers;
        self.unfinished += other.unfinished;
        self.went_on += other.went_on;
        self.told += other.told;
    }
}

/// What stays the same for one direction of a seed.
pub(crate) struct Case<'a> {
    pub(crate) history: &'a History,
    pub(crate) folder: &'a Path,
    pub(crate) opts: &'a Opts,
    pub(crate) direction: Direction,
    pub(crate) truth: Truth,
}

pub(crate) async fn seed(server: &EmbeddedMysql, seed: u64) -> Result<Tally, String> {
    let mut dice = Dice::new(seed);
    let history = History::of(&mut dice);
    let folder = tempfile::tempdir().unwrap();
    history.write_to(folder.path());
    let (name, calm) = (format!("chaos_{seed}"), format!("chaos_{seed}_calm"));
    let (opts, calm_opts) = (database(server, &name).await, database(server, &calm).await);
    let mut tally = Tally::default();
    for direction in [Direction::Up, Direction::Down] {
        let truth = Truth::of(&calm_opts, &history, direction).await;
        let case = Case { history: &history, folder: folder.path(), opts: &opts, direction, truth };
        tally += disturbed(server, &case, &mut dice).await?;
    }
    drop_database(server, &name).await;
    drop_database(server, &calm).await;
    Ok(tally)
}

async fn disturbed(server: &EmbeddedMysql, case: &Case<'_>, dice: &mut Dice) -> Result<Tally, String> {
    let statements = case.history.statements(case.direction);
    let mut tally = Tally { statements, ..Tally::default() };
    loop {
        let kill = (tally.runners + tally.servers < KILLS).then(|| Kill::any(dice, statements));
        let (code, output) = attempt(server, case, kill, &mut tally).await?;
        tally.went_on += usize::from(output.lines().any(|line| line.starts_with(GOING_ON)));
        if code == Some(exit::DIRTY) {
            told::follow(case).await.map_err(|what| format!("{what}\n{output}"))?;
            tally.told += 1;
        }
        match code {
            Some(exit::DONE) => break,
            None | Some(exit::DIRTY) => {}
            Some(exit::FAILED) if kill.is_some_and(|kill| kill.server) => {}
            Some(code) => return Err(format!("the runner ended with {code}:\n{output}")),
        }
        tally.unfinished += usize::from(is_unfinished(case.opts).await);
    }
    let (found, truth) = (Snapshot::of(case.opts).await, case.truth.end(case.history, case.direction));
    if &found == truth {
        return Ok(tally);
    }
    Err(format!(
        "{:?} ended differently.\n--- it should be\n{}\n--- it is\n{}",
        case.direction, truth.0, found.0
    ))
}

/// Who is killed and when.
#[derive(Clone, Copy)]
struct Kill {
    runner: bool,
    server: bool,
    /// The statement that the runner has just announced, counted over all files.
    at: usize,
    after: Duration,
}

impl Kill {
    fn any(dice: &mut Dice, statements: usize) -> Self {
        let who = dice.below(4);
        let after = Duration::from_micros(dice.below(4) as u64 * dice.below(8000) as u64);
        Self { runner: who != 0, server: who < 2, at: dice.between(1, statements / 3 + 1), after }
    }
}

/// Lets a runner run, and kills as told. The exit code is of a runner that ended by itself.
async fn attempt(
    server: &EmbeddedMysql,
    case: &Case<'_>,
    kill: Option<Kill>,
    tally: &mut Tally,
) -> Result<(Option<u8>, String), String> {
    let direction = if case.direction == Direction::Up { "up" } else { "down" };
    let url = format!("mysql://root@127.0.0.1:{}/{}", server.port(), case.opts.db_name().unwrap());
    let mut runner = Command::new(std::env::current_exe().unwrap())
        .args(["run", direction, &url])
        .arg(case.folder)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(runner.stdout.take().unwrap()).lines();
    let (mut output, mut announced, mut restart) = (String::new(), 0, false);
    let ended = timeout(PATIENCE, async {
        while let Some(line) = lines.next_line().await.unwrap() {
            announced += usize::from(line.starts_with(STATEMENT));
            output.push_str(&line);
            output.push('\n');
            let Some(kill) = kill.filter(|kill| line.starts_with(STATEMENT) && kill.at == announced) else {
                continue;
            };
            sleep(kill.after).await;
            if kill.runner {
                runner.start_kill().unwrap();
                tally.runners += 1;
            }
            if kill.server {
                server.kill().await.unwrap();
                tally.servers += 1;
                restart = true;
            }
        }
        runner.wait().await.unwrap()
    })
    .await;
    if restart {
        server.restart().await.unwrap();
    }
    let status = ended.map_err(|_| format!("the runner hangs:\n{output}"))?;
    Ok((status.code().map(|code| u8::try_from(code).unwrap()), output))
}

async fn is_unfinished(opts: &Opts) -> bool {
    let mut conn = Conn::new(opts.clone()).await.unwrap();
    let count: Result<Option<u64>, _> =
        conn.query_first("SELECT COUNT(*) FROM schema_migrations WHERE state <> 'done'").await;
    conn.disconnect().await.unwrap();
    // Without the table no file was begun.
    count.is_ok_and(|count| count > Some(0))
}
