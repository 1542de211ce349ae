//! One runner at a time in the whole cluster, until it dies.

use std::process::Stdio;
use std::time::{Duration, Instant};
use std::{env, process, thread};

use kseekers_migrator::cli::{self, Common, Console, Operation, Place};
use kseekers_migrator::{MigrateError, Options, Opts, Progress, SqlFile};
use mysql_async::prelude::Queryable;
use tokio::process::Command;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::{Cluster, history, migrator, one_file, sentence};

/// Long enough for a busy machine, and for the cluster to go on without a node.
const LEASE: Duration = Duration::from_secs(8);

fn options() -> Options {
    Options::default().with_lock_lease(LEASE).with_lock_wait_timeout(Duration::from_secs(1))
}

/// What tells of the moment when a runner is about to send this statement.
fn at_statement(wanted: usize) -> (impl FnMut(Progress<'_>) + Send, oneshot::Receiver<()>) {
    let (arrived, at_work) = oneshot::channel();
    let mut arrived = Some(arrived);
    let watch = move |progress: Progress<'_>| {
        if let Progress::Statement { number, .. } = progress
            && number == wanted
        {
            arrived.take().unwrap().send(()).unwrap();
        }
    };
    (watch, at_work)
}

/// Starts a runner that has the lock and works for this long. It comes back when the runner does.
async fn working(
    cluster: &Cluster,
    node: usize,
    options: Options,
    work: Duration,
) -> JoinHandle<Result<(), MigrateError>> {
    let mut runner = migrator(cluster, node, history([]), options).await;
    let (mut watch, at_work) = at_statement(1);
    let running = tokio::spawn(async move {
        let text = format!("DO SLEEP({}); CREATE TABLE after_it (id INT PRIMARY KEY)", work.as_secs());
        runner.load(&[SqlFile::new("work.sql", text)], &mut watch).await.map(drop)
    });
    if at_work.await.is_err() {
        panic!("{:?}", running.await);
    }
    running
}

/// A run that has nothing to do but to take the lock: how long it waited for that.
async fn wait_for_the_lock(
    cluster: &Cluster,
    node: usize,
    options: Options,
) -> Result<Duration, MigrateError> {
    let mut runner = migrator(cluster, node, history([]), options).await;
    let begun = Instant::now();
    runner.load(&[], &mut |_| {}).await?;
    Ok(begun.elapsed())
}

async fn has_table(cluster: &Cluster, name: &str) -> bool {
    let mut conn = cluster.connect(0).await;
    conn.query_first::<String, _>(format!("SHOW TABLES LIKE '{name}'")).await.unwrap().is_some()
}

/// What tells this program that it is one of eight: where its database is.
const ONE_OF_EIGHT: &str = "KSEEKERS_MIGRATOR_ONE_OF_EIGHT";

#[tokio::test]
async fn eight_processes_spread_over_three_nodes_run_each_statement_once_and_all_exit_with_zero() {
    if let Ok(url) = env::var(ONE_OF_EIGHT) {
        let set = history((1..=50).map(|n| {
            (format!("{n:02}_f.sql"), format!("INSERT INTO runs (file) VALUES ({n}); DO SLEEP(0.001)"))
        }));
        let (up, place) =
            (Operation::Up { target: None, dry_run: false }, Place::new(Opts::from_url(&url).unwrap(), set));
        let code = cli::run(up, place, &Common::default(), &mut Console::of_process()).await;
        process::exit(code.into());
    }
    let cluster = Cluster::start().await;
    cluster.execute(0, "CREATE TABLE runs (id INT AUTO_INCREMENT PRIMARY KEY, file INT)").await;
    let this_test = thread::current().name().unwrap().to_owned();
    let start = |number| {
        Command::new(env::current_exe().unwrap())
            .args(["--exact", &this_test])
            .env(ONE_OF_EIGHT, cluster.url(number))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    };
    for runner in (0..8).map(start).collect::<Vec<_>>() {
        let ended = runner.wait_with_output().await.unwrap();
        assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stdout));
    }
    for node in 0..3 {
        let mut conn = cluster.connect(node).await;
        let runs: Vec<i32> = conn.query("SELECT file FROM runs ORDER BY file").await.unwrap();
        assert_eq!(runs, (1..=50).collect::<Vec<_>>());
        let sql = "SELECT state, COUNT(*) FROM schema_migrations_journal GROUP BY state";
        assert_eq!(conn.query::<(String, u32), _>(sql).await.unwrap(), [("done".to_owned(), 100)]);
    }
}

#[tokio::test]
async fn a_runner_on_another_node_is_waited_for_however_long_it_works_and_is_named() {
    let cluster = Cluster::start().await;
    let mut first = working(&cluster, 0, options(), LEASE * 2).await;

    let impatient = options().with_lock_timeout(LEASE / 2);
    let refusal = sentence(wait_for_the_lock(&cluster, 1, impatient).await);
    let start = "Another runner migrates this database: connection ";
    assert!(refusal.starts_with(start), "{refusal}");
    assert!(refusal.contains(" on node node0 from "), "{refusal}");
    assert!(refusal.contains(" s at: DO SLEEP(16); waited 4 s."), "{refusal}");

    let waiting = wait_for_the_lock(&cluster, 2, options());
    tokio::select! {
        biased;
        ended = &mut first => ended.unwrap().unwrap(),
        waited = waiting => panic!("the lock was taken from a living runner: {waited:?}"),
    }
}

