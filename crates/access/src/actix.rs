//! Extractors for actix-web: asking for one is the permission check.
//!
//! They look for `web::Data<dyn Authenticator>` in the app's data:
//!
//! ```
//! # use std::sync::Arc;
//! # use actix_web::{App, web};
//! # use kseekers_access::Authenticator;
//! # fn app(authenticator: Arc<dyn Authenticator>) {
//! let app = App::new().app_data(web::Data::from(authenticator));
//! # }
//! ```
//!
//! In a [`RouteTable`](kseekers_envelope::actix::RouteTable) they are judged before the body if they stand before it.

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::AUTHORIZATION, web};
use kseekers_envelope::{
    ApiError, Code,
    actix::{Access, Argument, Operation},
};

use crate::{AccessError, Authenticator, Caller, bearer};

/// Any signed-in user.
#[derive(Debug, Clone)]
pub struct CurrentUser(pub Caller);

/// A signed-in user, or nobody. A token that does not count is an error, not nobody.
#[derive(Debug, Clone)]
pub struct OptionalUser(pub Option<Caller>);

/// A signed-in administrator.
#[derive(Debug, Clone)]
pub struct Admin(pub Caller);

macro_rules! extractor {
    ($name:ident, $access:expr, $from:ident) => {
        impl FromRequest for $name {
            type Error = ApiError;
            type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let request = request.clone();
                Box::pin(async move { $from(caller(&request).await?) })
            }
        }

        impl Argument for $name {
            fn describe(operation: &mut Operation) {
                operation.access = $access;
            }
        }
    };
}

extractor!(CurrentUser, Access::User, current_user);
extractor!(OptionalUser, Access::Optional, optional_user);
extractor!(Admin, Access::Admin, admin);

fn current_user(caller: Option<Caller>) -> Result<CurrentUser, ApiError> {
    caller.map(CurrentUser).ok_or_else(|| AccessError::NotAuthenticated.into())
}

fn optional_user(caller: Option<Caller>) -> Result<OptionalUser, ApiError> {
    Ok(OptionalUser(caller))
}

fn admin(caller: Option<Caller>) -> Result<Admin, ApiError> {
    let CurrentUser(caller) = current_user(caller)?;
    if caller.is_admin { Ok(Admin(caller)) } else { Err(AccessError::PermissionDenied.into()) }
}

/// Nobody if there is no `Authorization` header.
async fn caller(request: &HttpRequest) -> Result<Option<Caller>, ApiError> {
    let Some(token) = bearer_token(request)? else { return Ok(None) };
    let Some(authenticator) = request.app_data::<web::Data<dyn Authenticator>>() else {
        return Err(ApiError::new(Code::Internal).with_cause("no Authenticator in the app's data"));
    };
    Ok(Some(authenticator.authenticate(token).await?))
}

/// The token of `Authorization: Bearer <token>`, for an extractor that finds more than the [`Caller`] with it; `None`
/// without such a header.
///
/// # Errors
/// [`AccessError::NotAuthenticated`] if the header holds anything else.
pub fn bearer_token(request: &HttpRequest) -> Result<Option<&str>, AccessError> {
    let Some(header) = request.headers().get(AUTHORIZATION) else { return Ok(None) };
    bearer(header.to_str().map_err(|_| AccessError::NotAuthenticated)?).map(Some)
}
