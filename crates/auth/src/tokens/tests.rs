use chrono::TimeDelta;
use serde_json::{Value, json};

use super::*;
use crate::clock::SystemRandomness;

const SECRET: &str = "a secret of at least thirty-two bytes";

fn tokens(settings: TokenSettings) -> Tokens {
    Tokens::new(&SECRET.to_owned().into(), settings).unwrap()
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_176_000, 0).unwrap()
}

fn after(seconds: i64) -> DateTime<Utc> {
    noon() + TimeDelta::seconds(seconds)
}

fn ada() -> User {
    User {
        id: UserId::new(7),
        username: "ada".to_owned(),
        email: "ada@example.com".to_owned(),
        phone: None,
        is_admin: true,
    }
}

fn issued(tokens: &Tokens) -> String {
    tokens.issue(&ada(), noon(), &SystemRandomness).unwrap().access_token
}

/// A token as somebody else might make it.
fn forged(algorithm: jsonwebtoken::Algorithm, secret: &str, claims: &Value) -> String {
    tokens(TokenSettings::default());
    jsonwebtoken::encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(secret.as_bytes()))
        .unwrap()
}

fn good_claims() -> Value {
    json!({ "sub": "7", "nbf": noon().timestamp(), "exp": after(900).timestamp() })
}

/// The good claims with `name` as given, or without it.
fn claims_with(name: &str, value: Value) -> Value {
    let mut claims = good_claims();
    claims[name] = value;
    if claims[name].is_null() {
        claims.as_object_mut().unwrap().remove(name);
    }
    claims
}

fn verdict(tokens: &Tokens, token: &str) -> Result<UserId, String> {
    tokens.verify(token, after(1)).map_err(|error| error.to_string())
}

const REFUSED: &str = "not authenticated";

fn ours(claims: &Value) -> Result<UserId, String> {
    verdict(&tokens(TokenSettings::default()), &forged(jsonwebtoken::Algorithm::HS256, SECRET, claims))
}

#[test]
fn a_token_says_all_that_clients_read() {
    let tokens = tokens(TokenSettings::default());
    let mut claims: Value = jsonwebtoken::dangerous::insecure_decode_claims(issued(&tokens)).unwrap();
    let jti = claims["jti"].take();
    let (now, end) = (1_795_176_000, 1_795_176_900);
    let expected = json!({
        "user_id": 7, "username": "ada", "is_admin": true, "memberGUId": "7", "expiry": end as f64,
        "sub": "7", "iat": now, "nbf": now, "exp": end, "jti": null,
    });
    assert_eq!(claims, expected);
    assert!(claims["expiry"].is_f64());
    assert_eq!(uuid::Uuid::parse_str(jti.as_str().unwrap()).unwrap().get_version_num(), 4);
}

#[test]
fn a_token_counts_for_its_user_with_each_algorithm() {
    for algorithm in [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512] {
        let tokens = tokens(TokenSettings { algorithm, ..TokenSettings::default() });
        assert_eq!(verdict(&tokens, &issued(&tokens)), Ok(UserId::new(7)));
    }
}

#[test]
fn a_token_expires_and_is_not_taken_before_its_time() {
    let tokens = tokens(TokenSettings::default());
    let token = issued(&tokens);
    assert!(tokens.verify(&token, after(904)).is_ok());
    assert!(matches!(tokens.verify(&token, after(905)), Err(AccessError::TokenExpired)));
    assert!(tokens.verify(&token, after(-5)).is_ok());
    assert!(matches!(tokens.verify(&token, after(-6)), Err(AccessError::NotAuthenticated)));
}

