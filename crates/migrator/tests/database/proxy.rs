//! A way to the server on which requests are counted, and which can be cut.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use mysql_async::{Opts, OptsBuilder};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Where the way ends. Requests are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    Never,
    /// The server does not see this request.
    Before(usize),
    /// The server sees this request, and nobody its answer.
    After(usize),
    /// The server sees this request and no other one, and the way stays open until it ends it.
    Last(usize),
}

pub(crate) struct Proxy {
    port: u16,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
    over: Arc<Notify>,
    silent: Arc<AtomicBool>,
}

impl Proxy {
    /// Takes connections to the server of `opts`. The first is the one that counts.
    pub(crate) async fn to(opts: &Opts, cut: Cut) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = (opts.ip_or_hostname().to_owned(), opts.tcp_port());
        let requests = Arc::new(Mutex::default());
        let over = Arc::new(Notify::new());
        let silent = Arc::new(AtomicBool::new(false));
        let (counter, tell) = (Arc::clone(&requests), Arc::clone(&over));
        let (silence, hush) = (Arc::clone(&silent), Arc::clone(&silent));
        tokio::spawn(async move {
            let (client, _) = listener.accept().await.unwrap();
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_server, mut to_server) = TcpStream::connect(&server).await.unwrap().into_split();
            let answers =
                tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
            tokio::spawn(async move {
                let _ = forward(&mut from_client, &mut to_server, &counter, &silence, cut).await;
                tell.notify_one();
                if matches!(cut, Cut::Before(_) | Cut::After(_)) {
                    answers.abort();
                }
                if cut != Cut::Never {
                    let _ = answers.await;
                }
            });
            loop {
                let (mut client, _) = listener.accept().await.unwrap();
                let mut server = TcpStream::connect(&server).await.unwrap();
                let is_silent = hush.load(Ordering::SeqCst);
                tokio::spawn(async move {
                    if is_silent {
                        std::future::pending::<()>().await;
                    }
                    tokio::io::copy_bidirectional(&mut client, &mut server).await
                });
            }
        });
        Self { port, requests, over, silent }
    }

    /// From now on nothing comes through, on new connections either, and nobody is told.
    pub(crate) fn silence(&self) {
        self.silent.store(true, Ordering::SeqCst);
    }

    pub(crate) fn opts(&self, opts: Opts) -> Opts {
        let builder = OptsBuilder::from_opts(opts).ip_or_hostname("127.0.0.1").tcp_port(self.port);
        builder.prefer_socket(false).into()
    }

    /// Waits until no further request comes through on the first connection.
    pub(crate) async fn over(&self) {
        self.over.notified().await;
    }

    /// How many requests there were since this was asked before.
    pub(crate) fn requests(&self) -> usize {
        self.seen().len()
    }

    /// The SQL of the requests since this or their number was asked for before.
    pub(crate) fn sql(&self) -> Vec<String> {
        let sql = |request: Vec<u8>| match request.split_first() {
            // COM_QUERY, COM_STMT_PREPARE
            Some((3 | 22, text)) => Some(String::from_utf8_lossy(text).into_owned()),
            _ => None,
        };
        self.seen().into_iter().filter_map(sql).collect()
    }

    fn seen(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }
}

/// A request is a packet with the number 0.
async fn forward(
    client: &mut OwnedReadHalf,
    server: &mut OwnedWriteHalf,
    requests: &Mutex<Vec<Vec<u8>>>,
    silent: &AtomicBool,
    cut: Cut,
) -> std::io::Result<()> {
    let mut count = 0;
    loop {
        let mut header = [0; 4];
        client.read_exact(&mut header).await?;
        let [low, middle, high, number] = header;
        let mut packet = vec![0; u32::from_le_bytes([low, middle, high, 0]) as usize];
        client.read_exact(&mut packet).await?;
        if silent.load(Ordering::SeqCst) {
            continue;
        }
        if number == 0 {
            requests.lock().unwrap().push(packet.clone());
            count += 1;
        }
        if cut == Cut::Before(count) {
            return Ok(());
        }
        // In one piece: a second small one would wait for the answer to the first.
        packet.splice(..0, header);
        server.write_all(&packet).await?;
        if cut == Cut::After(count) || cut == Cut::Last(count) {
            return Ok(());
        }
    }
}
