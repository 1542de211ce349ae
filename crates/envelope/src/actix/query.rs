//! The query string of a request.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};

use super::{Argument, InputDoc, Operation};
use crate::{
    ApiError,
    input::{Input, Problems},
};

/// The query string, read as `T` with the same rules and messages as a [`Body`](super::Body).
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: Input> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
        let input = pairs.map_err(|_| Problems::unreadable()).and_then(|pairs| T::from_pairs(&pairs));
        ready(input.map(Self).map_err(ApiError::from))
    }
}

impl<T: Input> Argument for Query<T> {
    fn describe(operation: &mut Operation) {
        operation.query = Some(InputDoc { name: T::NAME, fields: T::FIELDS });
    }
}
