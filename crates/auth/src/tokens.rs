//! Access tokens: who somebody is, signed, for fifteen minutes.

mod claims;

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation, crypto::aws_lc};
use kseekers_access::{AccessError, UserId};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::{
    AuthError, User,
    clock::{Randomness, random_bytes},
};
use claims::{Claims, Presented};

/// By how many seconds the clocks of two servers may differ. Servers that keep their time by NTP differ by much less;
/// every second more would be a second longer that a token lives.
const LEEWAY: f64 = 5.0;

/// How tokens are signed: HMAC with the secret of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-256.
    #[default]
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
}

impl Algorithm {
    /// As the library calls it, whose types are no part of this crate's.
    const fn of_library(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Hs256 => jsonwebtoken::Algorithm::HS256,
            Self::Hs384 => jsonwebtoken::Algorithm::HS384,
            Self::Hs512 => jsonwebtoken::Algorithm::HS512,
        }
    }
}

/// How tokens are made. A token that was made in another way does not count.
///
/// End it with `..TokenSettings::default()`: a later version may have more settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenSettings {
    /// The one algorithm that counts.
    pub algorithm: Algorithm,
    /// How long a token counts, in whole seconds.
    pub lifetime: Duration,
    /// `iss`: who made the token.
    pub issuer: Option<String>,
    /// `aud`: whom it is for.
    pub audience: Option<String>,
}

impl Default for TokenSettings {
    /// HS256, fifteen minutes, neither issuer nor audience.
    fn default() -> Self {
        let lifetime = Duration::from_secs(15 * 60);
        Self { algorithm: Algorithm::default(), lifetime, issuer: None, audience: None }
    }
}

/// What somebody gets who has signed in.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "actix", derive(utoipa::ToSchema))]
pub struct AccessToken {
    /// The token.
    pub access_token: String,
    /// How to present it: always `bearer`.
    pub token_type: &'static str,
    /// For how many seconds it counts.
    pub expires_in: u64,
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// Makes tokens and reads them.
pub struct Tokens {
    header: Header,
    sign: EncodingKey,
    check: DecodingKey,
    validation: Validation,
    settings: TokenSettings,
}

impl Tokens {
    /// Signs with the secret itself, as other services that share it do.
    ///
    /// # Errors
    /// [`AuthError::Setting`] if the secret is empty or a token would expire at once.
    pub fn new(secret: &SecretString, settings: TokenSettings) -> Result<Self, AuthError> {
        let secret = secret.expose_secret().as_bytes();
        if secret.is_empty() {
            return Err(AuthError::Setting { name: "secret", problem: "must not be empty".into() });
        }
        if settings.lifetime.as_secs() == 0 {
            return Err(AuthError::Setting {
                name: "jwt_expiry",
                problem: "must be at least a second".into(),
            });
        }
        // Without this the library panics at the first signature as soon as any crate turns on its other backend.
        // An error says that somebody has chosen already.
        let _ = aws_lc::DEFAULT_PROVIDER.install_default();
        Ok(Self {
            header: Header::new(settings.algorithm.of_library()),
            sign: EncodingKey::from_secret(secret),
            check: DecodingKey::from_secret(secret),
            validation: validation(&settings),
            settings,
        })
    }

    /// Makes a token that counts from `now` on.
    ///
    /// # Errors
    /// [`AuthError::Randomness`], [`AuthError::TokenNotMade`].
    pub fn issue(
        &self,
        user: &User,
        now: DateTime<Utc>,
        source: &dyn Randomness,
    ) -> Result<AccessToken, AuthError> {
        let id = uuid::Builder::from_random_bytes(random_bytes(source)?).into_uuid();
        let claims = Claims::new(user, &self.settings, now, id.to_string());
        let access_token = jsonwebtoken::encode(&self.header, &claims, &self.sign)
            .map_err(|error| AuthError::TokenNotMade(error.into()))?;
        Ok(AccessToken { access_token, token_type: "bearer", expires_in: self.settings.lifetime.as_secs() })
    }

    /// Whose token this is, if it counts at `now`. Whether that user still exists is for others to say.
    ///
    /// # Errors
    /// [`AccessError::TokenExpired`] if it was good once, else [`AccessError::NotAuthenticated`].
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<UserId, AccessError> {
        let presented = jsonwebtoken::decode::<Presented>(token, &self.check, &self.validation)
            .map_err(|_| AccessError::NotAuthenticated)?
            .claims;
        let now = now.timestamp() as f64;
        if presented.nbf > now + LEEWAY {
            return Err(AccessError::NotAuthenticated);
        }
        if presented.exp + LEEWAY <= now {
            return Err(AccessError::TokenExpired);
        }
        presented.sub.parse().map(UserId::new).map_err(|_| AccessError::NotAuthenticated)
    }
}

/// Everything but the times, which the library could only compare with the clock of the machine.
fn validation(settings: &TokenSettings) -> Validation {
    let mut validation = Validation::new(settings.algorithm.of_library());
    validation.validate_exp = false;
    // A claim that is not required would be checked only in tokens that have it.
    let mut required = vec!["exp", "nbf", "sub"];
    if let Some(issuer) = &settings.issuer {
        validation.set_issuer(&[issuer]);
        required.push("iss");
    }
    if let Some(audience) = &settings.audience {
        validation.set_audience(&[audience]);
        required.push("aud");
    }
    validation.set_required_spec_claims(&required);
    validation
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("settings", &self.settings).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
