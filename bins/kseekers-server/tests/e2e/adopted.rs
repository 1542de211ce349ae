//! The server on databases that the Python system has made.

use kseekers_server::adopt::PYTHON;
use mysql_async::prelude::Queryable;
use serde_json::{Value, json};

use crate::{
    contract::keeps_the_contract,
    harness::{Database, Server, connect},
    python_databases::{all, guide, migrator},
};

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_and_every_route_work_on_an_adopted_database() {
    for python in all() {
        let db = python.load().await;
        let database = Database::from(&db);
        let mut conn = connect(&database).await;
        let codes: Vec<(String, String)> = conn
            .query(
                "SELECT username, code FROM otps JOIN users ON users.id = otps.user_id WHERE username <> ''",
            )
            .await
            .unwrap();
        let users: Vec<(String, String)> =
            conn.query("SELECT username, email FROM users WHERE is_active = 1").await.unwrap();
        conn.disconnect().await.unwrap();
        let mut migrator = migrator(&db).await;
        migrator
            .adopt(&PYTHON, None, &mut |_| {})
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", python.name));
        migrator.up(None).await.unwrap_or_else(|error| panic!("{}: {error}", python.name));

        let server = Server::start_on(&database, &[]);
        let client = server.client();
        assert_eq!(client.get("/health/ready").status, 200, "{}", python.name);
        for (name, code) in codes {
            let body = json!({ "username_or_email": name, "otp_code": code });
            assert_eq!(
                client.post("/auth/otp/verify", body).status,
                401,
                "{}: a code of before",
                python.name
            );
        }
        for (name, email) in users {
            let code = server.new_code(&email, &name);
            let body = json!({ "username_or_email": email, "otp_code": code });
            assert_eq!(client.post("/auth/otp/verify", body).status, 200, "{}: {email}", python.name);
        }
        keeps_the_contract(&server, &database).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_python_system_left_empty_or_twice_is_served_with_defaults_and_once() {
    let db = guide().load().await;
    let mut migrator = migrator(&db).await;
    migrator.adopt(&PYTHON, None, &mut |_| {}).await.unwrap();
    migrator.up(None).await.unwrap();
    let server = Server::start_on(&Database::from(&db), &[]);
    let client = server.client();
    let columns = |grid: &str| {
        let answer = client.get(&format!("/display-config/by-grid?gridNameId={grid}"));
        let columns = answer.payload().as_array().unwrap().iter();
        columns.map(|column| column["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        (columns("pupils_1"), columns("lessons_1")),
        (vec!["Name".into(), "Mark".into()], vec!["Day".into()])
    );
    let value = client.post("/lookup/values/get", json!({ "value_id": 4 }));
    let payload = value.payload();
    assert_eq!(
        (&payload["is_active"], &payload["sort_order"], &payload["description"], &payload["created_at"]),
        (&json!(false), &json!(0), &Value::Null, &Value::Null)
    );
    // Her name there was the e-mail address of another user, who alone signs in with it here.
    let code = server.new_code("mira@school.example", "mira");
    let body = json!({ "username_or_email": "mira", "otp_code": code });
    assert_eq!(client.post("/auth/otp/verify", body).status, 200);
}
