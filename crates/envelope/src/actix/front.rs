//! The layer around everything.

use std::panic::AssertUnwindSafe;

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::header::{
        CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, TRANSFER_ENCODING,
    },
    middleware::Next,
};
use futures_util::FutureExt;
use tracing::Instrument;

use super::{
    context::{REQUEST_ID, RequestContext},
    respond,
};

/// Gives each request its id, its clock and its span in the log; puts what fails outside of the routes into the
/// envelope; writes one line for each request.
///
/// Use it with `actix_web::middleware::from_fn`, as the last `wrap` of the app, so that it is the outermost layer.
///
/// # Errors
/// Only errors that carry their finished response.
pub async fn front(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let context = RequestContext::new(&request);
    let span = tracing::info_span!("request", id = context.request_id().as_str());
    inside(request, next, context).instrument(span).await
}

async fn inside(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    context: RequestContext,
) -> Result<ServiceResponse<BoxBody>, Error> {
    // The path without its query: that may hold what does not belong into a log.
    let (method, path) = (request.method().clone(), request.path().to_owned());
    request.extensions_mut().insert(context.clone());

    let outcome = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let (served, response) = match outcome {
        Ok(Ok(answer)) => {
            let (request, response) = answer.map_into_boxed_body().into_parts();
            let response = match response.error() {
                Some(error) => with_headers_of(&response, respond::error_response(error, Some(&context))),
                None => response,
            };
            (Some(request), response)
        }
        Ok(Err(error)) => (None, respond::error_response(&error, Some(&context))),
        Err(panic) => (None, respond::panicked(panic.as_ref(), Some(&context))),
    };

    let response = finish(response, &context);
    let (status, ms) = (response.status().as_u16(), context.seconds() * 1e3);
    tracing::info!(target: "kseekers::request", "{method} {path} {status} {ms:.1} ms");
    match served {
        Some(request) => Ok(ServiceResponse::new(request, response)),
        None => Err(InternalError::from_response("answered", response).into()),
    }
}

/// Layers further in, such as CORS, may have added headers that the new answer needs as well.
fn with_headers_of(old: &HttpResponse, mut new: HttpResponse) -> HttpResponse {
    // What describes the body that is thrown away.
    let of_the_body = [CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING];
    for (name, value) in old.headers() {
        if !of_the_body.contains(name) && !new.headers().contains_key(name) {
            new.headers_mut().append(name.clone(), value.clone());
        }
    }
    new
}

fn finish(mut response: HttpResponse, context: &RequestContext) -> HttpResponse {
    let id: HeaderValue = context.request_id().header();
    response.headers_mut().insert(HeaderName::from_static(REQUEST_ID), id);
    response
}
