//! The keyed hash that stands for a code in the database.

use std::fmt;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use kseekers_access::UserId;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroize};
use sha2::Sha256;

use super::{Code, Purpose, TypedCode};

/// Keeps this key apart from every other that is made from the same secret. Changing it voids all live codes.
const LABEL: &[u8] = b"kseekers-auth one-time codes v1";

/// The key under which codes are hashed. A plain hash of six digits would be undone by trying a million.
#[derive(Clone)]
pub struct CodeKey(Hmac<Sha256>);

impl CodeKey {
    /// Derives the key from the secret of the service, by HKDF-SHA256.
    pub fn derive(secret: &SecretString) -> Self {
        // One block of SHA-256, the length that HMAC takes as it is.
        let mut key = [0; 64];
        #[allow(clippy::expect_used, reason = "HKDF-SHA256 gives up to 8,160 bytes")]
        Hkdf::<Sha256>::new(None, secret.expose_secret().as_bytes())
            .expand(LABEL, &mut key)
            .expect("64 bytes are a valid length");
        let hmac = Hmac::new(&key.into());
        key.zeroize();
        Self(hmac)
    }

    /// Hashes a new code for this user and purpose; without a user, for a row that no code opens.
    pub fn seal(&self, user: Option<UserId>, purpose: Purpose, code: &Code) -> CodeMac {
        CodeMac(self.mac(user, purpose, code.expose().as_bytes()).finalize().into_bytes().into())
    }

    /// Whether the hash was made of this code for this user and purpose. Takes the same time whatever differs.
    pub fn opens(&self, user: UserId, purpose: Purpose, typed: &TypedCode, mac: &CodeMac) -> bool {
        self.mac(Some(user), purpose, typed.as_bytes()).verify_slice(&mac.0).is_ok()
    }

    /// The purpose has its length before it, so that no two triples are the same bytes. No user has the number 0.
    fn mac(&self, user: Option<UserId>, purpose: Purpose, code: &[u8]) -> Hmac<Sha256> {
        let purpose = purpose.as_str().as_bytes();
        self.0
            .clone()
            .chain_update(user.map_or(0, UserId::get).to_be_bytes())
            .chain_update([u8::try_from(purpose.len()).unwrap_or(u8::MAX)])
            .chain_update(purpose)
            .chain_update(code)
    }
}

impl fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeKey")
    }
}

/// The hash of a code. Two of them cannot be compared: only [`CodeKey::opens`] looks inside, in constant time.
#[derive(Clone)]
pub struct CodeMac([u8; 32]);

impl CodeMac {
    /// A hash as a store holds it.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for a store to hold.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for CodeMac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeMac")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemRandomness;

    const ADA: UserId = UserId::new(1);
    const BOB: UserId = UserId::new(2);

    fn key(secret: &str) -> CodeKey {
        CodeKey::derive(&secret.to_owned().into())
    }

    fn code() -> (Code, TypedCode) {
        let code = Code::generate(&SystemRandomness).unwrap();
        let typed = TypedCode::parse(code.expose()).unwrap();
        (code, typed)
    }

    #[test]
    fn only_the_code_itself_opens_its_hash() {
        let (code, typed) = code();
        let mac = key("secret").seal(Some(ADA), Purpose::Login, &code);
        assert!(key("secret").opens(ADA, Purpose::Login, &typed, &mac));
        let shorter = TypedCode::parse(&code.expose()[..5]).unwrap();
        let longer = TypedCode::parse(&format!("{}0", code.expose())).unwrap();
        assert!(!key("secret").opens(ADA, Purpose::Login, &shorter, &mac));
        assert!(!key("secret").opens(ADA, Purpose::Login, &longer, &mac));
    }

    #[test]
    fn a_code_of_another_user_or_another_service_opens_nothing() {
        let (code, typed) = code();
        let mac = key("secret").seal(Some(ADA), Purpose::Login, &code);
        assert!(!key("secret").opens(BOB, Purpose::Login, &typed, &mac));
        assert!(!key("Secret").opens(ADA, Purpose::Login, &typed, &mac));
        let decoy = key("secret").seal(None, Purpose::Login, &code);
        assert!(!key("secret").opens(ADA, Purpose::Login, &typed, &decoy));
    }

    #[test]
    fn the_hash_stays_what_it_was_when_the_crate_changes() {
        // Computed once with another implementation of HKDF and HMAC: codes survive an update of the service.
        let code = TypedCode::parse("123456").unwrap();
        let mac = key("secret").mac(Some(ADA), Purpose::Login, code.as_bytes()).finalize().into_bytes();
        let hex: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "01bb7a882569d93ffd43d436164c7b0aad315a4ae1d004a5c1ed075737f9d27f");
    }
}
