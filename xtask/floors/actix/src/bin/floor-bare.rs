//! A handler that answers with ready bytes: what actix itself can do. The bytes come from the file that is named.

use std::{env, fs};

use actix_web::{App, HttpResponse, HttpServer, http::header::ContentType, web};
use floor_common::{Result, ready};

#[actix_web::main]
async fn main() -> Result<()> {
    let file = env::args_os().nth(1).ok_or("usage: floor-bare FILE")?;
    let body = web::Bytes::from(fs::read(file)?);
    let server = HttpServer::new(move || {
        let body = body.clone();
        let handler = move || {
            let body = body.clone();
            async move { HttpResponse::Ok().insert_header(ContentType::json()).body(body) }
        };
        App::new().default_service(web::to(handler))
    })
    .bind("127.0.0.1:0")?;
    ready(*server.addrs().first().ok_or("no address")?);
    Ok(server.run().await?)
}
