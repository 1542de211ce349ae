//! The routes, for actix-web.
//!
//! They look for `web::Data<AuthService>` in the app's data; `/auth/me` also for `web::Data<dyn Authenticator>`, which
//! is the same service.

use actix_web::web::Data;
use kseekers_access::actix::CurrentUser;
use kseekers_envelope::{
    ApiError,
    actix::{Body, Created, Reply, RouteTable},
};

use crate::{AccessToken, AuthService, CodeAnswer, CodeRequest, CodeRequested, NewUser, User};

/// All routes of this crate.
pub fn routes() -> RouteTable {
    RouteTable::new("Auth")
        .post("/auth/register", "Become a user", register)
        .post("/auth/otp/request", "Ask for a one-time code", request_code)
        .post("/auth/otp/verify", "Exchange a one-time code for a token", sign_in)
        .get("/auth/me", "Who is signed in", me)
}

async fn register(auth: Data<AuthService>, Body(new): Body<NewUser>) -> Result<Created<User>, ApiError> {
    let user = auth.register(&new).await?;
    Ok(Reply::created(user, "User created successfully"))
}

async fn request_code(
    auth: Data<AuthService>,
    Body(request): Body<CodeRequest>,
) -> Result<Reply<CodeRequested>, ApiError> {
    let requested = auth.request_code(&request).await?;
    Ok(Reply::record(requested, "OTP sent successfully"))
}

async fn sign_in(
    auth: Data<AuthService>,
    Body(answer): Body<CodeAnswer>,
) -> Result<Reply<AccessToken>, ApiError> {
    let token = auth.sign_in(&answer).await?;
    Ok(Reply::record(token, "Token generated successfully"))
}

async fn me(CurrentUser(caller): CurrentUser, auth: Data<AuthService>) -> Result<Reply<User>, ApiError> {
    let user = auth.profile(caller.user_id).await?;
    Ok(Reply::record(user, "User profile retrieved successfully"))
}