#[tokio::test]
async fn a_runner_whose_heartbeat_is_late_stops_before_its_next_statement() {
    let cluster = Cluster::start().await;
    // The table is there after the first run.
    wait_for_the_lock(&cluster, 0, options()).await.unwrap();
    let runner = working(&cluster, 0, options(), LEASE).await;
    let mut keeper = cluster.connect(0).await;
    keeper.query_drop("START TRANSACTION").await.unwrap();
    let keep = "SELECT number FROM schema_migrations_lock WHERE part = 'heartbeat' FOR UPDATE";
    keeper.query_drop(keep).await.unwrap();
    let late = runner.await.unwrap().unwrap_err();
    assert!(matches!(late, MigrateError::HeartbeatLate { .. }), "{late:?}");
    assert!(!has_table(&cluster, "after_it").await);
}

/// Takes the lock over through another node while the runner of this file, which has come to this statement, sleeps.
async fn take_over(file: &str, statement: usize) -> MigrateError {
    let cluster = Cluster::start().await;
    // Too long for a heartbeat to find out.
    let options = options().with_lock_lease(LEASE * 100);
    let file = format!("{file}; CREATE TABLE after_it (id INT PRIMARY KEY)");
    let mut runner = migrator(&cluster, 0, one_file(&file), options).await;
    let (mut watch, at_work) = at_statement(statement);
    let running = tokio::spawn(async move { runner.up_with(None, &mut watch).await });
    at_work.await.unwrap();
    let mut observer = cluster.connect(0).await;
    let asleep = "SELECT id FROM information_schema.processlist WHERE state = 'User sleep'";
    let falls_asleep = async {
        while observer.query_first::<u64, _>(asleep).await.unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), falls_asleep).await.unwrap();
    cluster.execute(1, "UPDATE schema_migrations_lock SET token = 'another'").await;
    let ended = running.await.unwrap().unwrap_err();
    assert!(!has_table(&cluster, "after_it").await);
    ended
}

#[tokio::test]
async fn a_runner_whose_lock_was_taken_over_stops_before_its_next_statement() {
    let lost = take_over("CREATE TABLE gate (id INT PRIMARY KEY); DO SLEEP(3)", 2).await;
    assert!(matches!(lost, MigrateError::LockLost), "{lost:?}");
}

#[tokio::test]
async fn a_runner_whose_lock_is_taken_over_while_it_writes_something_down_knows_what_was_in_its_way() {
    let slow = "CREATE TABLE gate (id INT PRIMARY KEY); \
                CREATE TRIGGER slow BEFORE INSERT ON schema_migrations_journal FOR EACH ROW DO SLEEP(2); \
                INSERT INTO gate VALUES (1)";
    let lost = take_over(slow, 4).await;
    assert!(matches!(lost, MigrateError::LockLost), "{lost:?}");
}

#[tokio::test]
async fn status_tells_through_any_node_who_is_at_work_and_of_a_dead_runner_that_nobody_is() {
    let cluster = Cluster::start().await;
    let set = one_file("DO SLEEP(20)");
    let mut runner = migrator(&cluster, 0, set.clone(), options()).await;
    let (mut watch, at_work) = at_statement(1);
    let running = tokio::spawn(async move { runner.up_with(None, &mut watch).await });
    at_work.await.unwrap();
    let mut observer = migrator(&cluster, 1, set, options()).await;
    let holder = observer.status().await.unwrap().runner.unwrap();
    assert_eq!(holder.node.as_deref(), Some("node0"));
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    assert_eq!(observer.status().await.unwrap().runner, None);
}

#[tokio::test]
async fn the_lock_of_a_dead_runner_is_taken_over_after_its_lease_and_not_before() {
    let cluster = Cluster::start().await;
    let runner = working(&cluster, 0, options(), LEASE * 10).await;
    runner.abort();
    assert!(runner.await.unwrap_err().is_cancelled());
    let impatient = options().with_lock_timeout(LEASE / 2);
    let refusal = wait_for_the_lock(&cluster, 1, impatient).await.unwrap_err();
    assert!(matches!(refusal, MigrateError::Busy { .. }), "{refusal:?}");
    let waited = wait_for_the_lock(&cluster, 1, options()).await.unwrap();
    assert!(waited >= LEASE, "{waited:?}");
}

#[tokio::test]
async fn the_lock_of_a_dead_node_is_taken_over_after_its_lease_and_not_before() {
    let cluster = Cluster::start().await;
    let runner = working(&cluster, 0, options(), LEASE * 10).await;
    cluster.kill(0).await;
    runner.await.unwrap().unwrap_err();
    let waited = wait_for_the_lock(&cluster, 1, options()).await.unwrap();
    assert!(waited >= LEASE, "{waited:?}");
}

#[tokio::test]
async fn the_change_of_a_table_may_take_longer_than_the_lease() {
    let cluster = Cluster::start().await;
    let numbers = "CREATE TABLE slow (id INT PRIMARY KEY); INSERT INTO slow SELECT seq FROM seq_1_to_600";
    cluster.execute(0, numbers).await;
    // Takes seconds, in which nobody can write, the heartbeat neither.
    let set = one_file(
        "ALTER TABLE slow ADD COLUMN digest CHAR(64) AS (SHA2(REPEAT(id, 1000000), 256)) PERSISTENT; \
         CREATE TABLE after_it (id INT PRIMARY KEY)",
    );
    let lease = Duration::from_secs(2);
    let short = options().with_lock_lease(lease);
    let mut first = migrator(&cluster, 0, set, short).await;
    let (mut watch, at_work) = at_statement(1);
    let first = tokio::spawn(async move { first.up_with(None, &mut watch).await });
    at_work.await.unwrap();
    wait_for_the_lock(&cluster, 1, short).await.unwrap();
    let report = first.await.unwrap().unwrap();
    assert!(report.files[0].duration > lease, "too short to show anything: {report:?}");
    assert!(has_table(&cluster, "after_it").await);
}
