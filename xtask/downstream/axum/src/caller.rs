//! Who asks: extractors for axum, on the crate's `Authenticator`.

use axum::{
    extract::FromRequestParts,
    http::{header::AUTHORIZATION, request::Parts},
};
use kseekers_access::{AccessError, Authenticator, Caller, bearer};

use crate::{Portal, answer::Failure};

/// Anybody; who shows a token, shows a good one.
pub struct Anybody(pub Option<Caller>);

/// Somebody who is signed in.
pub struct SignedIn(pub Caller);

/// An administrator.
pub struct Admin;

impl FromRequestParts<Portal> for Anybody {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Failure> {
        let Some(header) = parts.headers.get(AUTHORIZATION) else { return Ok(Self(None)) };
        let token = bearer(header.to_str().map_err(|_| AccessError::NotAuthenticated)?)?;
        Ok(Self(Some(portal.auth.authenticate(token).await?)))
    }
}

impl FromRequestParts<Portal> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Failure> {
        let Anybody(caller) = Anybody::from_request_parts(parts, portal).await?;
        Ok(Self(caller.ok_or(AccessError::NotAuthenticated)?))
    }
}

impl FromRequestParts<Portal> for Admin {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Failure> {
        let SignedIn(caller) = SignedIn::from_request_parts(parts, portal).await?;
        if caller.is_admin { Ok(Self) } else { Err(AccessError::PermissionDenied.into()) }
    }
}
