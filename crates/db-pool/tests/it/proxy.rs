//! A wire between client and server that breaks where the test says.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use kseekers_db_pool::DbOptions;
use kseekers_embedded_mysql::TestDatabase;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
};

/// What happens to a COMMIT.
#[derive(Clone, Copy)]
pub(crate) enum OnCommit {
    /// The server never sees it.
    Swallow,
    /// The server sees it, the client does not see the answer.
    ForwardAndCut,
}

pub(crate) struct Proxy {
    address: SocketAddr,
    swallow_all: Arc<AtomicBool>,
}

impl Proxy {
    pub(crate) async fn start(server_port: u16, on_commit: OnCommit) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let swallow_all = Arc::new(AtomicBool::new(false));
        let swallows = swallow_all.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, server_port, on_commit, swallows.clone()));
            }
        });
        Self { address, swallow_all }
    }

    /// From now on nothing reaches the server, and nobody is told, as behind a firewall that drops packets.
    pub(crate) fn swallow_all(&self, yes: bool) {
        self.swallow_all.store(yes, Ordering::Relaxed);
    }

    /// The way to a database through here.
    pub(crate) fn options(&self, db: &TestDatabase) -> DbOptions {
        DbOptions::new("127.0.0.1", self.address.port(), db.user(), db.password().into(), db.name())
    }
}

async fn pass(client: TcpStream, server_port: u16, on_commit: OnCommit, swallow_all: Arc<AtomicBool>) {
    let server = TcpStream::connect(("127.0.0.1", server_port)).await.unwrap();
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let answers = tokio::spawn(async move { copy(&mut from_server, &mut to_client).await });
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
        if swallow_all.load(Ordering::Relaxed) {
            continue;
        }
        let is_commit = buffer[..length].ends_with(b"\x03COMMIT");
        if is_commit {
            answers.abort();
            let _ = answers.await;
            if matches!(on_commit, OnCommit::ForwardAndCut) {
                to_server.write_all(&buffer[..length]).await.unwrap();
            }
            // Both sides are closed by leaving.
            break;
        }
        to_server.write_all(&buffer[..length]).await.unwrap();
    }
}
