//! Access tokens: as many checks as the server makes.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation, crypto::aws_lc};
use serde::{Deserialize, Serialize};

use crate::Result;

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    iat: u64,
    nbf: u64,
    exp: u64,
}

pub struct Tokens {
    sign: EncodingKey,
    check: DecodingKey,
    validation: Validation,
}

impl Tokens {
    #[must_use]
    pub fn new(secret: &str) -> Self {
        // Only the first call in a process can succeed.
        let _ = aws_lc::DEFAULT_PROVIDER.install_default();
        let mut validation = Validation::default();
        validation.validate_nbf = true;
        validation.set_required_spec_claims(&["exp", "nbf", "sub"]);
        Self {
            sign: EncodingKey::from_secret(secret.as_bytes()),
            check: DecodingKey::from_secret(secret.as_bytes()),
            validation,
        }
    }

    /// # Errors
    /// None with a clock that is right.
    pub fn issue(&self, user: i32, lifetime: Duration) -> Result<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let claims = Claims { sub: user.to_string(), iat: now, nbf: now, exp: now + lifetime.as_secs() };
        Ok(jsonwebtoken::encode(&Header::default(), &claims, &self.sign)?)
    }

    /// Whose token is presented, if it counts; `header` is what stands in `Authorization`.
    #[must_use]
    pub fn verify(&self, header: &str) -> Option<i32> {
        let token = header.strip_prefix("Bearer ")?;
        let presented = jsonwebtoken::decode::<Claims>(token, &self.check, &self.validation).ok()?;
        presented.claims.sub.parse().ok()
    }
}
