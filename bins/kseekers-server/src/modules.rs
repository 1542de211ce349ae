//! The modules of the service. Each has two lines here: its routes, and the service behind them.

use std::sync::Arc;

use actix_web::web::{Data, ServiceConfig};
use kseekers_db_pool::DbPool;
use kseekers_display_config::{DisplayConfigService, MySqlDisplayConfigs};
use kseekers_envelope::actix::RouteTable;
use kseekers_lookup::{LookupService, MySqlLookups};

/// The routes of all modules.
pub(crate) fn routes() -> RouteTable {
    RouteTable::new("Modules")
        .merge(kseekers_lookup::actix::routes())
        .merge(kseekers_display_config::actix::routes())
}

/// The services of all modules, each one for all workers.
#[derive(Clone, Default)]
pub(crate) struct Modules(Vec<AddData>);

/// Puts one service into the data of an app, where its routes look for it.
type AddData = Arc<dyn Fn(&mut ServiceConfig) + Send + Sync>;

impl Modules {
    pub(crate) fn new(pool: &DbPool) -> Self {
        Self::default()
            .with(LookupService::new(Arc::new(MySqlLookups::new(pool.clone()))))
            .with(DisplayConfigService::new(Arc::new(MySqlDisplayConfigs::new(pool.clone()))))
    }

    fn with<S: Send + Sync + 'static>(mut self, service: S) -> Self {
        let service = Data::new(service);
        self.0.push(Arc::new(move |app| {
            app.app_data(service.clone());
        }));
        self
    }

    pub(crate) fn configure(&self, app: &mut ServiceConfig) {
        self.0.iter().for_each(|add| add(app));
    }
}
