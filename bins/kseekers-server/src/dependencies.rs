//! What the application works with, made from the settings.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::web::Data;
use kseekers_access::Authenticator;
use kseekers_auth::{
    AuthError, AuthService, AuthSettings, CodeSender, Delivery, DeliverySettings, TerminalSender,
    TokenSettings,
    codes::MySqlCodes,
    delivery::{Security, SmtpSender, SmtpSettings},
    users::MySqlUsers,
};
use kseekers_db_pool::{DbError, DbOptions, DbPool, Tls};
use kseekers_envelope::actix::Gate;
use kseekers_migrator::MigrationSet;
use kseekers_s3::aws::S3OptionsError;

use crate::{
    files::FileParts,
    health::Health,
    modules::Modules,
    settings::{Algorithm, Auth, Database, Mail, Registration, Settings, SmtpTls},
};

/// What the application works with; one for all workers.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "trait objects inside")]
pub struct Dependencies {
    /// Limits requests in progress.
    pub gate: Data<Gate>,
    /// Registering and signing in.
    pub auth: Data<AuthService>,
    /// Who asks; the same service.
    pub authenticator: Data<dyn Authenticator>,
    /// Whether all this works.
    pub health: Data<Health>,
    pub(crate) files: FileParts,
    pub(crate) modules: Modules,
    pool: DbPool,
}

