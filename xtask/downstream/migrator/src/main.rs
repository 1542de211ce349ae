//! The schema of a service that keeps notes, and the way there: `notes-schema FOLDER URL [up|down|status|create|…]`.
//!
//! `notes-schema migrations mysql://user:password@host:port/database status`
//!
//! The commands are those of kseekers-migrator; the program only says where the files and the database are.

use std::{
    env,
    io::{stderr, stdout},
    path::Path,
    process::ExitCode,
};

use kseekers_migrator::{
    MigrationSet, Options, Opts,
    cli::{self, Command, Place},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let (Some(folder), Some(url)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: notes-schema FOLDER URL COMMAND\n\n{}", cli::HELP);
        return cli::USAGE.into();
    };
    let command = match cli::parse(arguments) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("{error}");
            return cli::USAGE.into();
        }
    };
    match run(Path::new(&folder), &url, command).await {
        Ok(code) => code.into(),
        Err(error) => {
            eprintln!("{error}");
            cli::FAILED.into()
        }
    }
}

async fn run(folder: &Path, url: &str, command: Command) -> Result<u8, Box<dyn std::error::Error>> {
    let operation = match command {
        Command::Help => {
            println!("{}", cli::HELP);
            return Ok(cli::DONE);
        }
        Command::Create { name } => return Ok(cli::create(folder, &name, &mut stdout(), &mut stderr())),
        Command::Database(operation) => operation,
    };
    let place = Place {
        opts: Opts::from_url(url)?,
        set: MigrationSet::from_dir(folder)?,
        sample: Vec::new(),
        options: Options::default(),
    };
    Ok(cli::run(operation, place, &mut stdout(), &mut stderr()).await)
}
