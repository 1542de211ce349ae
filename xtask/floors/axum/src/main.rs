//! axum and sqlx as a good engineer would write it who wants speed.

use std::{sync::Arc, time::Instant};

use axum::{
    Router,
    extract::State,
    http::{
        HeaderMap, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::{DateTime, Utc};
use floor_common::{CONNECTIONS, LookupType, Result, Settings, TYPES, Tokens, USER, User, answer, ready};
use sqlx::{
    MySqlPool,
    mysql::{MySqlConnectOptions, MySqlPoolOptions},
};
use tokio::net::TcpListener;

#[derive(Clone)]
struct App {
    pool: MySqlPool,
    tokens: Arc<Tokens>,
}

type Answer = std::result::Result<Response, StatusCode>;

fn failed<E>(_: E) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

fn json(body: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}

async fn types(State(app): State<App>) -> Answer {
    let began = Instant::now();
    let rows: Vec<(i32, String, Option<String>, Option<DateTime<Utc>>)> =
        sqlx::query_as(TYPES).fetch_all(&app.pool).await.map_err(failed)?;
    let types: Vec<LookupType> = rows
        .into_iter()
        .map(|(id, name, description, created_at)| LookupType { id, name, description, created_at })
        .collect();
    answer(&types, types.len(), "Lookup types retrieved successfully", began).map(json).map_err(failed)
}

async fn me(State(app): State<App>, headers: HeaderMap) -> Answer {
    let began = Instant::now();
    let header = headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok());
    let id = header.and_then(|header| app.tokens.verify(header)).ok_or(StatusCode::UNAUTHORIZED)?;
    let found: Option<(i32, String, String, Option<String>, Option<bool>, Option<bool>)> =
        sqlx::query_as(USER).bind(id).fetch_optional(&app.pool).await.map_err(failed)?;
    let Some((id, username, email, phone, Some(true), is_admin)) = found else {
        return Err(StatusCode::UNAUTHORIZED);
    };
    let user = User { id, username, email, phone, is_admin: is_admin.unwrap_or(false) };
    answer(user, 1, "User profile retrieved successfully", began).map(json).map_err(failed)
}

#[tokio::main]
async fn main() -> Result<()> {
    let settings = Settings::from_environment()?;
    let options = MySqlConnectOptions::new()
        .host(&settings.host)
        .port(settings.port)
        .username(&settings.user)
        .database(&settings.database);
    // Its default asks the server before each use whether the connection is alive: a round trip more.
    let pool = MySqlPoolOptions::new()
        .max_connections(CONNECTIONS)
        .min_connections(CONNECTIONS)
        .test_before_acquire(std::env::var_os("FLOOR_PING").is_some())
        .connect_with(options)
        .await?;
    let app = App { pool, tokens: Arc::new(Tokens::new(&settings.secret)) };
    let router = Router::new().route("/lookup/types", get(types)).route("/auth/me", get(me)).with_state(app);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    ready(listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}
