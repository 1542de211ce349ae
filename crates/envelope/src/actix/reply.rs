//! Good answers.

use std::borrow::Cow;

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{RequestContext, respond};
use crate::{ApiError, Code, Envelope, RawJson, Status};

/// A good answer with a payload of type `T`: 200.
#[derive(Debug)]
pub struct Reply<T> {
    payload: T,
    row_count: u64,
    message: Cow<'static, str>,
}

/// An answer that says that something new exists: 201.
#[derive(Debug)]
pub struct Created<T>(Reply<T>);

impl<T> Reply<T> {
    /// One record.
    pub fn record(payload: T, message: impl Into<Cow<'static, str>>) -> Self {
        Self { payload, row_count: 1, message: message.into() }
    }

    /// One record that did not exist before.
    pub fn created(payload: T, message: impl Into<Cow<'static, str>>) -> Created<T> {
        Created(Self::record(payload, message))
    }

    fn respond(self, status: Status, request: &HttpRequest) -> HttpResponse
    where
        T: Serialize,
    {
        let context = RequestContext::of(request);
        let mut envelope = Envelope::success(status, self.payload, self.row_count, self.message);
        if let Some(context) = &context {
            envelope = context.complete(envelope);
        }
        let mut response = HttpResponse::build(respond::status(status.http()));
        respond::json(&mut response, &envelope).unwrap_or_else(|error| {
            respond::api_error_response(&ApiError::new(Code::Internal).with_cause(error), context.as_ref())
        })
    }
}

impl<T> Reply<Vec<T>> {
    /// A list of records.
    pub fn list(payload: Vec<T>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { row_count: payload.len() as u64, payload, message: message.into() }
    }
}

impl<T> Reply<RawJson<T>> {
    /// JSON that was made earlier.
    pub fn raw(payload: RawJson<T>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { row_count: payload.row_count(), payload, message: message.into() }
    }
}

/// What a route answers when all is well, for the OpenAPI document.
#[derive(Debug, Clone, Default)]
pub struct AnswerDoc {
    /// The HTTP status, 0 if the handler does not say.
    pub http: u16,
    /// The word in the envelope's `status`.
    pub status: &'static str,
    /// Name of the payload's type.
    pub name: String,
    /// The payload.
    pub payload: Value,
    /// The types that the payload refers to.
    pub parts: Vec<(String, Value)>,
}

impl AnswerDoc {
    fn of<T: ToSchema>(status: Status) -> Self {
        let mut parts = Vec::new();
        T::schemas(&mut parts);
        let name = std::any::type_name::<T>();
        let name = if name.starts_with("alloc::vec::Vec<") {
            format!("[{}]", short(name))
        } else {
            short(name).into()
        };
        let parts = parts.iter().map(|(name, part)| (name.clone(), to_value(part))).collect();
        Self { http: status.http(), status: status.status(), name, payload: to_value(&T::schema()), parts }
    }
}

/// A schema that utoipa made cannot fail to serialise; were it to, anything would be allowed in its place.
fn to_value(schema: &impl Serialize) -> Value {
    serde_json::to_value(schema).unwrap_or(Value::Bool(true))
}

/// The last part of a path, also of the only type argument.
fn short(name: &str) -> &str {
    let inner = name.trim_end_matches('>').rsplit('<').next().unwrap_or(name);
    inner.rsplit("::").next().unwrap_or(inner)
}

/// What a handler in a [`RouteTable`](super::RouteTable) may return.
pub trait Answer {
    /// What it looks like.
    fn describe() -> AnswerDoc;

    /// The finished response.
    fn respond(self, request: &HttpRequest) -> HttpResponse;
}

impl<T: Serialize + ToSchema> Answer for Reply<T> {
    fn describe() -> AnswerDoc {
        AnswerDoc::of::<T>(Status::Success)
    }

    fn respond(self, request: &HttpRequest) -> HttpResponse {
        self.respond(Status::Success, request)
    }
}

impl<T: Serialize + ToSchema> Answer for Created<T> {
    fn describe() -> AnswerDoc {
        AnswerDoc::of::<T>(Status::Created)
    }

    fn respond(self, request: &HttpRequest) -> HttpResponse {
        self.0.respond(Status::Created, request)
    }
}

impl<A: Answer> Answer for Result<A, ApiError> {
    fn describe() -> AnswerDoc {
        A::describe()
    }

    fn respond(self, request: &HttpRequest) -> HttpResponse {
        match self {
            Ok(answer) => answer.respond(request),
            Err(error) => respond::api_error_response(&error, RequestContext::of(request).as_ref()),
        }
    }
}
