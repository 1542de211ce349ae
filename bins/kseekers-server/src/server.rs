//! Listening, serving, and stopping in good order.

use std::{io, net::SocketAddr, time::Duration};

use actix_web::{HttpServer, dev::Server as ActixServer, web};
use kseekers_envelope::actix::LogHealth;
use kseekers_migrator::{MigrationSet, Opts};
use tokio::time::{Instant, timeout_at};

use crate::{
    app,
    auto_migrate::AutoMigrate,
    dependencies::{Dependencies, DependencyError},
    docs::Docs,
    migrate,
    settings::Settings,
};

/// What closing may take when the requests have left no time for it.
const LEAST_FOR_CLOSING: Duration = Duration::from_secs(1);

/// A server that has its socket and can be run.
#[allow(missing_debug_implementations, reason = "actix's server is none")]
pub struct Server {
    actix: ActixServer,
    addresses: Vec<SocketAddr>,
    dependencies: Dependencies,
    settings: Settings,
    /// To be applied.
    migrations: Option<(Opts, MigrationSet)>,
}

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings do not work together.
    #[error(transparent)]
    Dependencies(#[from] DependencyError),
    /// The database cannot be migrated.
    #[error("auto_migrate: {0}")]
    Migrate(&'static str),
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {address}: {cause}. Is another server running there? Choose another port with --port"
    )]
    Bind {
        /// Where.
        address: SocketAddr,
        /// Why not.
        #[source]
        cause: io::Error,
    },
}

impl Server {
    /// Puts everything together and opens the socket. Connections to it wait until [`run`](Server::run). `log` is what
    /// the answers say of the log.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn new(settings: Settings, migrations: MigrationSet, log: LogHealth) -> Result<Self, StartError> {
        let to_apply = settings
            .auto_migrate
            .then(|| Ok((migrate::opts(&settings.database)?, migrations.clone())))
            .transpose()
            .map_err(StartError::Migrate)?;
        let dependencies = Dependencies::new(&settings, migrations)?;
        let routes = app::routes();
        let docs = settings.http.docs.then(|| web::Data::new(Docs::new(&routes)));
        let address = settings.http.address();
        let log = web::Data::new(log);
        let factory = {
            let (dependencies, settings) = (dependencies.clone(), settings.clone());
            move || {
                dependencies.open_ahead();
                app::app(&dependencies, &settings, &routes, docs.as_ref()).app_data(log.clone())
            }
        };
        let mut server = HttpServer::new(factory)
            .shutdown_timeout(settings.http.shutdown_timeout.as_secs())
            // Signals are main's business: it also has to close what the requests used.
            .disable_signals();
        if settings.http.workers > 0 {
            server = server.workers(settings.http.workers);
        }
        let server = server.bind(address).map_err(|cause| StartError::Bind { address, cause })?;
        let addresses = server.addrs();
        Ok(Self { actix: server.run(), addresses, dependencies, settings, migrations: to_apply })
    }

    /// Where it listens; the real port if 0 was asked for.
    pub fn address(&self) -> Option<SocketAddr> {
        self.addresses.first().copied()
    }

    /// Serves until `stop` is done, then lets the requests in progress finish and closes everything. For both there is
    /// `shutdown_timeout`; what is in progress then is cut off.
    ///
    /// # Errors
    /// When actix's server fails.
    pub async fn run(self, stop: impl Future<Output = ()>) -> io::Result<()> {
        let Self { actix, dependencies, settings, migrations, .. } = self;
        let grace = settings.http.shutdown_timeout;
        let handle = actix.handle();
        let mut serving = tokio::spawn(actix);
        let migrating =
            migrations.map(|(opts, set)| AutoMigrate::start(opts, set, migrate::options(&settings.database)));
        let (deadline, served) = tokio::select! {
            served = &mut serving => (Instant::now() + grace, Ok(served)),
            () = stop => {
                let deadline = Instant::now() + grace;
                let finished = async {
                    // New connections are left in the system's queue, so that nobody who comes now prolongs the stop.
                    handle.pause().await;
                    tracing::info!("stopping: requests in progress are finished first");
                    // A worker that is through with its own requests ends, while others may still use what lives in
                    // its runtime.
                    dependencies.leave_workers(grace).await;
                    handle.stop(true).await;
                    (&mut serving).await
                };
                let migrated = async {
                    if let Some(migrating) = migrating {
                        migrating.stop(deadline).await;
                    }
                };
                let (served, ()) = tokio::join!(timeout_at(deadline, finished), migrated);
                (deadline, served)
            }
        };
        if served.is_err() {
            tracing::warn!("requests in progress were cut off after {} s", grace.as_secs());
            // Dropping actix's server has its workers end at once.
            serving.abort();
        }
        dependencies.close(deadline.saturating_duration_since(Instant::now()).max(LEAST_FOR_CLOSING)).await;
        tracing::info!("stopped");
        served.map_or(Ok(()), |served| served.map_err(io::Error::other)?)
    }
}
