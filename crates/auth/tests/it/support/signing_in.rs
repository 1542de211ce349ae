//! Asking for codes and typing them back.

use std::time::Duration;

use kseekers_auth::{
    AccessToken, AuthError, AuthService, AuthSettings, CodeAnswer, CodeRequest, Identifier, TypedCode,
};

use super::{Mailbox, Stores};

/// Failing takes no time, except where that is what is tested.
pub(crate) fn fast() -> AuthSettings {
    AuthSettings { failure_time: Duration::ZERO, ..AuthSettings::default() }
}

pub(crate) fn request(identifier: &str) -> CodeRequest {
    CodeRequest { username_or_email: Identifier::parse(identifier).unwrap() }
}

pub(crate) async fn sign_in(
    service: &AuthService,
    identifier: &str,
    code: &str,
) -> Result<AccessToken, AuthError> {
    let answer = CodeAnswer {
        username_or_email: Identifier::parse(identifier).unwrap(),
        otp_code: TypedCode::parse(code).unwrap(),
    };
    service.sign_in(&answer).await
}

pub(crate) async fn refused(service: &AuthService, identifier: &str, code: &str) -> bool {
    matches!(sign_in(service, identifier, code).await, Err(AuthError::InvalidCode))
}

/// A code that is not this one.
pub(crate) fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

/// The token of a user, Ada, who has just signed in.
pub(crate) async fn signed_in(stores: &Stores, service: &AuthService, mailbox: &mut Mailbox) -> String {
    stores.add_user("ada").await;
    service.request_code(&request("ada")).await.unwrap();
    sign_in(service, "ada", &mailbox.next().await.code).await.unwrap().access_token
}
