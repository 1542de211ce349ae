//! What every store of codes must do.

use chrono::{DateTime, TimeDelta, Utc};
use kseekers_access::UserId;
use kseekers_auth::{
    Purpose,
    codes::{CodeMac, NewCode, TriedCode},
};

use crate::support::{NOBODY, Stores};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_176_000, 0).unwrap() + TimeDelta::seconds(seconds)
}

/// A code made at second 0 that counts for 300 seconds.
fn code(user: UserId, mac: u8) -> NewCode {
    let mac = CodeMac::from_bytes([mac; 32]);
    NewCode { user: Some(user), purpose: Purpose::Login, mac, created_at: at(0), expires_at: at(300) }
}

async fn take(stores: &Stores, user: UserId, seconds: i64) -> Option<TriedCode> {
    stores.codes.take_try(user, Purpose::Login, 5, at(seconds)).await.unwrap()
}

#[tokio::test]
async fn a_try_hands_out_the_hash_five_times() {
    let stores = Stores::new().await;
    let (ada, bob) = (stores.add_user("ada").await.id, stores.add_user("bob").await.id);
    stores.codes.add(&code(ada, 255)).await.unwrap();
    for _ in 0..5 {
        assert_eq!(take(&stores, ada, 1).await.unwrap().mac.as_bytes(), &[255; 32]);
    }
    assert!(take(&stores, ada, 1).await.is_none());
    assert_eq!(stores.number("SELECT attempts FROM otps").await, 5);
    assert!(take(&stores, bob, 1).await.is_none());
    assert!(take(&stores, NOBODY, 1).await.is_none());
}

#[tokio::test]
async fn a_code_is_used_once() {
    let stores = Stores::new().await;
    let ada = stores.add_user("ada").await.id;
    stores.codes.add(&code(ada, 0)).await.unwrap();
    let tried = take(&stores, ada, 1).await.unwrap();
    assert!(stores.codes.consume(tried.id, at(2)).await.unwrap());
    assert!(!stores.codes.consume(tried.id, at(2)).await.unwrap());
    assert!(take(&stores, ada, 3).await.is_none());
    assert_eq!(stores.number("SELECT COUNT(*) FROM otps WHERE consumed_at = '2026-11-20 12:00:02'").await, 1);
}

#[tokio::test]
async fn a_code_counts_until_it_expires() {
    let stores = Stores::new().await;
    let ada = stores.add_user("ada").await.id;
    stores.codes.add(&code(ada, 0)).await.unwrap();
    let tried = take(&stores, ada, 299).await.unwrap();
    assert!(take(&stores, ada, 300).await.is_none());
    assert!(!stores.codes.consume(tried.id, at(300)).await.unwrap());
    assert!(stores.codes.consume(tried.id, at(299)).await.unwrap());
}

#[tokio::test]
async fn only_the_newest_code_counts_even_when_it_is_used_up_and_clocks_step_back() {
    let stores = Stores::new().await;
    let ada = stores.add_user("ada").await.id;
    stores.codes.add(&code(ada, 1)).await.unwrap();
    let newer = NewCode { created_at: at(-60), expires_at: at(240), ..code(ada, 2) };
    stores.codes.add(&newer).await.unwrap();
    let tried = take(&stores, ada, 1).await.unwrap();
    assert_eq!(tried.mac.as_bytes(), &[2; 32]);
    assert!(stores.codes.consume(tried.id, at(1)).await.unwrap());
    assert!(take(&stores, ada, 1).await.is_none());
    assert!(take(&stores, ada, 250).await.is_none());
}

#[tokio::test]
async fn codes_of_others_and_for_other_purposes_stay_apart() {
    let stores = Stores::new().await;
    let (ada, bob) = (stores.add_user("ada").await.id, stores.add_user("bob").await.id);
    stores.codes.add(&code(ada, 1)).await.unwrap();
    stores.codes.add(&code(bob, 2)).await.unwrap();
    stores.codes.add(&NewCode { user: None, ..code(ada, 3) }).await.unwrap();
    stores
        .run("INSERT INTO otps (user_id, purpose, code_mac, expires_at) SELECT 1, 'other', code_mac, expires_at FROM otps LIMIT 1")
        .await;
    assert_eq!(take(&stores, ada, 1).await.unwrap().mac.as_bytes(), &[1; 32]);
    assert_eq!(take(&stores, bob, 1).await.unwrap().mac.as_bytes(), &[2; 32]);
}

#[tokio::test]
async fn no_code_is_kept_in_the_clear_and_codes_of_other_systems_open_nothing() {
    let stores = Stores::new().await;
    let ada = stores.add_user("ada").await.id;
    stores.codes.add(&code(ada, 1)).await.unwrap();
    assert_eq!(stores.number("SELECT COUNT(*) FROM otps WHERE code IS NULL").await, 1);
    stores
        .run("INSERT INTO otps (user_id, code, expires_at) VALUES (1, '123456', '2026-11-20 12:05:00')")
        .await;
    assert!(take(&stores, ada, 1).await.is_none());
}

#[tokio::test]
async fn sweeping_deletes_old_codes_in_small_numbers() {
    let stores = Stores::new().await;
    let ada = stores.add_user("ada").await.id;
    for _ in 0..5 {
        stores.codes.add(&code(ada, 1)).await.unwrap();
    }
    stores.codes.add(&NewCode { expires_at: at(400), ..code(ada, 2) }).await.unwrap();
    assert_eq!(stores.codes.sweep(at(300), 3).await.unwrap(), 0);
    assert_eq!(stores.codes.sweep(at(301), 3).await.unwrap(), 3);
    assert_eq!(stores.codes.sweep(at(301), 3).await.unwrap(), 2);
    assert_eq!(stores.codes.sweep(at(301), 3).await.unwrap(), 0);
    assert_eq!(take(&stores, ada, 1).await.unwrap().mac.as_bytes(), &[2; 32]);
}

#[tokio::test]
async fn the_codes_of_a_user_go_with_him() {
    let stores = Stores::new().await;
    let ada = stores.add_user("ada").await.id;
    stores.codes.add(&code(ada, 1)).await.unwrap();
    stores.run("DELETE FROM users").await;
    assert_eq!(stores.number("SELECT COUNT(*) FROM otps").await, 0);
}