/// Why the application cannot be put together from the settings.
#[derive(Debug, thiserror::Error)]
pub enum DependencyError {
    /// The pool cannot be made.
    #[error(transparent)]
    Database(#[from] DbError),
    /// Signing in cannot work.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// The bucket cannot be used.
    #[error("the bucket cannot be used: {0}")]
    Files(#[from] S3OptionsError),
}

impl Dependencies {
    /// Makes everything. Nothing is connected to yet, so that the server starts while the database is away.
    ///
    /// # Errors
    /// [`DependencyError`] if the settings cannot work together.
    pub fn new(settings: &Settings, migrations: MigrationSet) -> Result<Self, DependencyError> {
        let pool = DbPool::new(pool_options(&settings.database))?;
        let auth = Arc::new(auth(settings, &pool)?);
        let authenticator: Arc<dyn Authenticator> = auth.clone();
        let files = FileParts::new(&settings.files, &pool)?;
        let health_pool = health_pool(&settings.database)?;
        let health = Health::new(health_pool, migrations, files.objects.clone(), settings.mail.is_some());
        Ok(Self {
            gate: Data::new(Gate::new(settings.http.max_requests_in_progress)),
            auth: Data::from(auth),
            authenticator: Data::from(authenticator),
            health: Data::new(health),
            files,
            modules: Modules::new(&pool),
            pool,
        })
    }

    /// Sees to it, in the background, that connections to the database are open before they are needed. Each worker calls
    /// this when it starts: a connection lives in the runtime of the one that was the last to do so when it is opened.
    pub fn open_ahead(&self) {
        self.pool.open_ahead();
    }

    /// Has the connections to the database leave the runtimes of the workers, which may end then: as soon as no statement
    /// runs on them, or after `grace`.
    pub async fn leave_workers(&self, grace: Duration) {
        self.pool.come_home(grace).await;
    }

    /// Sends what is waiting to be sent and closes all connections, within `grace` altogether.
    pub async fn close(&self, grace: Duration) {
        let deadline = Instant::now() + grace;
        let rest = || deadline.saturating_duration_since(Instant::now());
        self.auth.shutdown(grace).await;
        self.health.close(rest()).await;
        self.pool.close(rest()).await;
    }
}

fn pool_options(database: &Database) -> DbOptions {
    let Database { host, port, user, password, name, limits, .. } = database;
    let options = DbOptions::new(host, *port, user, password.clone(), name)
        .max_connections(database.connections_max)
        .idle_connections(database.connections_idle)
        .acquire_timeout(database.acquire_timeout)
        .connect_timeout(database.connect_timeout)
        .max_waiting(limits.max_waiting)
        .idle_timeout(limits.idle_timeout)
        .max_lifetime(limits.max_lifetime)
        .check_after(limits.check_after)
        .statement_timeout(limits.statement_timeout)
        .lock_timeout(limits.lock_timeout)
        .transaction_attempts(limits.transaction_attempts)
        .slow_statement(limits.slow_statement)
        .held_warning(limits.held_warning)
        .echo(database.echo)
        .open_abroad(true);
    let Some(tls) = &database.tls else { return options };
    options.tls(match &tls.ca {
        None => Tls::new(),
        Some(file) => Tls::new().root_certificate(file),
    })
}

/// One connection of its own, so that health is told while all others are busy.
fn health_pool(database: &Database) -> Result<DbPool, DbError> {
    let patience = Duration::from_secs(1);
    let options = pool_options(database).max_connections(1).idle_connections(1).open_abroad(false);
    DbPool::new(options.acquire_timeout(patience).connect_timeout(patience))
}

fn auth(settings: &Settings, pool: &DbPool) -> Result<AuthService, AuthError> {
    let sender: Arc<dyn CodeSender> = match &settings.mail {
        Some(mail) => Arc::new(SmtpSender::new(smtp(mail))?),
        // Only development gets here: in production the settings ask for a mail server.
        None => Arc::new(TerminalSender::new()),
    };
    let delivery = Delivery::start(sender, DeliverySettings::default(), &tokio::runtime::Handle::current());
    let users = Arc::new(MySqlUsers::new(pool.clone()));
    let codes = Arc::new(MySqlCodes::new(pool.clone()));
    AuthService::new(users, codes, delivery, &settings.auth.secret, auth_settings(&settings.auth))
}

fn auth_settings(auth: &Auth) -> AuthSettings {
    AuthSettings {
        registration_open: auth.registration == Registration::Open,
        reveal_unknown_users: auth.reveal_unknown_users,
        tokens: TokenSettings {
            algorithm: match auth.algorithm {
                Algorithm::Hs256 => kseekers_auth::Algorithm::Hs256,
                Algorithm::Hs384 => kseekers_auth::Algorithm::Hs384,
                Algorithm::Hs512 => kseekers_auth::Algorithm::Hs512,
            },
            lifetime: auth.jwt_expiry,
            issuer: auth.jwt_issuer.clone(),
            audience: auth.jwt_audience.clone(),
        },
        ..AuthSettings::default()
    }
}

pub(crate) fn smtp(mail: &Mail) -> SmtpSettings {
    SmtpSettings {
        port: Some(mail.port),
        security: match mail.tls {
            SmtpTls::StartTls => Security::StartTls,
            SmtpTls::Tls => Security::Tls,
            SmtpTls::None => Security::None,
        },
        login: mail.username.clone().zip(mail.password.clone()),
        ..SmtpSettings::new(&mail.host, &mail.from, "KSeekers")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails loudly")]

    use super::*;
    use crate::settings::Sources;

    #[test]
    fn every_limit_of_the_database_reaches_the_pool() {
        let numbers = [
            ("DB_CONN_POOL", "11", "idle_connections: 11"),
            ("DB_CONN_POOL_MAX", "12", "max_connections: 12"),
            ("db_connect_timeout", "13", "connect_timeout: 13s"),
            ("db_acquire_timeout", "14", "acquire_timeout: 14s"),
            ("db_max_waiting", "15", "max_waiting: 15"),
            ("db_idle_timeout", "16", "idle_timeout: 16s"),
            ("db_max_lifetime", "17", "max_lifetime: 17s"),
            ("db_check_after", "18", "check_after: 18s"),
            ("db_statement_timeout", "19", "statement_timeout: 19s"),
            ("db_lock_timeout", "20", "lock_timeout: 20s"),
            ("db_transaction_attempts", "7", "transaction_attempts: 7"),
            ("db_slow_statement", "21", "slow_statement: 21s"),
            ("db_held_warning", "22", "held_warning: 22s"),
            ("DB_ECHO", "on", "echo: true"),
        ];
        let environment = numbers.iter().map(|(name, value, _)| ((*name).into(), (*value).into()));
        let environment = environment.chain([("environment".into(), "development".into())]).collect();
        let loaded = Settings::load(&Sources { environment, ..Sources::default() }).unwrap();
        let options = format!("{:?}", pool_options(&loaded.settings.database));
        for (name, _, expected) in numbers {
            assert!(options.contains(&format!(" {expected},")), "{name}: {options}");
        }
    }
}
