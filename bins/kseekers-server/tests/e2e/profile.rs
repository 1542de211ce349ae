//! The setting `profile`: what it shows of a sign-in, and what it never shows.

use serde_json::json;

use crate::{
    files::{self, Bucket},
    harness::{Database, SECRET, Server, sql},
    log_files::stopped,
};

const RULE: &str =
    "----------------------------------------------------------------------------------------------------\n";

/// Of the account in the database.
const PASSWORD: &str = "hunter2-of-the-database";

#[tokio::test(flavor = "multi_thread")]
async fn each_call_of_a_sign_in_is_shown_and_no_secret_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.log");
    // The most talkative level: everything that a library could say is on too.
    let settings = [("profile", "true"), ("log_level", "trace"), ("logging_path", file.to_str().unwrap())];
    let database = Server::fresh_database().await;
    let mut account = Database::from(&database);
    for statement in [
        format!("CREATE USER IF NOT EXISTS profiled@'%' IDENTIFIED BY '{PASSWORD}'"),
        format!("GRANT ALL ON `{}`.* TO profiled@'%'", account.name),
    ] {
        sql(&account, &statement).await;
    }
    (account.user, account.password) = ("profiled".to_owned(), PASSWORD.to_owned());
    let server = Server::start_on(&account, &settings);
    let client = server.client();
    let ada = json!({ "username": "ada", "email": "ada@example.com" });
    assert_eq!(client.post("/auth/register", ada).status, 201);
    let code = server.new_code("ada", "ada");
    let wrong = json!({ "username_or_email": "ada", "otp_code": "wrong-4711" });
    assert_eq!(client.post("/auth/otp/verify", wrong).status, 401);
    let right = json!({ "username_or_email": "ada", "otp_code": code });
    let verified = client.post("/auth/otp/verify", right);
    let token = verified.payload()["access_token"].as_str().unwrap().to_owned();
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", authorization.as_str()), ("x-request-id", "find-me-again")];
    assert_eq!(client.send("GET", "/lookup/getHeaders?type=user_roles", &headers).status, 200);

    let text = stopped(server, &file);
    let block = |method: &str, part: &str| {
        let method = format!(":::: Method:: {method}\n");
        let mut blocks = text.split(RULE).filter(|block| block.contains(&method) && block.contains(part));
        blocks.next().unwrap_or_else(|| panic!("no {method} with {part} in:\n{text}")).to_owned()
    };
    for (method, parts) in [
        (
            "register",
            [
                r#"Args:: (new=NewUser { username: Username(Text("ada")), email: "#,
                "Response Data:: Ok(User { id: ",
            ],
        ),
        ("request_code", ["Args:: (request=CodeRequest", "Response Data:: Ok(CodeRequested {"]),
        ("sign_in", ["otp_code: ***", "Response Data:: Ok(AccessToken { expires_in: 900"]),
        ("sign_in", ["otp_code: ***", "Response Data:: Err(InvalidCode)"]),
        ("take_try", ["Module:: kseekers_auth::codes::mysql:", "Response Data:: Ok(Some(TriedCode {"]),
        ("find", ["Module:: kseekers_auth::users::mysql:", "Response Data:: Ok(Some(Account {"]),
    ] {
        let block = block(method, parts[1]);
        assert!(block.contains(parts[0]), "{} in {block}", parts[0]);
    }
    for (method, module) in [
        ("authenticate", "kseekers_auth::service::authenticate:"),
        ("headers", "kseekers_lookup::service:"),
        ("values", "kseekers_lookup::mysql:"),
    ] {
        let block = block(method, module);
        let names: Vec<&str> = block.lines().skip(1).map(|line| line.split_once(":: ").unwrap().0).collect();
        let expected = [
            "Module",
            "Request Id",
            "Request Time",
            "Response Time",
            "Execution Time",
            "Args",
            "Response Data",
        ];
        assert_eq!(names, expected);
        assert!(block.contains("Request Id:: find-me-again\n"), "{block}");
    }

    // A time may look like a code.
    let times = |word: &str| word.ends_with('Z') || word.starts_with("0.");
    let text: String = text.split_whitespace().filter(|word| !times(word)).collect();
    for secret in [SECRET, &code, &token, "wrong-4711", PASSWORD] {
        assert!(!text.contains(secret), "{secret} in:\n{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_to_files_are_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.log");
    let bucket = Bucket::start();
    let settings = [("profile", "true"), ("log_level", "trace"), ("logging_path", file.to_str().unwrap())];
    let server = files::start(&bucket, &settings).await;
    let admin = server.signed_in("admin");
    let uploaded = files::upload(&admin, b"content");
    let key = &uploaded.payload()["key"];
    let link = admin.post("/files/presign-download", json!({ "key": key }));
    let url = link.payload()["url"].as_str().unwrap();
    let signature = url.split("X-Amz-Signature=").nth(1).unwrap().split('&').next().unwrap();

    let text = stopped(server, &file);
    for method in ["upload", "begin", "put_stream", "finish", "presign_download", "by_key", "presign_get"] {
        assert!(text.contains(&format!(":::: Method:: {method}\n")), "{method} in {text}");
    }
    assert!(text.contains("Response Data:: Ok(Presigned { method: \"GET\""), "{text}");
    assert!(!text.contains(signature) && !text.contains("local-secret"), "{text}");
}
