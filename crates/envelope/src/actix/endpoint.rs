//! A handler as a route calls it.

use std::panic::AssertUnwindSafe;

use actix_web::{Handler, HttpRequest, HttpResponse, web};
use futures_util::FutureExt;

use super::{
    Answer, Arguments, RequestContext,
    gate::{Gate, Pass},
    respond,
};
use crate::{ApiError, Code};

/// Calls the handler and makes its answer, whatever happens.
pub(super) async fn serve<H, A>(
    handler: H,
    gated: bool,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse
where
    H: Handler<A>,
    H::Output: Answer,
    A: Arguments,
{
    let work = async {
        if gated && let Err(error) = Pass::admit(&request) {
            return api_error(&error, &request);
        }
        let response = match A::extract(&request, &mut payload.into_inner()).await {
            Ok(arguments) => handler.call(arguments).await.respond(&request),
            Err(error) => respond::error_response(&error, RequestContext::of(&request).as_ref()),
        };
        // The request itself may live on in the response.
        Gate::leave(&request);
        response
    };
    // Caught here, where the request is still at hand, so that layers such as CORS treat the answer like any other.
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => respond::panicked(panic.as_ref(), RequestContext::of(&request).as_ref()),
    }
}

/// Answers the methods that a path does not have with 405, and `OPTIONS` with those that it has: for
/// `Resource::default_service`. `allow` is the value of the header, such as `GET, HEAD, OPTIONS`.
pub fn other_methods(allow: impl Into<String>) -> actix_web::Route {
    let allow = allow.into();
    web::to(move |request: HttpRequest| other_method(allow.clone(), request))
}

async fn other_method(allow: String, request: HttpRequest) -> HttpResponse {
    if request.method() == actix_web::http::Method::OPTIONS {
        return HttpResponse::NoContent().insert_header((actix_web::http::header::ALLOW, allow)).finish();
    }
    api_error(&ApiError::new(Code::MethodNotAllowed).with_allow(allow), &request)
}

fn api_error(error: &ApiError, request: &HttpRequest) -> HttpResponse {
    respond::api_error_response(error, RequestContext::of(request).as_ref())
}
