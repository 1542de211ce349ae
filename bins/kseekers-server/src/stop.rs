//! When to stop.

use tokio::io::AsyncReadExt;

/// Done when the process is asked to stop: by SIGTERM, by Ctrl-C, or, with `with_stdin`, by the end of standard input.
/// Asked a second time, the process ends at once.
pub async fn requested(with_stdin: bool) {
    asked(with_stdin).await;
    tokio::spawn(async {
        asked(false).await;
        std::process::exit(130);
    });
}

async fn asked(with_stdin: bool) {
    tokio::select! {
        () = terminated() => {}
        // Without a handler for Ctrl-C the system's own ends the process, which is stopping too.
        Ok(()) = tokio::signal::ctrl_c() => {}
        () = stdin_closed(), if with_stdin => {}
        else => std::future::pending().await,
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            terminate.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

async fn stdin_closed() {
    let mut stdin = tokio::io::stdin();
    let mut ignored = [0; 64];
    while matches!(stdin.read(&mut ignored).await, Ok(read) if read > 0) {}
}
