//! The parts of a path that vary.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};

use super::{Argument, InputDoc, Operation};
use crate::{
    ApiError,
    input::{Input, Problems},
};

/// The parts of the path that vary, read as `T` with the same rules and messages as a [`Body`](super::Body). Each field
/// has the name that its part has in the route.
///
/// ```
/// use kseekers_envelope::{ApiError, actix::{Path, Reply, RouteTable}, input::Id};
///
/// # struct Shelf;
/// kseekers_envelope::input! {
///     /// A shelf by its number.
///     pub struct ShelfById {
///         /// The number.
///         pub id: Id<Shelf>,
///     }
/// }
///
/// async fn shelf(Path(ShelfById { id }): Path<ShelfById>) -> Result<Reply<i32>, ApiError> {
///     Ok(Reply::record(id.get(), "Found"))
/// }
///
/// let routes = RouteTable::new("Shelves").get("/shelves/{id}", "One shelf", shelf);
/// ```
#[derive(Debug, Clone)]
pub struct Path<T>(pub T);

impl<T: Input> FromRequest for Path<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // Only actix's own extractor undoes all of the percent encoding.
        let values = web::Path::<Vec<String>>::extract(request).into_inner();
        let input = values.map_err(|_| Problems::unreadable()).and_then(|values| {
            let names = request.match_info().iter().map(|(name, _)| name.to_owned());
            T::from_pairs(&names.zip(values.into_inner()).collect::<Vec<_>>())
        });
        ready(input.map(Self).map_err(ApiError::from))
    }
}

impl<T: Input> Argument for Path<T> {
    fn describe(operation: &mut Operation) {
        operation.path = Some(InputDoc { name: T::NAME, fields: T::FIELDS });
    }
}
