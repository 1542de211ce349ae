//! `migrate` and `setup`: the migrator with this program's settings and its built-in files.

use std::path::{Path, PathBuf};

use kseekers_migrator::cli::{self, Command, Connecting, Console, Operation, Place};
use kseekers_migrator::{MigrateError, MigrationSet, Options, Opts, OptsBuilder, SqlFile, exit};
use secrecy::ExposeSecret;

use crate::cli::EXIT_CONFIG;
use crate::settings::{Database, Environment, Loaded, MigrateSettings, Sources};

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// Where `create` writes without `migrations_dir`.
const DIRECTORY: &str = "migrations";

/// The migrations that count: those of a directory, or the built-in ones.
///
/// # Errors
/// The directory cannot be read, or its files are no history.
pub fn migrations(directory: Option<&Path>) -> Result<MigrationSet, MigrateError> {
    match directory {
        Some(directory) => MigrationSet::from_dir(directory),
        None => MigrationSet::from_files(MIGRATIONS.iter().copied()),
    }
}

/// Does what the arguments after `migrate` say (`setup` is one of these commands) and returns the exit code: one of
/// [`kseekers_migrator::exit`], or 78 for a configuration that cannot be used.
pub async fn run(arguments: Vec<String>, sources: &Sources, console: &mut Console<'_>) -> u8 {
    let invocation = match cli::parse(arguments) {
        Ok(invocation) => invocation,
        Err(error) => return error.tell(console),
    };
    if invocation.command == Command::Help {
        console.say(cli::HELP);
        return exit::DONE;
    }
    let (name, common) = (invocation.command.name(), &invocation.common);
    let loaded = match MigrateSettings::load(sources) {
        Ok(loaded) => loaded,
        Err(problems) => return console.refuse(name, common, EXIT_CONFIG, problems),
    };
    for warning in &loaded.warnings {
        console.warn(format_args!("Warning: {warning}"));
    }
    let settings = &loaded.settings;
    let operation = match invocation.command {
        Command::Database(operation) => operation,
        Command::Create { name } => {
            let directory = settings.migrations_dir.clone().unwrap_or_else(|| PathBuf::from(DIRECTORY));
            return cli::create(&directory, &name, common, console);
        }
        Command::Lint => {
            return match migrations(settings.migrations_dir.as_deref()) {
                Ok(set) => cli::lint(&set, common, console),
                Err(error) => console.refuse(name, common, error.exit_code(), error),
            };
        }
        other => {
            let text = format!("this program has no command `{}`", other.name());
            return console.refuse(name, common, exit::USAGE, text);
        }
    };
    let production = settings.environment == Environment::Production;
    if operation == (Operation::Setup { sample: true }) && production {
        let text = "Sample data is refused in production. For a development database say `dev` as the first argument, \
                    or set environment=development";
        return console.refuse(name, common, EXIT_CONFIG, text);
    }
    let opts = match opts(&settings.database) {
        Ok(opts) => opts,
        Err(why) => return console.refuse(name, common, EXIT_CONFIG, why),
    };
    let options = options(&settings.database);
    // The way to the database and back takes about as long as to read a long history.
    let connecting = Connecting::begin(&operation, &opts, options, common);
    let place = match files(settings.migrations_dir.as_deref(), &operation).await {
        Ok((set, sample)) => Place::new(opts, set)
            .with_sample(sample)
            .with_options(options)
            .with_production(production)
            .with_adoption(crate::adopt::PYTHON),
        Err(error) => return console.refuse(name, common, error.exit_code(), error),
    };
    // The process ends behind this: to give the memory of each file back would only take time.
    std::mem::forget(place.set.clone());
    let code = cli::run_connecting(connecting, operation, place, common, console).await;
    if code == exit::FAILED {
        console.warn(whereabouts(&loaded));
    }
    code
}

/// The history and what `setup --sample` loads.
async fn files(
    directory: Option<&Path>,
    operation: &Operation,
) -> Result<(MigrationSet, Vec<SqlFile>), MigrateError> {
    let set = match directory {
        Some(directory) => MigrationSet::from_dir_in_turns(directory).await?,
        None => migrations(None)?,
    };
    Ok((set, sample(directory, operation)?))
}

fn sample(directory: Option<&Path>, operation: &Operation) -> Result<Vec<SqlFile>, MigrateError> {
    match (operation, directory) {
        (Operation::Setup { sample: true }, Some(directory)) => SqlFile::read_dir(directory.join("sample")),
        (Operation::Setup { sample: true }, None) => {
            Ok(SAMPLE.iter().map(|(name, text)| SqlFile::new(*name, *text)).collect())
        }
        _ => Ok(Vec::new()),
    }
}

/// How patient a runner is with this database.
pub(crate) fn options(database: &Database) -> Options {
    Options::default().with_connect_timeout(database.connect_timeout)
}

/// How a runner reaches this database.
pub(crate) fn opts(database: &Database) -> Result<Opts, &'static str> {
    let password = database.password.expose_secret();
    let builder = OptsBuilder::default()
        .ip_or_hostname(database.host.clone())
        .tcp_port(database.port)
        // The driver's default leaves 127.0.0.1 for a socket whose path the server tells: wrong in containers.
        .prefer_socket(false)
        .user(Some(database.user.clone()))
        .pass((!password.is_empty()).then(|| password.to_owned()))
        .db_name(Some(database.name.clone()));
    encrypted(builder, database).map(Into::into)
}

#[cfg(feature = "http")]
#[expect(clippy::unnecessary_wraps, reason = "the other build can fail here")]
fn encrypted(builder: OptsBuilder, database: &Database) -> Result<OptsBuilder, &'static str> {
    // As `kseekers_db_pool::Tls` does it: an authority of one's own counts alone.
    let ssl = database.tls.as_ref().map(|tls| {
        let roots: Vec<_> = tls.ca.iter().cloned().map(Into::into).collect();
        mysql_async::SslOpts::default().with_disable_built_in_roots(!roots.is_empty()).with_root_certs(roots)
    });
    Ok(builder.ssl_opts(ssl))
}

#[cfg(not(feature = "http"))]
fn encrypted(builder: OptsBuilder, database: &Database) -> Result<OptsBuilder, &'static str> {
    match database.tls {
        None => Ok(builder),
        Some(_) => {
            Err("db_tls=required needs a program that was built with TLS: use `kseekers-server migrate`, or \
                        build kseekers-migrate with the feature http")
        }
    }
}

/// Which database it was, and who said so: half of all failures are a value from a place that nobody thought of.
fn whereabouts(loaded: &Loaded<MigrateSettings>) -> String {
    let Database { host, port, user, name, .. } = &loaded.settings.database;
    let mut text = format!("This was database {name} on {host}:{port} as user {user}. The settings:");
    for setting in &loaded.effective.0 {
        if ["db_host", "db_port", "db_user", "db_password", "mp_database"].contains(&setting.name) {
            let origin = setting.origin.as_ref().map(|origin| format!(" ({origin})")).unwrap_or_default();
            text.push_str(&format!("\n  {} = {}{origin}", setting.name, setting.value));
        }
    }
    text
}
