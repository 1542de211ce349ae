//! A file in the body of a request.

use std::io;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{
    FromRequest, HttpMessage, HttpRequest, dev::Payload, error::PayloadError, http::header::CONTENT_TYPE,
    web::Data,
};
use futures_util::{
    FutureExt, TryStreamExt,
    future::{LocalBoxFuture, join},
};
use kseekers_access::Caller;
use kseekers_envelope::{
    ApiError, Code,
    actix::{Argument, FileDoc, Gate, Operation, Place, announced_length, is_encoded},
    input::{Problem, Problems},
};
use tracing::Instrument;

use super::{
    limits::{UploadLimits, limited},
    relay::{Closed, Inlet, relay},
};
use crate::{ContentType, File, FileName, FileService};

/// The name of the part that holds the file.
const PART: &str = "file";

/// A body of type `multipart/form-data`, read up to the beginning of its file.
pub(super) struct Upload {
    name: FileName,
    content_type: ContentType,
    arriving: Arriving,
    _place: Place,
}

/// What is still to come.
struct Arriving {
    parts: Multipart,
    file: Field,
    /// Bytes that the file may still have.
    room: u64,
}

impl FromRequest for Upload {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        begin(request, payload).boxed_local()
    }
}

impl Argument for Upload {
    fn describe(operation: &mut Operation) {
        operation.file = Some(FileDoc { part: PART });
    }
}

async fn begin(request: HttpRequest, payload: Payload) -> Result<Upload, ApiError> {
    check_type(&request)?;
    let limits = UploadLimits::of(&request);
    if announced_length(&request).is_some_and(|length| length > limits.body()) {
        return Err(ApiError::new(Code::PayloadTooLarge));
    }
    let place = limits.gate.enter()?;
    // From here on the client sets the pace.
    Gate::leave(&request);
    let mut parts = Multipart::new(request.headers(), limited(payload, &limits));
    let missing = || Problems::rule(Problem::Missing.line(PART));
    let file = next_file(&mut parts).await?.ok_or_else(missing)?;
    let sent = file.content_disposition().and_then(|disposition| disposition.get_filename());
    let name = match sent {
        // A part without a name is a plain text field.
        None => return Err(Problems::rule(Problem::Incorrect.line(PART)).into()),
        // What a browser sends when nobody has chosen a file.
        Some("") => return Err(missing().into()),
        Some(name) => FileName::sent(name),
    };
    let content_type = file.headers().get(CONTENT_TYPE).and_then(|sent| sent.to_str().ok());
    let content_type = ContentType::sent(content_type);
    Ok(Upload { name, content_type, arriving: Arriving { parts, file, room: limits.bytes }, _place: place })
}

/// The next part that is the file; other parts are passed over, as unknown keys are.
async fn next_file(parts: &mut Multipart) -> Result<Option<Field>, ApiError> {
    while let Some(mut part) = parts.try_next().await.map_err(broken)? {
        if part.name() == Some(PART) {
            return Ok(Some(part));
        }
        while part.try_next().await.map_err(broken)?.is_some() {}
    }
    Ok(None)
}

impl Upload {
    /// Stores the file while it arrives.
    pub(super) async fn store(self, files: Data<FileService>, owner: Caller) -> Result<File, ApiError> {
        let Self { name, content_type, arriving, _place } = self;
        let (inlet, content) = relay();
        let storing = async move { files.upload(&owner, name, content_type, content).await };
        // A task of its own: should the request be given up, it still removes what was stored so far.
        let storing = tokio::spawn(storing.in_current_span());
        let (arrived, stored) = join(arriving.send_to(inlet), storing).await;
        // What is wrong with the request is also why it could not be stored.
        arrived?;
        let stored = stored.map_err(|panic| ApiError::new(Code::Internal).with_cause(panic))?;
        Ok(stored?)
    }
}

impl Arriving {
    /// Sends all that arrives; the end only when all of the body is as it should be.
    async fn send_to(mut self, inlet: Inlet) -> Result<(), ApiError> {
        while let Some(chunk) = self.file.try_next().await.map_err(broken)? {
            self.room = self
                .room
                .checked_sub(chunk.len() as u64)
                .ok_or_else(|| ApiError::new(Code::PayloadTooLarge))?;
            if let Err(Closed) = inlet.send(chunk).await {
                // Storing has failed, and says why itself.
                return Ok(());
            }
        }
        drop(self.file);
        if next_file(&mut self.parts).await?.is_some() {
            return Err(Problems::rule("Only one file can be uploaded at a time").into());
        }
        // Nobody there to hear it: as above.
        let _ = inlet.finish().await;
        Ok(())
    }
}

/// What is wrong with a body that cannot be read to its end.
fn broken(error: MultipartError) -> ApiError {
    let kind = match error {
        MultipartError::Payload(PayloadError::Io(error)) => Some(error.kind()),
        _ => None,
    };
    match kind {
        Some(io::ErrorKind::FileTooLarge) => ApiError::new(Code::PayloadTooLarge),
        Some(io::ErrorKind::TimedOut) => Problems::rule("Request body took too long to arrive").into(),
        _ => Problems::unreadable().into(),
    }
}

fn check_type(request: &HttpRequest) -> Result<(), ApiError> {
    let form = request.content_type().trim().eq_ignore_ascii_case("multipart/form-data");
    if form && !is_encoded(request) { Ok(()) } else { Err(ApiError::new(Code::UnsupportedMediaType)) }
}
