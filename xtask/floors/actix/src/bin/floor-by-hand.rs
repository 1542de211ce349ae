//! actix and mysql_async by hand: no layers, no log, no deadlines, nothing but the work itself.

use std::time::Instant;

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    error::{ErrorInternalServerError, ErrorUnauthorized},
    http::header::{AUTHORIZATION, ContentType},
    web::{self, Data},
};
use chrono::NaiveDateTime;
use floor_common::{CONNECTIONS, LookupType, Result, Settings, TYPES, Tokens, USER, User, answer, ready};
use mysql_async::{OptsBuilder, Pool, PoolConstraints, PoolOpts, prelude::Queryable};

struct State {
    pool: Pool,
    tokens: Tokens,
}

async fn types(state: Data<State>) -> actix_web::Result<HttpResponse> {
    let began = Instant::now();
    let mut conn = state.pool.get_conn().await.map_err(ErrorInternalServerError)?;
    let to_type = |(id, name, description, created_at): (_, _, _, Option<NaiveDateTime>)| LookupType {
        id,
        name,
        description,
        created_at: created_at.map(|time| time.and_utc()),
    };
    let types = conn.exec_map(TYPES, (), to_type).await.map_err(ErrorInternalServerError)?;
    drop(conn);
    let body = answer(&types, types.len(), "Lookup types retrieved successfully", began)?;
    Ok(HttpResponse::Ok().insert_header(ContentType::json()).body(body))
}

async fn me(state: Data<State>, request: HttpRequest) -> actix_web::Result<HttpResponse> {
    let began = Instant::now();
    let header = request.headers().get(AUTHORIZATION).and_then(|header| header.to_str().ok());
    let id = header.and_then(|header| state.tokens.verify(header)).ok_or_else(|| ErrorUnauthorized(""))?;
    let mut conn = state.pool.get_conn().await.map_err(ErrorInternalServerError)?;
    let found: Option<(i32, String, String, Option<String>, Option<bool>, Option<bool>)> =
        conn.exec_first(USER, (id,)).await.map_err(ErrorInternalServerError)?;
    drop(conn);
    let Some((id, username, email, phone, Some(true), is_admin)) = found else {
        return Err(ErrorUnauthorized(""));
    };
    let user = User { id, username, email, phone, is_admin: is_admin.unwrap_or(false) };
    let body = answer(user, 1, "User profile retrieved successfully", began)?;
    Ok(HttpResponse::Ok().insert_header(ContentType::json()).body(body))
}

#[actix_web::main]
async fn main() -> Result<()> {
    let settings = Settings::from_environment()?;
    let connections = CONNECTIONS as usize;
    let constraints = PoolConstraints::new(connections, connections).ok_or("no connections")?;
    let opts = OptsBuilder::default()
        .ip_or_hostname(settings.host)
        .tcp_port(settings.port)
        .prefer_socket(false)
        .user(Some(settings.user))
        .db_name(Some(settings.database))
        .setup(vec!["SET time_zone = '+00:00'"])
        // A reset would cost a round trip after each request, and the prepared statements with it.
        .pool_opts(PoolOpts::default().with_constraints(constraints).with_reset_connection(false));
    let state = Data::new(State { pool: Pool::new(opts), tokens: Tokens::new(&settings.secret) });
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .route("/lookup/types", web::get().to(types))
            .route("/auth/me", web::get().to(me))
    })
    .bind("127.0.0.1:0")?;
    ready(*server.addrs().first().ok_or("no address")?);
    Ok(server.run().await?)
}
