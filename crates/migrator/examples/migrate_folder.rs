//! Applies a folder of migrations and shows the result.
//!
//! ```sh
//! cargo run -p kseekers-migrator --example migrate_folder -- migrations                          # on a private server
//! cargo run -p kseekers-migrator --example migrate_folder -- FOLDER mysql://user:pass@host/name  # on yours
//! ```
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use kseekers_embedded_mysql::{EmbeddedMysql, Options as ServerOptions};
use kseekers_migrator::{MigrationSet, Options, Opts, OptsBuilder, Progress, setup};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("usage: migrate_folder FOLDER [URL]")?;
    let applied = migrate(&folder, args.next()).await?;
    println!("Applied {applied} migrations.");
    Ok(())
}

pub(crate) async fn migrate(folder: &str, url: Option<String>) -> Result<usize, Box<dyn Error>> {
    let set = MigrationSet::from_dir(folder)?;

    // Lives as long as the variable; only there when no other server was named.
    let mut private_server = None;
    let opts: Opts = match url {
        Some(url) => Opts::from_url(&url)?,
        None => {
            let server = EmbeddedMysql::start(ServerOptions::default()).await?;
            let opts: OptsBuilder = server.opts();
            private_server = Some(server);
            opts.db_name(Some("example")).into()
        }
    };

    let mut watch = |progress: Progress<'_>| {
        if let Progress::Statement { file, number, of, .. } = progress {
            println!("{file}: statement {number} of {of}");
        }
    };
    let (mut migrator, report) = setup(opts, set, Options::default(), &mut watch).await?;
    for line in migrator.status().await?.lines {
        println!("{} {}: {:?}", line.version, line.name, line.state);
    }
    migrator.close().await;
    drop(private_server);
    Ok(report.applied.files.len())
}
