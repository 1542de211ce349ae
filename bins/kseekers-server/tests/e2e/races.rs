//! What many clients at once cannot break.

use serde_json::json;

use crate::harness::{Server, at_once};

#[tokio::test(flavor = "multi_thread")]
async fn of_64_verifications_of_one_code_exactly_one_succeeds() {
    let server = Server::start(&[]).await;
    let client = server.client();
    let code = server.new_code("admin", "admin");
    let verify =
        |_| client.post("/auth/otp/verify", json!({ "username_or_email": "admin", "otp_code": code })).status;
    let mut statuses = at_once(64, verify);
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200], vec![401; 63]].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn after_200_wrong_tries_at_once_the_right_code_is_worth_nothing() {
    let server = Server::start(&[]).await;
    let client = server.client();
    let code = server.new_code("admin", "admin");
    let verify = |code: &str| {
        client.post("/auth/otp/verify", json!({ "username_or_email": "admin", "otp_code": code })).status
    };
    let wrong = |number: usize| {
        let guess = format!("{number:06}");
        if guess == code { 401 } else { verify(&guess) }
    };
    assert!(at_once(200, wrong).into_iter().all(|status| status == 401));
    assert_eq!(verify(&code), 401);
    let mut conn = crate::harness::connect(&server.database()).await;
    let most: Option<u8> =
        mysql_async::prelude::Queryable::query_first(&mut conn, "SELECT MAX(attempts) FROM otps")
            .await
            .unwrap();
    assert_eq!(most, Some(5), "tries that were counted, and so compared");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_registrations_of_one_name_one_wins() {
    let server = Server::start(&[]).await;
    let client = server.client();
    for round in 0..5 {
        let register = |number| {
            let email = format!("e{round}-{number}@example.com");
            client.post("/auth/register", json!({ "username": format!("name{round}"), "email": email }))
        };
        let mut answers = at_once(2, register);
        answers.sort_by_key(|answer| answer.status);
        assert_eq!(answers[0].gist(), (201, "User created successfully"));
        assert_eq!(answers[1].gist(), (409, "Name already exist"));
        assert_eq!(answers[1].error_stack(), ["User already exists"]);
    }
}
