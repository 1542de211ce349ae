//! What the SDK's errors mean.

use std::error::Error;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::{
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use kseekers_envelope::BoxError;

use crate::ObjectError;

/// The bucket or the credentials are wrong, whatever was asked for.
const REFUSALS: [&str; 10] = [
    "AccessDenied",
    "AuthorizationHeaderMalformed",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidToken",
    "NoSuchBucket",
    "PermanentRedirect",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "TemporaryRedirect",
];

/// `kind` is what has failed when the store can be reached and does not refuse.
pub(super) fn classify<E>(error: SdkError<E, HttpResponse>, kind: fn(BoxError) -> ObjectError) -> ObjectError
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    let kind = match &error {
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) => ObjectError::Unreachable,
        // The answer to a HEAD has no body to say more.
        SdkError::ServiceError(answer)
            if matches!(answer.raw().status().as_u16(), 301 | 307 | 401 | 403)
                || answer.err().code().is_some_and(|code| REFUSALS.contains(&code)) =>
        {
            ObjectError::Refused
        }
        _ => kind,
    };
    kind(describe(error).into())
}

/// For the log. Of an answer only what names the problem: its body may repeat the request's signature.
fn describe<E>(error: SdkError<E, HttpResponse>) -> String
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    let SdkError::ServiceError(answer) = &error else {
        return DisplayErrorContext(error).to_string();
    };
    let status = answer.raw().status().as_u16();
    let meta = answer.err().meta();
    let mut text = format!("answer {status}");
    let details = [("code", meta.code()), ("message", meta.message()), ("request", meta.request_id())];
    for (name, value) in details {
        if let Some(value) = value {
            text = format!("{text}, {name} {value:?}");
        }
    }
    text
}
