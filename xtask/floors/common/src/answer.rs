//! The standard answer.

use std::time::Instant;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};

#[derive(Serialize)]
pub struct LookupType {
    pub id: i32,
    pub name: String,
    pub description: Option<String>,
    #[serde(serialize_with = "utc")]
    pub created_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
pub struct User {
    pub id: i32,
    pub username: String,
    pub email: String,
    pub phone: Option<String>,
    pub is_admin: bool,
}

fn utc<S: Serializer>(time: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true)).serialize(serializer)
}

#[derive(Serialize)]
struct Answer<'a, T> {
    status: &'a str,
    fetch_time: f64,
    row_count: usize,
    result: Outcome<'a, T>,
    request_logging: &'a str,
    response_logging: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a, T> {
    payload: T,
    error_stack: [&'a str; 0],
    message: &'a str,
}

/// The body of a good answer.
///
/// # Errors
/// None with the payloads here.
pub fn answer(
    payload: impl Serialize,
    row_count: usize,
    message: &str,
    began: Instant,
) -> serde_json::Result<Vec<u8>> {
    let mut body = Vec::with_capacity(1024);
    let answer = Answer {
        status: "success",
        fetch_time: began.elapsed().as_micros() as f64 / 1e6,
        row_count,
        result: Outcome { payload, error_stack: [], message },
        request_logging: "success",
        response_logging: "success",
    };
    serde_json::to_writer(&mut body, &answer)?;
    Ok(body)
}
