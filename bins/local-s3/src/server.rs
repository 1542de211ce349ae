//! The running server.

use std::{
    fs, io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    thread::{self, JoinHandle},
    time::Duration,
};

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::{
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};
use s3s_fs::FileSystem;
use tokio::{runtime, sync::oneshot, time};

use crate::{Options, shelf::Shelf};

/// A running server. It stops when this is dropped.
///
/// It has a thread and a runtime of its own, so that it serves any number of tests, each with its own runtime.
#[derive(Debug)]
pub struct LocalS3 {
    address: SocketAddr,
    dir: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl LocalS3 {
    /// Starts the server; it answers when this returns.
    ///
    /// # Errors
    /// When the folder cannot be used, a bucket's name is no name, or the port is taken.
    pub fn start(options: Options) -> io::Result<Self> {
        fs::create_dir_all(&options.dir)?;
        for bucket in &options.buckets {
            if !s3s::path::check_bucket_name(bucket) {
                let problem = format!("`{bucket}` is no name for a bucket");
                return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
            }
            fs::create_dir_all(options.dir.join(bucket))?;
        }
        let files = FileSystem::new(&options.dir).map_err(|error| io::Error::other(format!("{error:?}")))?;
        let mut service = S3ServiceBuilder::new(Shelf { dir: options.dir.clone(), files });
        service.set_auth(SimpleAuth::from_single(options.access_key, options.secret));
        let service = service.build();

        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let serve = move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = stopped => {}
                    _ = accept(listener, service) => {}
                }
            });
            // Without waiting for files that are being written: they have their names only when they are complete.
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new().name("local-s3".to_owned()).spawn(serve)?;
        Ok(Self { address, dir: options.dir, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it is: `http://127.0.0.1:PORT`. Buckets are in the path.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Files that belong to multipart uploads which were neither completed nor aborted.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn unfinished_uploads(&self) -> io::Result<Vec<PathBuf>> {
        // s3s-fs has no ListMultipartUploads.
        let unfinished = |path: &Path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(".upload") || (name.starts_with(".bucket-") && name.contains(".upload-"))
        };
        let paths: io::Result<Vec<_>> =
            fs::read_dir(&self.dir)?.map(|entry| entry.map(|entry| entry.path())).collect();
        Ok(paths?.into_iter().filter(|path| unfinished(path)).collect())
    }
}

impl Drop for LocalS3 {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, service: S3Service) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let Ok((socket, _)) = listener.accept().await else {
            // A client that has gone again; or no file descriptor is free, and asking at once would only spin.
            time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let connection = http1::Builder::new().serve_connection(TokioIo::new(socket), service.clone());
        tokio::spawn(async move {
            let _ = connection.await;
        });
    }
}
