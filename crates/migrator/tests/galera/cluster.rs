//! Three nodes of a Galera cluster on this machine.

use std::error::Error;
use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kseekers_embedded_mysql::{EmbeddedMysql, Options, find_server};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

/// Where Debian's package `galera-4` puts it.
const PROVIDER: &str = "/usr/lib/galera/libgalera_smm.so";
/// Holds `wsrep_sst_copy`, which the servers look for on their `PATH`.
const PROGRAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/galera");
const DATABASE: &str = "shop";
const NODES: usize = 3;
/// Another program may take a port that was free, and on a busy machine the provider sometimes fails to start its threads.
const TRIES: usize = 5;
/// Far longer than a node needs to become one of the cluster.
const JOINING: Duration = Duration::from_secs(60);

pub(crate) struct Cluster {
    nodes: Vec<EmbeddedMysql>,
    _server: TempDir,
}

impl Cluster {
    /// A cluster with an empty database.
    pub(crate) async fn start() -> Self {
        let (folder, server) = server();
        let mut failure = None;
        for _ in 0..TRIES {
            match nodes(&server).await {
                Ok(nodes) => {
                    let cluster = Self { nodes, _server: folder };
                    let mut first = Conn::new(cluster.nodes[0].opts()).await.unwrap();
                    first.query_drop(format!("CREATE DATABASE {DATABASE}")).await.unwrap();
                    return cluster;
                }
                Err(error) => failure = Some(error),
            }
        }
        panic!("{}", failure.unwrap());
    }

    /// For a connection to the database through this node, counted from 0.
    pub(crate) fn opts(&self, node: usize) -> Opts {
        self.nodes[node % NODES].opts().db_name(Some(DATABASE)).into()
    }

    /// [`Self::opts`] for another process.
    pub(crate) fn url(&self, node: usize) -> String {
        format!("mysql://root@127.0.0.1:{}/{DATABASE}", self.nodes[node % NODES].port())
    }

    pub(crate) async fn connect(&self, node: usize) -> Conn {
        let mut conn = Conn::new(self.opts(node)).await.unwrap();
        // What was committed through other nodes is seen.
        conn.query_drop("SET SESSION wsrep_sync_wait = 7").await.unwrap();
        conn
    }

    pub(crate) async fn execute(&self, node: usize, sql: &str) {
        self.connect(node).await.query_drop(sql).await.unwrap();
    }

    pub(crate) async fn kill(&self, node: usize) {
        self.nodes[node].kill().await.unwrap();
    }
}

async fn nodes(server: &Path) -> Result<Vec<EmbeddedMysql>, Box<dyn Error>> {
    let addresses = free_addresses();
    let mut nodes = Vec::new();
    for number in 0..NODES {
        let node = EmbeddedMysql::start(options(server, &addresses, number)).await?;
        timeout(JOINING, wait_until_synced(&node, number + 1)).await??;
        nodes.push(node);
    }
    Ok(nodes)
}

/// Until this node is one of so many.
async fn wait_until_synced(node: &EmbeddedMysql, size: usize) -> Result<(), mysql_async::Error> {
    let mut conn = Conn::new(node.opts()).await?;
    let sql = "SELECT variable_value FROM information_schema.global_status \
               WHERE variable_name IN ('wsrep_cluster_size', 'wsrep_local_state_comment') ORDER BY variable_name";
    let synced = [size.to_string(), "Synced".to_owned()];
    while conn.query::<String, _>(sql).await? != synced {
        sleep(Duration::from_millis(50)).await;
    }
    conn.disconnect().await
}

fn options(server: &Path, addresses: &[String], number: usize) -> Options {
    let [group, state] = [&addresses[2 * number], &addresses[2 * number + 1]];
    let all: Vec<&str> = addresses.iter().step_by(2).map(String::as_str).collect();
    let options = Options::default()
        .server(server)
        .argument("--binlog-format=ROW")
        .argument("--innodb-autoinc-lock-mode=2")
        .argument("--wsrep-on=ON")
        .argument(format!("--wsrep-provider={PROVIDER}"))
        .argument("--wsrep-cluster-name=test")
        .argument(format!("--wsrep-node-name=node{number}"))
        .argument(format!("--wsrep-node-address={group}"))
        .argument(format!("--wsrep-cluster-address=gcomm://{}", all.join(",")))
        .argument(format!(
            "--wsrep-provider-options=gmcast.listen_addr=tcp://{group};ist.recv_addr={state};gcache.size=16M"
        ))
        .argument("--wsrep-sst-receive-address=127.0.0.1")
        .argument("--wsrep-sst-method=copy");
    match number {
        0 => options.argument("--wsrep-new-cluster"),
        _ => options,
    }
}

/// Two for each node: the group's, and the one where it gets what it has missed.
fn free_addresses() -> Vec<String> {
    let listeners: Vec<_> = (0..2 * NODES).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    listeners.iter().map(|listener| listener.local_addr().unwrap().to_string()).collect()
}

/// The server with [`PROGRAMS`] on its `PATH`.
fn server() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mariadbd");
    let server = find_server().unwrap();
    let script = format!("#!/bin/sh\nPATH='{PROGRAMS}':$PATH exec '{}' \"$@\"\n", server.display());
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o700)).unwrap();
    (folder, path)
}
