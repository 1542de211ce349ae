//! The routes, for actix-web.
//!
//! They look for `web::Data<AuthService>` in the app's data. Routes that ask for a `CurrentUser` or an `Admin` want the
//! same service there as `web::Data<dyn Authenticator>`.

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use kseekers_access::{AccessError, actix::bearer_token};
use kseekers_envelope::{
    ApiError, Code,
    actix::{Access, Argument, Body, Created, Operation, Reply, RouteTable},
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

async fn me(SignedIn(user): SignedIn) -> Result<Reply<User>, ApiError> {
    Ok(Reply::record(user, "User profile retrieved successfully"))
}

/// Any signed-in user, like `CurrentUser` of kseekers-access, with all that clients see of one. It was read from the
/// store to find out who asks, so that a handler need not read it again.
#[derive(Debug, Clone)]
pub struct SignedIn(pub User);

impl FromRequest for SignedIn {
    type Error = ApiError;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let token = bearer_token(&request)?.ok_or(AccessError::NotAuthenticated)?;
            let Some(auth) = request.app_data::<Data<AuthService>>() else {
                return Err(ApiError::new(Code::Internal).with_cause("no AuthService in the app's data"));
            };
            Ok(Self(auth.signed_in(token).await?))
        })
    }
}

impl Argument for SignedIn {
    fn describe(operation: &mut Operation) {
        operation.access = Access::User;
    }
}
