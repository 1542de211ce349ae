//! What is done for strangers is what is done for users, so that neither answers nor their times tell them apart.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use kseekers_auth::AuthSettings;

use crate::{
    recorder::Recorder,
    support::{Stores, fast, refused, request, sign_in, wrong},
};

#[tokio::test]
async fn asking_for_a_code_does_and_says_the_same_for_everybody() {
    let stores = Stores::new().await;
    stores.add_user("ada").await;
    stores.add_user("left").await;
    stores.run("UPDATE users SET is_active = 0 WHERE username = 'left'").await;
    let recorder = Recorder::new(&stores);
    let (service, mut mailbox, _) = recorder.service(fast());
    for who in ["left", "nobody", "nobody@example.com", "ada"] {
        let requested = service.request_code(&request(&format!(" {who} "))).await.unwrap();
        assert_eq!(requested.username_or_email, who);
        assert_eq!((requested.expires_in, requested.resend_after, requested.email), (300, 60, None));
        assert_eq!(recorder.calls(), ["find_by", "add"], "{who}");
    }
    assert_eq!(
        stores.number("SELECT COUNT(*) FROM otps WHERE user_id IS NULL AND code_mac IS NOT NULL").await,
        3
    );
    assert_eq!(mailbox.next().await.username, "ada");
    assert!(service.shutdown(Duration::from_secs(20)).await);
    assert!(mailbox.is_empty(), "nobody else gets a code");
}

#[tokio::test]
async fn every_way_to_fail_at_signing_in_asks_the_database_the_same() {
    let stores = Stores::new().await;
    // Another service than the one that is watched makes the codes: it also sweeps.
    let (service, mut mailbox, _) = stores.service(fast());
    let mut codes = HashMap::new();
    for who in ["left", "ada", "late", "done", "tried", "elsewhere", "quiet"] {
        stores.add_user(who).await;
        if who != "quiet" {
            service.request_code(&request(who)).await.unwrap();
            codes.insert(who, mailbox.next().await.code);
        }
    }
    stores.run("UPDATE users SET is_active = 0 WHERE username = 'left'").await;
    for (who, change) in [
        ("late", "UPDATE otps SET expires_at = '2026-01-01' WHERE user_id = ?"),
        ("elsewhere", "UPDATE otps SET code_mac = NULL WHERE user_id = ?"),
    ] {
        let (id,): (i32,) =
            stores.pool.query_one("SELECT id FROM users WHERE username = ?", (who,)).await.unwrap();
        assert_eq!(stores.pool.execute(change, (id,)).await.unwrap(), 1, "{who}");
    }
    sign_in(&service, "done", &codes["done"]).await.unwrap();
    for _ in 0..5 {
        assert!(refused(&service, "tried", &wrong(&codes["tried"])).await);
    }

    let watched = stores.on_one_connection();
    let recorder = Recorder::new(&watched);
    let (service, ..) = recorder.service(fast());
    for (way, who, code) in [
        ("unknown name", "nobody", "123456"),
        ("unknown address", "nobody@example.com", "123456"),
        ("inactive", "left", &codes["left"]),
        ("no code", "quiet", "123456"),
        ("a code of another system", "elsewhere", "123456"),
        ("expired", "late", &codes["late"]),
        ("wrong", "ada", &wrong(&codes["ada"])),
        ("used", "done", &codes["done"]),
        ("tried too often", "tried", &codes["tried"]),
    ] {
        let (refused, statements) = watched.counted(refused(&service, who, code)).await;
        assert!(refused, "{way}");
        assert_eq!(recorder.calls(), ["find_by", "take_try", "consume"], "{way}");
        assert_eq!(statements, 4, "{way}");
    }
    assert!(sign_in(&service, "ada", &codes["ada"]).await.is_ok(), "one wrong try left the code as it was");
}

#[tokio::test]
async fn failing_takes_its_time_and_succeeding_does_not() {
    let stores = Stores::new().await;
    stores.add_user("ada").await;
    let (service, mut mailbox, _) = stores.service(AuthSettings::default());
    service.request_code(&request("ada")).await.unwrap();
    let code = mailbox.next().await.code;
    for (who, typed) in [("nobody", code.clone()), ("ada", wrong(&code))] {
        let start = Instant::now();
        assert!(refused(&service, who, &typed).await);
        assert!(start.elapsed() >= Duration::from_millis(250), "{who}");
    }
    let an_hour = AuthSettings { failure_time: Duration::from_secs(3600), ..AuthSettings::default() };
    let (patient, mut mailbox, _) = stores.service(an_hour);
    patient.request_code(&request("ada")).await.unwrap();
    let code = mailbox.next().await.code;
    tokio::time::timeout(Duration::from_secs(60), sign_in(&patient, "ada", &code)).await.unwrap().unwrap();
}
