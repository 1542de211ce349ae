//! Whether the service works, for whoever watches it.

mod bucket;
mod probe;

use actix_web::web::Data;
use kseekers_envelope::{
    ApiError, Code,
    actix::{Reply, RouteTable},
};
use serde::Serialize;
use utoipa::ToSchema;

pub use probe::Health;

/// That the process serves.
#[derive(Debug, Serialize, ToSchema)]
pub struct Live {
    /// Always `ok`.
    pub status: &'static str,
}

/// How one part of the service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It works.
    Ok,
    /// The service works without it, but not fully.
    Degraded,
    /// The service does not work without it.
    Down,
    /// It is not configured.
    Off,
}

/// How each part of the service is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Readiness {
    /// Whether the database answers.
    pub database: State,
    /// Whether its schema is the one that this server was built for, or newer.
    pub schema: State,
    /// Whether files can be stored.
    pub s3: State,
    /// Whether mail can be sent.
    pub mail: State,
    /// A sentence for each part that has more to say.
    pub reasons: Reasons,
}

/// Why a part is not simply `ok`.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Reasons {
    /// About the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// About the schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// About files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s3: Option<String>,
    /// About mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
}

/// The routes; they answer also when all else is busy.
pub fn routes() -> RouteTable {
    RouteTable::new("Health")
        .ungated()
        .get("/healthCheck", "The process serves", live)
        .get("/health/live", "The process serves", live)
        .get("/health/ready", "The service can do its work", ready)
}

async fn live() -> Reply<Live> {
    Reply::record(Live { status: "ok" }, "Success")
}

async fn ready(health: Data<Health>) -> Result<Reply<Readiness>, ApiError> {
    let readiness = health.check().await;
    if readiness.is_ready() { Ok(Reply::record(readiness, "Success")) } else { Err(readiness.into_error()) }
}

impl Readiness {
    fn is_ready(&self) -> bool {
        self.database != State::Down && self.schema != State::Down
    }

    /// An error has an empty payload like every other; each part has its line in `errorStack`.
    fn into_error(self) -> ApiError {
        let line = |name: &str, state: State, reason: Option<String>| {
            let state = format!("{name}: {}", state.as_str());
            reason.map_or_else(|| state.clone(), |reason| format!("{state}, {reason}"))
        };
        let message = if self.database == State::Down {
            "Error in connecting to host database"
        } else {
            "The database schema is not the one that this server needs"
        };
        ApiError::with_message(Code::Unavailable, message).with_stack(vec![
            line("database", self.database, self.reasons.database),
            line("schema", self.schema, self.reasons.schema),
            line("s3", self.s3, self.reasons.s3),
            line("mail", self.mail, self.reasons.mail),
        ])
    }
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Degraded => "degraded",
            State::Down => "down",
            State::Off => "off",
        }
    }
}
