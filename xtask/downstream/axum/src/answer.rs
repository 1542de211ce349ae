//! Good and bad answers in the envelope, as axum wants them.

use std::borrow::Cow;

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Request},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kseekers_envelope::{
    ApiError, Code, Envelope, Status,
    input::{Input, Problems},
};
use serde::Serialize;

pub type Answer = Result<Response, Failure>;

/// Any error of the crates, which `?` turns into one.
pub struct Failure(ApiError);

impl<E: Into<ApiError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self(error) = self;
        if let Some(cause) = error.cause_chain() {
            eprintln!("{error}: {cause}");
        }
        let mut response = answered(error.code().http(), &Envelope::error(&error));
        for (name, value) in error.headers() {
            if let Ok(value) = value.parse() {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

pub fn found<T: Serialize>(record: T, message: &'static str) -> Answer {
    Ok(good(Status::Success, record, 1, message))
}

pub fn created<T: Serialize>(record: T, message: &'static str) -> Answer {
    Ok(good(Status::Created, record, 1, message))
}

pub fn list<T: Serialize>(records: Vec<T>, message: &'static str) -> Answer {
    let count = records.len() as u64;
    Ok(good(Status::Success, records, count, message))
}

fn good<T: Serialize>(
    status: Status,
    payload: T,
    rows: u64,
    message: impl Into<Cow<'static, str>>,
) -> Response {
    answered(status.http(), &Envelope::success(status, payload, rows, message))
}

fn answered<T: Serialize>(status: u16, envelope: &Envelope<T>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(envelope)).into_response()
}

/// A body that a crate's input type reads: whatever is wrong with it is told in one answer.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: Input> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let json = Bytes::from_request(request, state).await.map_err(|_| Problems::unreadable())?;
        Ok(Self(T::from_json(&json)?))
    }
}

/// For paths that nobody serves.
pub async fn not_found() -> Failure {
    ApiError::new(Code::NotFound).into()
}
