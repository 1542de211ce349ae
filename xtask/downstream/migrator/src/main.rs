//! The schema of a service that keeps notes, and the way there: `notes-schema FOLDER URL [up|down|status|create|…]`.
//!
//! `notes-schema migrations mysql://user:password@host:port/database status`
//!
//! The commands are those of kseekers-migrator; the program only says where the files and the database are.

use std::{env, path::Path, process::ExitCode};

use kseekers_migrator::{
    MigrationSet, Opts,
    cli::{self, Command, Console, Invocation, Place},
    exit,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let console = &mut Console::of_process();
    let mut arguments = env::args().skip(1);
    let (Some(folder), Some(url)) = (arguments.next(), arguments.next()) else {
        console.warn(format_args!("usage: notes-schema FOLDER URL COMMAND\n\n{}", cli::HELP));
        return exit::USAGE.into();
    };
    match cli::parse(arguments) {
        Ok(invocation) => run(Path::new(&folder), &url, invocation, console).await,
        Err(error) => error.tell(console),
    }
    .into()
}

async fn run(folder: &Path, url: &str, invocation: Invocation, console: &mut Console<'_>) -> u8 {
    let (name, common) = (invocation.command.name(), &invocation.common);
    match &invocation.command {
        Command::Create { name } => return cli::create(folder, name, common, console),
        Command::Help => {
            console.say(cli::HELP);
            return exit::DONE;
        }
        _ => {}
    }
    let set = match MigrationSet::from_dir(folder) {
        Ok(set) => set,
        Err(error) => return console.refuse(name, common, error.exit_code(), error),
    };
    match (invocation.command, Opts::from_url(url)) {
        (Command::Lint, _) => cli::lint(&set, common, console),
        (Command::Database(operation), Ok(opts)) => {
            cli::run(operation, Place::new(opts, set), common, console).await
        }
        (_, Err(error)) => console.refuse(name, common, exit::USAGE, error),
        (_, Ok(_)) => console.refuse(name, common, exit::USAGE, "this program has no such command"),
    }
}