#[test]
fn a_token_signed_in_another_way_does_not_count() {
    use jsonwebtoken::Algorithm::{HS256, HS384, HS512};
    let tokens = tokens(TokenSettings::default());
    assert_eq!(verdict(&tokens, &forged(HS256, SECRET, &good_claims())), Ok(UserId::new(7)));
    for (algorithm, secret) in [(HS256, "another secret"), (HS256, ""), (HS384, SECRET), (HS512, SECRET)] {
        assert_eq!(verdict(&tokens, &forged(algorithm, secret, &good_claims())), Err(REFUSED.to_owned()));
    }
}

#[test]
fn a_token_without_a_signature_does_not_count() {
    let tokens = tokens(TokenSettings::default());
    let good = issued(&tokens);
    let [header, claims, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    // {"alg":"none","typ":"JWT"}, {"typ":"JWT"}
    for header in ["eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0", "eyJ0eXAiOiJKV1QifQ"] {
        for signature in ["", signature] {
            assert_eq!(verdict(&tokens, &format!("{header}.{claims}.{signature}")), Err(REFUSED.to_owned()));
        }
    }
    for token in
        ["", ".", "..", "a.b.c", &format!("{header}.{claims}."), &format!("{header}.{claims}"), &good[1..]]
    {
        assert_eq!(verdict(&tokens, token), Err(REFUSED.to_owned()), "{token}");
    }
}

#[test]
fn a_token_that_lacks_a_claim_or_has_a_bad_one_does_not_count() {
    for name in ["exp", "nbf", "sub"] {
        assert_eq!(ours(&claims_with(name, Value::Null)), Err(REFUSED.to_owned()), "{name}");
        assert_eq!(ours(&claims_with(name, json!("x"))), Err(REFUSED.to_owned()), "{name}");
        assert_eq!(ours(&claims_with(name, json!([]))), Err(REFUSED.to_owned()), "{name}");
    }
    assert_eq!(ours(&claims_with("sub", json!(7))), Err(REFUSED.to_owned()));
    assert_eq!(ours(&claims_with("sub", json!("99999999999"))), Err(REFUSED.to_owned()));
    assert_eq!(ours(&claims_with("exp", json!(1e300))), Err(REFUSED.to_owned()));
}

#[test]
fn a_token_for_somebody_else_does_not_count() {
    assert_eq!(ours(&claims_with("aud", json!("another service"))), Err(REFUSED.to_owned()));
    let settings = TokenSettings {
        issuer: Some("kseekers".to_owned()),
        audience: Some("desk".to_owned()),
        ..TokenSettings::default()
    };
    let strict = tokens(settings);
    assert_eq!(verdict(&strict, &issued(&strict)), Ok(UserId::new(7)));
    let claims = |iss: Value, aud: Value| {
        let mut claims = claims_with("iss", iss);
        claims["aud"] = aud;
        forged(jsonwebtoken::Algorithm::HS256, SECRET, &claims)
    };
    assert_eq!(verdict(&strict, &claims(json!("kseekers"), json!(["till", "desk"]))), Ok(UserId::new(7)));
    for token in [
        claims(json!("kseekers"), Value::Null),
        claims(json!("kseekers"), json!("till")),
        claims(json!("somebody"), json!("desk")),
        claims(Value::Null, json!("desk")),
        issued(&tokens(TokenSettings::default())),
    ] {
        assert_eq!(verdict(&strict, &token), Err(REFUSED.to_owned()));
    }
}

#[test]
fn nothing_prints_the_secret_or_a_token() {
    let tokens = tokens(TokenSettings::default());
    let token = tokens.issue(&ada(), noon(), &SystemRandomness).unwrap();
    let printed = format!("{tokens:?} {token:?}");
    assert!(!printed.contains(SECRET) && !printed.contains(&token.access_token), "{printed}");
}

#[test]
fn settings_that_cannot_work_are_refused() {
    assert!(Tokens::new(&String::new().into(), TokenSettings::default()).is_err());
    let at_once = TokenSettings { lifetime: Duration::from_millis(900), ..TokenSettings::default() };
    assert!(Tokens::new(&SECRET.to_owned().into(), at_once).is_err());
}
