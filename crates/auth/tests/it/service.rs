//! Registering and signing in, on the real stores.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use kseekers_access::{AccessError, Authenticator};
use kseekers_auth::{AuthError, AuthService, AuthSettings, codes::MySqlCodes, users::MySqlUsers};
use kseekers_db_pool::{DbOptions, DbPool};
use kseekers_envelope::ErrorCode;

use crate::{
    recorder::Recorder,
    support::{Stores, fast, new_user, refused, request, sign_in, signed_in, wrong},
};

#[tokio::test]
async fn a_code_signs_in_by_name_and_by_address_once() {
    let stores = Stores::new().await;
    let ada = stores.add_user("ada").await;
    let (service, mut mailbox, _) = stores.service(fast());
    for (asks, answers) in [("ada", "ada@example.com"), ("Ada@Example.com", "ADA")] {
        service.request_code(&request(asks)).await.unwrap();
        let sent = mailbox.next().await;
        assert_eq!((sent.username.as_str(), sent.email.as_str()), ("ada", "ada@example.com"));
        let token = sign_in(&service, answers, &sent.code).await.unwrap();
        assert_eq!((token.token_type, token.expires_in), ("bearer", 900));
        assert_eq!(service.authenticate(&token.access_token).await.unwrap().user_id, ada.id);
        assert!(refused(&service, answers, &sent.code).await);
    }
}

#[tokio::test]
async fn a_code_is_no_good_for_another_user_or_after_five_minutes_or_after_a_newer_one() {
    let stores = Stores::new().await;
    stores.add_user("ada").await;
    stores.add_user("bob").await;
    let (service, mut mailbox, clock) = stores.service(fast());
    service.request_code(&request("ada")).await.unwrap();
    let first = mailbox.next().await.code;
    service.request_code(&request("bob")).await.unwrap();
    let bobs = mailbox.next().await.code;
    if first != bobs {
        assert!(refused(&service, "bob", &first).await);
    }
    service.request_code(&request("ada")).await.unwrap();
    let second = mailbox.next().await.code;
    if first != second {
        assert!(refused(&service, "ada", &first).await);
    }
    clock.advance(299);
    assert!(sign_in(&service, "ada", &second).await.is_ok());
    clock.advance(1);
    assert!(refused(&service, "bob", &bobs).await);
}

#[tokio::test]
async fn the_fifth_try_counts_and_the_sixth_does_not() {
    let stores = Stores::new().await;
    stores.add_user("ada").await;
    let (service, mut mailbox, _) = stores.service(fast());
    for (wrong_tries, is_in) in [(4, true), (5, false)] {
        service.request_code(&request("ada")).await.unwrap();
        let code = mailbox.next().await.code;
        for _ in 0..wrong_tries {
            assert!(refused(&service, "ada", &wrong(&code)).await);
        }
        assert_eq!(sign_in(&service, "ada", &code).await.is_ok(), is_in);
    }
}

#[tokio::test]
async fn typed_codes_that_are_no_codes_are_simply_wrong() {
    let stores = Stores::new().await;
    stores.add_user("ada").await;
    let (service, mut mailbox, _) = stores.service(fast());
    for typed in ["x", "12345", "1234567", "      1", "żółć", "%", "' OR 1=1"] {
        service.request_code(&request("ada")).await.unwrap();
        mailbox.next().await;
        assert!(refused(&service, "ada", typed).await, "{typed}");
    }
}

