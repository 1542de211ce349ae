//! The service, if there is one.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use kseekers_envelope::{ApiError, actix::Argument};

use crate::{FileService, ObjectError};

/// The service that the routes work with. Where no bucket is configured there is none.
pub(super) struct Files(pub(super) Data<FileService>);

impl FromRequest for Files {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let service = request.app_data::<Data<FileService>>().cloned().map(Self);
        ready(service.ok_or_else(|| ObjectError::Unreachable("no bucket is configured".into()).into()))
    }
}

impl Argument for Files {}
