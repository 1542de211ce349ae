//! The envelope in actix-web: answers, extractors, the table of routes, and the layer around them.
//!
//! ```
//! use actix_web::{App, web};
//! use kseekers_envelope::{ApiError, actix::{Body, Reply, RouteTable, front, not_found}, input::Text};
//!
//! kseekers_envelope::input! {
//!     /// Whom to greet.
//!     pub struct Greet {
//!         /// The name.
//!         pub name: Text<1, 20> => "Name is required",
//!     }
//! }
//!
//! async fn greet(Body(greet): Body<Greet>) -> Result<Reply<String>, ApiError> {
//!     Ok(Reply::record(format!("Hello {}", greet.name), "Greeted"))
//! }
//!
//! # actix_web::rt::System::new().block_on(async {
//! let routes = RouteTable::new("Greetings").post("/greet", "Greets somebody", greet);
//! let app = App::new()
//!     .configure(|app| routes.configure(app))
//!     .default_service(web::to(not_found))
//!     .wrap(actix_web::middleware::from_fn(front));
//! # let app = actix_web::test::init_service(app).await;
//! # let request = actix_web::test::TestRequest::post().uri("/greet").set_payload(r#"{"name":"Ada"}"#).to_request();
//! # let body = actix_web::test::call_and_read_body(&app, request).await;
//! # assert!(String::from_utf8_lossy(&body).contains("Hello Ada"));
//! # });
//! ```

mod argument;
mod body;
mod context;
mod endpoint;
mod front;
mod gate;
mod log_health;
mod openapi;
mod path;
mod query;
mod reply;
mod respond;
mod routes;
mod schema;

pub use argument::{Access, Argument, Arguments, FileDoc, InputDoc, Operation};
pub use body::{Body, BodyLimits, announced_length, is_encoded};
pub use context::{RequestContext, RequestId};
pub use endpoint::other_methods;
pub use front::front;
pub use gate::{Gate, Place};
pub use log_health::LogHealth;
pub use openapi::Info;
pub use path::Path;
pub use query::Query;
pub use reply::{Answer, Created, Reply};
pub use respond::not_found;
pub use routes::{Route, RouteTable};
