//! The OpenAPI document and Swagger UI.

use std::{borrow::Cow, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse, Resource, Route, guard,
    http::header::{CONTENT_ENCODING, ContentType},
    web,
};
use kseekers_envelope::actix::{Info, RouteTable, not_found, other_methods};
use utoipa_swagger_ui::{Config, SwaggerFile};

const DESCRIPTION: &str = "Sign-in by one-time code, dropdown values and grid columns.\n\n\
    Every answer has the same envelope: `message` is the sentence for a person, `errorStack` has a line for each \
    cause. Unknown keys in a body are ignored. Where a number is asked for, its canonical text is accepted too, and \
    0 and 1 for a flag. Timestamps are UTC. A path with and without its trailing slash is the same path.";

/// The document and the configuration of Swagger UI.
#[allow(missing_debug_implementations, reason = "the library's configuration is none")]
pub struct Docs {
    openapi: web::Bytes,
    ui: Arc<Config<'static>>,
}

impl Docs {
    /// Writes the document down once.
    pub fn new(routes: &RouteTable) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        let document = routes.openapi(Info { title: "KSeekers", version, description: DESCRIPTION });
        let ui = Config::from("/openapi.json").try_it_out_enabled(true).persist_authorization(true);
        Self { openapi: document.to_string().into(), ui: Arc::new(ui) }
    }
}

/// Registers the documentation if there is to be any.
pub fn configure(app: &mut web::ServiceConfig, docs: Option<&web::Data<Docs>>) {
    if let Some(docs) = docs {
        app.app_data(docs.clone())
            .service(read_only("/openapi.json", || web::to(openapi)))
            .service(read_only("/docs", || web::to(ui)))
            .service(read_only("/docs/{file:.*}", || web::to(ui)));
    }
}

/// A path that answers GET and HEAD.
fn read_only(path: &str, route: impl Fn() -> Route) -> Resource {
    web::resource(path)
        .route(route().guard(guard::Any(guard::Get()).or(guard::Head())))
        .default_service(other_methods("GET, HEAD, OPTIONS"))
}

async fn openapi(docs: web::Data<Docs>) -> HttpResponse {
    HttpResponse::Ok().insert_header(ContentType::json()).body(docs.openapi.clone())
}

async fn ui(request: HttpRequest, docs: web::Data<Docs>) -> HttpResponse {
    let path = request.match_info().query("file");
    match utoipa_swagger_ui::serve(path, docs.ui.clone()) {
        Ok(Some(file)) => page(path, file),
        _ => not_found(request).await,
    }
}

fn page(path: &str, file: SwaggerFile<'_>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header(("content-type", file.content_type));
    if file.gzpipped {
        response.insert_header((CONTENT_ENCODING, "gzip"));
        return response.body(file.bytes.into_owned());
    }
    let bytes = if path.is_empty() { with_base(&file.bytes) } else { file.bytes };
    response.body(bytes.into_owned())
}

/// The page asks for its parts relative to itself, which only works below `/docs/`, and it is served at `/docs` too.
fn with_base(page: &[u8]) -> Cow<'_, [u8]> {
    let page = String::from_utf8_lossy(page);
    page.replacen("<head>", "<head><base href=\"/docs/\">", 1).into_bytes().into()
}
