//! What stands in a token.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::TokenSettings;
use crate::User;

/// What we write. The first five are what clients of the Python system read, the others those of RFC 7519.
#[derive(Serialize)]
pub(super) struct Claims<'a> {
    user_id: i32,
    username: &'a str,
    /// As it was when the token was made; for clients to show, never for us to trust.
    is_admin: bool,
    #[serde(rename = "memberGUId")]
    member_guid: String,
    /// Seconds since 1970, with a fraction because the Python system wrote one.
    expiry: f64,
    sub: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<&'a str>,
}

impl<'a> Claims<'a> {
    pub(super) fn new(user: &'a User, settings: &'a TokenSettings, now: DateTime<Utc>, jti: String) -> Self {
        let now = now.timestamp();
        let lifetime = i64::try_from(settings.lifetime.as_secs()).unwrap_or(i64::MAX);
        let exp = now.saturating_add(lifetime);
        Self {
            user_id: user.id.get(),
            username: &user.username,
            is_admin: user.is_admin,
            member_guid: user.id.to_string(),
            expiry: exp as f64,
            sub: user.id.to_string(),
            iat: now,
            nbf: now,
            exp,
            jti,
            iss: settings.issuer.as_deref(),
            aud: settings.audience.as_deref(),
        }
    }
}

/// What we read. Times may have a fraction (RFC 7519, 2).
#[derive(Deserialize)]
pub(super) struct Presented {
    pub(super) sub: String,
    pub(super) exp: f64,
    pub(super) nbf: f64,
}
