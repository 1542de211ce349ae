//! A service of one route, with every failure in the envelope.
//!
//! Run it with `cargo run -p kseekers-envelope --features actix --example greetings`, then try
//! `curl -i localhost:8080/greet -d '{"name":"Ada"}' -H 'content-type: application/json'`, a body without a name, a
//! path that is not there, a GET.

use actix_web::{App, HttpServer, middleware::from_fn, web};
use kseekers_envelope::{
    ApiError,
    actix::{Body, Reply, RouteTable, front, not_found},
    input::Text,
};

kseekers_envelope::input! {
    /// Whom to greet.
    pub struct Greet {
        /// The name.
        pub name: Text<1, 20> => "Name is required",
    }
}

async fn greet(Body(greet): Body<Greet>) -> Result<Reply<String>, ApiError> {
    Ok(Reply::record(format!("Hello {}", greet.name), "Greeted"))
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let routes = RouteTable::new("Greetings").post("/greet", "Greets somebody", greet);
    let app = move || {
        App::new()
            .configure(|app| routes.configure(app))
            .default_service(web::to(not_found))
            .wrap(from_fn(front))
    };
    HttpServer::new(app).bind(("127.0.0.1", 8080))?.run().await
}
