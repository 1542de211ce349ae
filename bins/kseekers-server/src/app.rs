//! The routes of the service and the layers around them.

use std::time::Duration;

use actix_cors::Cors;
use actix_web::{
    App, Error,
    body::BoxBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    http::header,
    middleware::{Compress, NormalizePath, from_fn},
    web,
};
use kseekers_envelope::actix::{BodyLimits, RouteTable, front, not_found};

use crate::{
    dependencies::Dependencies,
    docs::{self, Docs},
    health, modules,
    settings::{Environment, Settings},
};

/// An app with all its layers.
pub trait Layers:
    ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    >
{
}

impl<T> Layers for T where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<BoxBody>,
            Error = Error,
            InitError = (),
        >
{
}

/// Every route that answers in the envelope, from the tables of the crates.
pub fn routes() -> RouteTable {
    health::routes()
        .merge(kseekers_auth::actix::routes())
        .merge(modules::routes())
        .merge(kseekers_s3::actix::routes())
}

/// The whole application; called once for each worker, so that all it holds is shared.
pub fn app(
    dependencies: &Dependencies,
    settings: &Settings,
    routes: &RouteTable,
    docs: Option<&web::Data<Docs>>,
) -> App<impl Layers + use<>> {
    let limits = BodyLimits { bytes: settings.http.request_body_limit, time: Duration::from_secs(30) };
    App::new()
        .app_data(dependencies.gate.clone())
        .app_data(dependencies.auth.clone())
        .app_data(dependencies.authenticator.clone())
        .app_data(dependencies.health.clone())
        .app_data(web::Data::new(limits))
        .app_data(dependencies.files.limits.clone())
        .configure(|app| {
            if let Some(files) = &dependencies.files.service {
                app.app_data(files.clone());
            }
        })
        .configure(|app| dependencies.modules.configure(app))
        .configure(|app| routes.configure(app))
        .configure(|app| docs::configure(app, docs))
        .default_service(web::to(not_found))
        // The last one is the outermost.
        .wrap(NormalizePath::trim())
        .wrap(Compress::default())
        .wrap(cors(settings))
        .wrap(from_fn(front))
}

/// Which pages of other origins may read our answers.
fn cors(settings: &Settings) -> Cors {
    let cors = Cors::default()
        .allow_any_method()
        .allow_any_header()
        .expose_headers([header::ETAG.as_str(), header::RETRY_AFTER.as_str(), "x-request-id"])
        .block_on_origin_mismatch(false)
        .max_age(3600);
    let origins = &settings.http.cors_origins;
    let any = origins.iter().any(|origin| origin == "*");
    // A front end under development may run on any port of this machine.
    if any || (origins.is_empty() && settings.environment == Environment::Development) {
        return cors.allow_any_origin().send_wildcard();
    }
    // Named origins may send credentials, as the front ends of the original system do.
    origins.iter().fold(cors.supports_credentials(), |cors, origin| cors.allowed_origin(origin))
}
