//! The JSON body of a request.

use std::{pin::pin, time::Duration};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH},
    web,
};
use bytes::{Bytes, BytesMut};
use futures_util::{FutureExt, StreamExt, future::LocalBoxFuture};

use super::{Argument, InputDoc, Operation, gate::Pass};
use crate::{
    ApiError, Code,
    input::{Input, Problems},
};

/// The body of a request, read as `T`.
///
/// A body that claims not to be JSON is refused with 415, one that is too large with 413, and everything else that is
/// wrong with it with 400 and a line for each problem.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

/// How much of a body is read, and for how long. Put it into `App::app_data` as `web::Data` to change it.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// Most bytes.
    pub bytes: usize,
    /// Longest time from the first byte waited for to the last one read.
    pub time: Duration,
}

impl Default for BodyLimits {
    /// 256 KiB within 30 s.
    fn default() -> Self {
        Self { bytes: 256 * 1024, time: Duration::from_secs(30) }
    }
}

impl<T: Input + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        async move {
            let json = read(&request, payload).await?;
            Ok(Self(T::from_json(&json)?))
        }
        .boxed_local()
    }
}

impl<T: Input + 'static> Argument for Body<T> {
    fn describe(operation: &mut Operation) {
        operation.body = Some(InputDoc { name: T::NAME, fields: T::FIELDS });
    }
}

async fn read(request: &HttpRequest, payload: Payload) -> Result<Bytes, ApiError> {
    check_type(request)?;
    let limits = request.app_data::<web::Data<BodyLimits>>().map(|limits| ***limits).unwrap_or_default();
    if announced_length(request).is_some_and(|length| length > limits.bytes as u64) {
        return Err(ApiError::new(Code::PayloadTooLarge));
    }
    let late = |_| ApiError::from(Problems::rule("Request body took too long to arrive"));
    let mut arriving = pin!(tokio::time::timeout(limits.time, collect(payload, limits.bytes)));
    if let Some(body) = arriving.as_mut().now_or_never() {
        return body.map_err(late)?;
    }
    let pass = Pass::of(request);
    pass.iter().for_each(Pass::leave);
    let body = arriving.await.map_err(late)??;
    pass.iter().try_for_each(Pass::enter)?;
    Ok(body)
}

async fn collect(mut payload: Payload, limit: usize) -> Result<Bytes, ApiError> {
    let broken = |_| ApiError::from(Problems::unreadable());
    let Some(first) = payload.next().await else { return Ok(Bytes::new()) };
    let first = first.map_err(broken)?;
    let Some(second) = payload.next().await else {
        // The usual small body comes in one piece and is not copied.
        return if first.len() > limit { Err(ApiError::new(Code::PayloadTooLarge)) } else { Ok(first) };
    };
    let mut body = BytesMut::from(first);
    let mut next = Some(second);
    while let Some(chunk) = next {
        let chunk = chunk.map_err(broken)?;
        if body.len() + chunk.len() > limit {
            return Err(ApiError::new(Code::PayloadTooLarge));
        }
        body.extend_from_slice(&chunk);
        next = payload.next().await;
    }
    Ok(body.freeze())
}

/// No content type counts as JSON; a compressed body is none that we read.
fn check_type(request: &HttpRequest) -> Result<(), ApiError> {
    let claimed = request.content_type().trim();
    let subtype = claimed.split_once('/').map_or(claimed, |(_, subtype)| subtype).to_ascii_lowercase();
    let json = claimed.is_empty() || subtype == "json" || subtype.ends_with("+json");
    if json && !is_encoded(request) { Ok(()) } else { Err(ApiError::new(Code::UnsupportedMediaType)) }
}

/// How many bytes the body has, if the client says so.
pub fn announced_length(request: &HttpRequest) -> Option<u64> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Whether the client says that the body is compressed or encoded in another way.
pub fn is_encoded(request: &HttpRequest) -> bool {
    let coding = request.headers().get(CONTENT_ENCODING);
    coding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}
