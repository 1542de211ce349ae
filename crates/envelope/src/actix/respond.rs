//! The one place where errors become responses.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError,
    http::{StatusCode, header::ContentType},
};
use serde::Serialize;

use super::RequestContext;
use crate::{ApiError, Code, Envelope};

/// The answer for any error, in the envelope; a fault of the service goes to the log with its cause.
pub(super) fn error_response(error: &actix_web::Error, context: Option<&RequestContext>) -> HttpResponse {
    match error.as_error::<ApiError>() {
        Some(error) => api_error_response(error, context),
        None => api_error_response(&foreign(error), context),
    }
}

pub(super) fn api_error_response(error: &ApiError, context: Option<&RequestContext>) -> HttpResponse {
    let mut envelope = Envelope::error(error);
    if error.code().is_server_fault() {
        log(error);
        if let Some(context) = context {
            envelope.result.error_stack.push(format!("request id {}", context.request_id().as_str()));
        }
    }
    if let Some(context) = context {
        envelope = context.complete(envelope);
    }
    let mut response = HttpResponse::build(status(error.code().http()));
    for (name, value) in error.headers() {
        response.insert_header((name, value.as_ref()));
    }
    // An error's envelope holds text only and cannot fail to serialise.
    json(&mut response, &envelope).unwrap_or_else(|_| HttpResponse::InternalServerError().finish())
}

/// A response whose body is `envelope`, serialised once into the buffer that is sent.
pub(super) fn json<T: Serialize>(
    response: &mut HttpResponseBuilder,
    envelope: &Envelope<T>,
) -> serde_json::Result<HttpResponse> {
    let mut body = Vec::with_capacity(512);
    serde_json::to_writer(&mut body, envelope)?;
    Ok(response.insert_header(ContentType::json()).body(body))
}

/// The answer to a panic. What it said is in the log only.
pub(super) fn panicked(panic: &(dyn std::any::Any + Send), context: Option<&RequestContext>) -> HttpResponse {
    let said = panic.downcast_ref::<&str>().copied();
    let said = said.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    api_error_response(&ApiError::new(Code::Internal).with_cause(format!("panic: {said}")), context)
}

/// Answers a path that nobody serves; for `App::default_service`.
pub async fn not_found(request: HttpRequest) -> HttpResponse {
    api_error_response(&ApiError::new(Code::NotFound), RequestContext::of(&request).as_ref())
}

/// An error that came from actix or another library.
fn foreign(error: &actix_web::Error) -> ApiError {
    let http = error.as_response_error().status_code().as_u16();
    let same = Code::ALL.into_iter().find(|code| code.http() == http);
    let code = same.unwrap_or(if http < 500 { Code::BadRequest } else { Code::Internal });
    let error_text = error.to_string();
    let message = match code {
        Code::Unavailable => Code::Internal.message(),
        code => code.message(),
    };
    let error = ApiError::with_message(code, message);
    // What a library says of a client's mistake is meant for the client; of its own, for the log.
    if code.is_server_fault() { error.with_cause(error_text) } else { error.with_stack(vec![error_text]) }
}

fn log(error: &ApiError) {
    let cause = error.cause_chain();
    let cause = cause.as_deref().unwrap_or("-");
    if error.code() == Code::Unavailable {
        tracing::warn!(cause, "{}", error.message());
    } else {
        tracing::error!(cause, "{}", error.message());
    }
}

pub(super) fn status(http: u16) -> StatusCode {
    StatusCode::from_u16(http).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// For handlers and extractors outside of a [`RouteTable`](super::RouteTable): [`front`](super::front) fills in the
/// time and the request id.
impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        status(self.code().http())
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}
