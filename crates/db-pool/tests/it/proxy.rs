//! A wire between client and server that breaks where the test says.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering},
    },
};

use kseekers_db_pool::DbOptions;
use kseekers_embedded_mysql::TestDatabase;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::Mutex,
};

/// What happens to a COMMIT.
#[derive(Clone, Copy)]
pub(crate) enum OnCommit {
    /// The server never sees it.
    Swallow,
    /// The server sees it, the client does not see the answer.
    ForwardAndCut,
    /// The first one is answered with a deadlock, as by a cluster whose other member was faster. It does not reach the
    /// server, so the transaction stays open there.
    DeadlockOnce,
}

/// Error 1105 as the answer to a command.
const REFUSED: &[u8] = b"\x11\0\0\x01\xff\x51\x04#HY000Refused.";

/// Error 1213 as the answer to a command.
const DEADLOCK: &[u8] = b"\x12\0\0\x01\xff\xbd\x04#40001Deadlock!";

pub(crate) struct Proxy {
    address: SocketAddr,
    switches: Arc<Switches>,
}

struct Switches {
    server_port: AtomicU16,
    swallow_all: AtomicBool,
    /// The next KILL does not reach the server.
    refuse_kill: AtomicBool,
    /// Connections that are open.
    open: AtomicUsize,
    /// The one deadlock has been told.
    deadlocked: AtomicBool,
}

impl Proxy {
    pub(crate) async fn start(server_port: u16, on_commit: OnCommit) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let switches = Arc::new(Switches {
            server_port: AtomicU16::new(server_port),
            swallow_all: AtomicBool::new(false),
            refuse_kill: AtomicBool::new(false),
            open: AtomicUsize::new(0),
            deadlocked: AtomicBool::new(false),
        });
        let shared = switches.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let switches = shared.clone();
                tokio::spawn(async move {
                    switches.open.fetch_add(1, Ordering::Relaxed);
                    pass(client, on_commit, &switches).await;
                    switches.open.fetch_sub(1, Ordering::Relaxed);
                });
            }
        });
        Self { address, switches }
    }

    /// From now on nothing reaches the server, and nobody is told, as behind a firewall that drops packets.
    pub(crate) fn swallow_all(&self, yes: bool) {
        self.switches.swallow_all.store(yes, Ordering::Relaxed);
    }

    /// The next KILL is answered with an error.
    pub(crate) fn refuse_one_kill(&self) {
        self.switches.refuse_kill.store(true, Ordering::Relaxed);
    }

    /// Connections that their client has not closed.
    pub(crate) fn open(&self) -> usize {
        self.switches.open.load(Ordering::Relaxed)
    }

    /// New connections go to this server from now on.
    pub(crate) fn lead_to(&self, server_port: u16) {
        self.switches.server_port.store(server_port, Ordering::Relaxed);
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The way to a database through here.
    pub(crate) fn options(&self, db: &TestDatabase) -> DbOptions {
        DbOptions::new("127.0.0.1", self.port(), db.user(), db.password().into(), db.name())
    }
}

async fn pass(client: TcpStream, on_commit: OnCommit, switches: &Switches) {
    let server_port = switches.server_port.load(Ordering::Relaxed);
    // As a server that is away: the client is left.
    let Ok(server) = TcpStream::connect(("127.0.0.1", server_port)).await else { return };
    let (mut from_client, to_client) = client.into_split();
    let (from_server, mut to_server) = server.into_split();
    let to_client = Arc::new(Mutex::new(to_client));
    let answers = tokio::spawn(pass_answers(from_server, to_client.clone()));
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
        if switches.swallow_all.load(Ordering::Relaxed) {
            continue;
        }
        let is_kill = buffer[..length].get(4..).is_some_and(|command| command.starts_with(b"\x03KILL"));
        if is_kill && switches.refuse_kill.swap(false, Ordering::Relaxed) {
            to_client.lock().await.write_all(REFUSED).await.unwrap();
            continue;
        }
        let is_commit = buffer[..length].ends_with(b"\x03COMMIT");
        match on_commit {
            OnCommit::DeadlockOnce if is_commit && !switches.deadlocked.swap(true, Ordering::Relaxed) => {
                to_client.lock().await.write_all(DEADLOCK).await.unwrap();
                continue;
            }
            OnCommit::Swallow | OnCommit::ForwardAndCut if is_commit => {
                answers.abort();
                let _ = answers.await;
                if matches!(on_commit, OnCommit::ForwardAndCut) {
                    to_server.write_all(&buffer[..length]).await.unwrap();
                }
                // Both sides are closed by leaving.
                break;
            }
            _ => to_server.write_all(&buffer[..length]).await.unwrap(),
        }
    }
}

async fn pass_answers(mut from_server: OwnedReadHalf, to_client: Arc<Mutex<OwnedWriteHalf>>) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from_server.read(&mut buffer).await {
        if to_client.lock().await.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
}
