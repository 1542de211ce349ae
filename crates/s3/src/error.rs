//! What can go wrong, and what clients are told of it.

use std::{borrow::Cow, io};

use kseekers_envelope::{BoxError, Code, ErrorCode};

/// Why an object could not be had. The `Display` is for the log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectError {
    /// The store does not answer: 503.
    #[error("cannot reach the object store: {0}")]
    Unreachable(#[source] BoxError),
    /// The store has answered that there is no such bucket, or that these keys may not do this: 503.
    #[error("the object store refuses: {0}")]
    Refused(#[source] BoxError),
    /// There is no such object: 404.
    #[error("no such object")]
    NotFound,
    /// The object could not be written: 503.
    #[error("cannot write the object: {0}")]
    Write(#[source] BoxError),
    /// The object could not be read: 503.
    #[error("cannot read the object: {0}")]
    Read(#[source] BoxError),
    /// The object could not be deleted: 503.
    #[error("cannot delete the object: {0}")]
    Delete(#[source] BoxError),
    /// A link could not be made: 503.
    #[error("cannot presign a request: {0}")]
    Presign(#[source] BoxError),
    /// The stream to be written failed with this error, and nothing of it is stored: 400.
    #[error("the content could not be read: {0}")]
    Content(#[source] io::Error),
}

impl ErrorCode for ObjectError {
    fn code(&self) -> Code {
        match self {
            ObjectError::NotFound => Code::NotFound,
            ObjectError::Content(_) => Code::BadRequest,
            ObjectError::Unreachable(_)
            | ObjectError::Refused(_)
            | ObjectError::Write(_)
            | ObjectError::Read(_)
            | ObjectError::Delete(_)
            | ObjectError::Presign(_) => Code::Unavailable,
        }
    }

    fn message(&self) -> Cow<'static, str> {
        match self {
            ObjectError::Unreachable(_)
            | ObjectError::Refused(_)
            | ObjectError::Read(_)
            | ObjectError::Delete(_) => "Error in connecting to AWS resources".into(),
            ObjectError::Write(_) => "Error in writing to S3 bucket".into(),
            ObjectError::Presign(_) => "Error in generating download link".into(),
            ObjectError::NotFound | ObjectError::Content(_) => self.code().message().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_told_what_failed_and_nothing_of_the_inside() {
        let inside = || BoxError::from("10.0.0.7 refused AKIA");
        let aws = "Error in connecting to AWS resources";
        let told = [
            (ObjectError::Unreachable(inside()), 503, aws),
            (ObjectError::Refused(inside()), 503, aws),
            (ObjectError::Read(inside()), 503, aws),
            (ObjectError::Delete(inside()), 503, aws),
            (ObjectError::Write(inside()), 503, "Error in writing to S3 bucket"),
            (ObjectError::Presign(inside()), 503, "Error in generating download link"),
            (ObjectError::NotFound, 404, "Resource not found"),
            (
                ObjectError::Content(io::ErrorKind::TimedOut.into()),
                400,
                "Sending Incorrect Request payload format",
            ),
        ];
        for (error, status, message) in told {
            assert_eq!((error.code().http(), &*error.message()), (status, message), "{error:?}");
            assert_eq!(error.stack(), [message]);
        }
    }
}