/// All tries at the same time; how many of them succeeded.
async fn all_at_once(service: &Arc<AuthService>, tries: impl Iterator<Item = String>) -> usize {
    let tries: Vec<_> = tries
        .map(|code| {
            let service = Arc::clone(service);
            tokio::spawn(async move { sign_in(&service, "ada", &code).await })
        })
        .collect();
    let mut signed_in = 0;
    for outcome in tries {
        match outcome.await.unwrap() {
            Ok(_) => signed_in += 1,
            Err(error) => assert!(matches!(error, AuthError::InvalidCode), "{error}"),
        }
    }
    signed_in
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_who_type_one_code_at_the_same_time_one_gets_in() {
    let stores = Stores::new().await;
    stores.add_user("ada").await;
    let (service, mut mailbox, _) = stores.service(fast());
    let service = Arc::new(service);
    for _ in 0..3 {
        service.request_code(&request("ada")).await.unwrap();
        let code = mailbox.next().await.code;
        assert_eq!(all_at_once(&service, std::iter::repeat_n(code, 64)).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_200_wrong_tries_at_the_same_time_five_are_compared() {
    let stores = Stores::new().await;
    stores.add_user("ada").await;
    let recorder = Recorder::new(&stores);
    let (service, mut mailbox, _) = recorder.service(fast());
    let service = Arc::new(service);
    service.request_code(&request("ada")).await.unwrap();
    let code = mailbox.next().await.code;
    assert_eq!(all_at_once(&service, std::iter::repeat_n(wrong(&code), 200)).await, 0);
    assert_eq!(recorder.compared.load(Ordering::SeqCst), 5);
    assert_eq!(stores.number("SELECT attempts FROM otps").await, 5);
    assert!(refused(&service, "ada", &code).await, "the right code comes too late");
}

#[tokio::test]
async fn a_service_that_reveals_its_users_says_who_is_none() {
    let stores = Stores::new().await;
    stores.add_user("ada").await;
    let (service, ..) = stores.service(AuthSettings { reveal_unknown_users: true, ..fast() });
    let requested = service.request_code(&request("ADA")).await.unwrap();
    assert_eq!(requested.email.as_deref(), Some("ada@example.com"));
    let error = service.request_code(&request("nobody")).await.unwrap_err();
    assert_eq!((error.code().http(), error.message().as_ref()), (404, "Member Not Found"));
}

#[tokio::test]
async fn a_token_counts_only_while_its_user_exists_and_is_active() {
    let stores = Stores::new().await;
    let (service, mut mailbox, clock) = stores.service(fast());
    let token = signed_in(&stores, &service, &mut mailbox).await;
    assert!(!service.authenticate(&token).await.unwrap().is_admin);
    stores.run("UPDATE users SET is_admin = 1").await;
    assert!(
        service.authenticate(&token).await.unwrap().is_admin,
        "the database says who is an administrator"
    );
    for change in ["UPDATE users SET is_active = 0", "UPDATE users SET is_active = NULL", "DELETE FROM users"]
    {
        stores.pool.execute(change, ()).await.unwrap();
        assert!(matches!(service.authenticate(&token).await, Err(AccessError::NotAuthenticated)), "{change}");
    }
    clock.advance(905);
    assert!(matches!(service.authenticate(&token).await, Err(AccessError::TokenExpired)));
}

#[tokio::test]
async fn an_inactive_user_cannot_sign_in_with_the_code_he_got_before() {
    let stores = Stores::new().await;
    stores.add_user("ada").await;
    let (service, mut mailbox, _) = stores.service(fast());
    service.request_code(&request("ada")).await.unwrap();
    let code = mailbox.next().await.code;
    stores.run("UPDATE users SET is_active = 0").await;
    assert!(refused(&service, "ada", &code).await);
}

#[tokio::test]
async fn without_the_database_nobody_is_called_unauthenticated() {
    let stores = Stores::new().await;
    let (service, mut mailbox, _) = stores.service(fast());
    let token = signed_in(&stores, &service, &mut mailbox).await;
    // Nothing listens on port 1.
    let away = DbPool::new(DbOptions::new("127.0.0.1", 1, "root", "".into(), "nowhere")).unwrap();
    let gone = Stores {
        users: Arc::new(MySqlUsers::new(away.clone())),
        codes: Arc::new(MySqlCodes::new(away)),
        ..stores
    };
    let (service, ..) = gone.service(fast());
    let error = service.authenticate(&token).await.unwrap_err();
    assert_eq!(
        (error.code().http(), error.message().as_ref()),
        (503, "Error in connecting to host database")
    );
    assert!(matches!(sign_in(&service, "ada", "123456").await, Err(AuthError::Storage(_))));
    assert!(matches!(service.request_code(&request("ada")).await, Err(AuthError::Storage(_))));
    assert!(matches!(
        service.register(&new_user("bob", "bob@example.com")).await,
        Err(AuthError::Storage(_))
    ));
}

#[tokio::test]
async fn nobody_registers_where_registration_is_closed() {
    let stores = Stores::new().await;
    let (service, ..) = stores.service(AuthSettings { registration_open: false, ..fast() });
    let error = service.register(&new_user("ada", "ada@example.com")).await.unwrap_err();
    assert!(matches!(error, AuthError::RegistrationClosed), "{error}");
    assert_eq!(stores.number("SELECT COUNT(*) FROM users").await, 0);
}

#[tokio::test]
async fn asking_for_codes_sweeps_old_ones_away() {
    let stores = Stores::new().await;
    stores.add_user("ada").await;
    let (service, mut mailbox, clock) = stores.service(fast());
    service.request_code(&request("ada")).await.unwrap();
    mailbox.next().await;
    clock.advance(3 * 3600);
    service.request_code(&request("ada")).await.unwrap();
    tokio::time::timeout(Duration::from_secs(20), async {
        while stores.number("SELECT COUNT(*) FROM otps").await > 1 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .expect("the old code is deleted");
    assert!(sign_in(&service, "ada", &mailbox.next().await.code).await.is_ok());
}
