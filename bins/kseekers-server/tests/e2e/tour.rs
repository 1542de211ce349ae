//! The main job: register, sign in, read what a front end needs.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    files::{self, Bucket},
    harness::Server,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_user_registers_signs_in_and_reads_dropdowns_and_columns() {
    let server = Server::start(&[]).await;
    let mut client = server.client();

    let registered = client.post(
        "/auth/register",
        json!({ "username": "ada", "email": "ada@Example.com", "phone": "555-0100" }),
    );
    assert_eq!(registered.gist(), (201, "User created successfully"));
    assert_eq!(registered.body["status"], "created");
    let user = registered.payload().clone();
    assert_eq!(
        user,
        json!({ "id": user["id"], "username": "ada", "email": "ada@example.com", "phone": "555-0100", "is_admin": false })
    );

    let requested = client.post("/auth/otp/request", json!({ "username_or_email": "ada" }));
    assert_eq!(requested.gist(), (200, "OTP sent successfully"));
    assert_eq!(
        *requested.payload(),
        json!({ "username_or_email": "ada", "expires_in": 300, "resend_after": 60 })
    );

    let code = server.printed_code("ada");
    let verified =
        client.post("/auth/otp/verify", json!({ "username_or_email": "ada@example.com", "otp_code": code }));
    assert_eq!(verified.gist(), (200, "Token generated successfully"));
    assert_eq!(
        (&verified.payload()["token_type"], &verified.payload()["expires_in"]),
        (&json!("bearer"), &json!(900))
    );
    client.token = Some(verified.payload()["access_token"].as_str().unwrap().to_owned());

    let me = client.get("/auth/me");
    assert_eq!(me.gist(), (200, "User profile retrieved successfully"));
    assert_eq!(*me.payload(), user);

    let types = client.get("/lookup/types");
    assert_eq!(types.gist(), (200, "Lookup types retrieved successfully"));
    assert_eq!(types.body["row_count"], 4);
    let values = client.post("/lookup/values", json!({ "lookup_type_name": "priority_levels" }));
    assert_eq!(values.gist(), (200, "Lookup values retrieved successfully"));
    assert_eq!(codes(values.payload()), ["low", "medium", "high", "urgent"]);

    let columns = client.post("/display-config/grid-headers", json!({ "gridNameId": "users_grid_001" }));
    assert_eq!(columns.gist(), (200, "Headers retrieved successfully"));
    assert_eq!(columns.body["row_count"], 7);
    assert_eq!(columns.payload()[0]["displayId"], "id");
}

fn codes(values: &Value) -> Vec<&str> {
    values.as_array().unwrap().iter().map(|value| value["code"].as_str().unwrap()).collect()
}

/// Runs the block of the README through a shell, with the server's address for the one printed there.
#[tokio::test(flavor = "multi_thread")]
async fn the_tour_of_the_readme_works_line_by_line() {
    let bucket = Bucket::start();
    let server = files::start(&bucket, &[]).await;
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md")).unwrap();
    let (_, rest) = readme.split_once("<!-- The end-to-end tests run this block as it stands. -->").unwrap();
    let block = rest.split_once("```sh\n").unwrap().1.split_once("```").unwrap().0;
    let script = block.replace("http://127.0.0.1:8000", &server.base);
    assert_ne!(script, block);

    let folder = tempfile::tempdir().unwrap();
    let mut shell = Command::new("bash");
    shell.args(["-euo", "pipefail", "-c", &script]).current_dir(&folder);
    let mut shell = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let code = server.printed_code("ada");
    shell.stdin.take().unwrap().write_all(format!("{code}\n").as_bytes()).unwrap();
    let output = shell.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");

    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> =
        serde_json::Deserializer::from_str(&answers).into_iter().map(Result::unwrap).collect();
    let messages: Vec<_> =
        answers.iter().map(|answer| answer["result"]["message"].as_str().unwrap()).collect();
    assert_eq!(
        messages,
        [
            "Success",
            "User created successfully",
            "OTP sent successfully",
            "Token generated successfully",
            "User profile retrieved successfully",
            "Lookup types retrieved successfully",
            "Lookup values retrieved successfully",
            "Headers retrieved successfully",
            "File Uploaded Successfully",
        ]
    );
}
