//! What holds for every route.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use serde_json::json;

use crate::harness::{Server, sql};

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_and_wrong_methods_are_answered_in_the_envelope() {
    let server = Server::start(&[]).await;
    let client = server.client();
    let nowhere = client.get("/nowhere");
    assert_eq!(nowhere.gist(), (404, "Resource not found"));
    assert_eq!(nowhere.body["status"], "resource not found");
    let method = client.send("DELETE", "/lookup/types", &[]);
    assert_eq!(method.gist(), (405, "Method not allowed"));
    assert_eq!(method.header("allow"), Some("GET, HEAD, OPTIONS, POST"));
    assert!(method.header("x-request-id").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_path_knows_head_and_options() {
    let server = Server::start(&[]).await;
    let client = server.client();
    for path in ["/lookup/types", "/openapi.json", "/docs"] {
        let head = client.send("HEAD", path, &[]);
        assert_eq!((head.status, &head.body), (200, &json!("")), "{path}");
        let options = client.send("OPTIONS", path, &[]);
        assert_eq!(options.status, 204, "{path}");
        assert!(options.header("allow").unwrap().starts_with("GET, HEAD, OPTIONS"), "{path}");
        assert_eq!(client.send("PATCH", path, &[]).gist(), (405, "Method not allowed"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_has_a_line_for_each_request_with_its_id_and_the_cause_of_a_fault() {
    let server = Server::start(&[]).await;
    sql(&server.database(), "ALTER TABLE lookup_types CHANGE description explanation TEXT").await;
    let failed = server.client().send("GET", "/lookup/types?secret=hunter2", &[("x-request-id", "trace-me")]);
    assert_eq!(failed.gist(), (500, "Some error occurred"));
    assert_eq!(failed.header("x-request-id"), Some("trace-me"));
    assert!(failed.error_stack().contains(&"request id trace-me"), "{failed:?}");
    assert!(!failed.body.to_string().contains("description"), "the cause is for the log only: {failed:?}");
    server.wait_for("GET /lookup/types 500");
    let said = server.said();
    let lines: Vec<&str> = said.lines().filter(|line| line.contains("trace-me")).collect();
    assert!(lines.iter().any(|line| line.contains("ERROR") && line.contains("description")), "{said}");
    assert!(!said.contains("hunter2"), "a query may hold what does not belong into a log");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_with_and_without_its_slash_is_the_same_path() {
    let server = Server::start(&[]).await;
    let client = server.client();
    for path in ["/lookup/types", "/lookup/types/", "/healthCheck/", "/docs", "/docs/"] {
        assert_eq!(client.get(path).status, 200, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_or_no_json_is_refused() {
    let server = Server::start(&[("request_body_limit", "4096")]).await;
    let client = server.client();
    let large = client.post("/lookup/types/get", json!({ "type": "x".repeat(5000) }));
    assert_eq!(large.gist(), (413, "Request body too large"));
    let text = client.post_text("/lookup/types/get", "text/plain", r#"{"type":"x"}"#);
    assert_eq!(text.gist(), (415, "Unsupported media type"));
    for nonsense in ["", "{", "[]", "null", "\u{feff}{}"] {
        let answer = client.post_text("/lookup/types/get", "application/json", nonsense);
        assert_eq!(answer.gist(), (400, "Sending Incorrect Request payload format"), "{nonsense:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_listed_origins_may_read_answers_and_others_may_not() {
    let server = Server::start(&[("cors_origins", "https://app.example.com")]).await;
    let client = server.client();
    let listed = client.send("GET", "/lookup/types", &[("origin", "https://app.example.com")]);
    assert_eq!(listed.header("access-control-allow-origin"), Some("https://app.example.com"));
    let exposed = listed.header("access-control-expose-headers").unwrap().to_lowercase();
    for header in ["etag", "x-request-id", "retry-after"] {
        assert!(exposed.contains(header), "{exposed}");
    }
    let other = client.send("GET", "/lookup/types", &[("origin", "https://evil.example.com")]);
    assert_eq!((other.status, other.header("access-control-allow-origin")), (200, None));
    let preflight = [
        ("origin", "https://app.example.com"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type"),
    ];
    let preflight = client.send("OPTIONS", "/lookup/types", &preflight);
    assert_eq!(preflight.status, 200, "{preflight:?}");
    assert_eq!(preflight.header("access-control-allow-origin"), Some("https://app.example.com"));
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_compressed_for_clients_that_can_read_it() {
    let server = Server::start(&[]).await;
    let answer = server.client().send("GET", "/openapi.json", &[("accept-encoding", "gzip")]);
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
}

/// What no HTTP library would send.
#[tokio::test(flavor = "multi_thread")]
async fn nonsense_on_the_wire_harms_nobody() {
    let server = Server::start(&[]).await;
    let address = server.base.trim_start_matches("http://").to_owned();
    let heads = [
        "\0\0\0\0\r\n\r\n".to_owned(),
        "GET\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(200_000)),
        "GET /%ff%00/../.. HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_owned(),
        "GET /lookup/values?type=%ff%00 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_owned(),
        "POST /auth/register HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\nconnection: close\r\n\r\n\u{1}\u{2}\u{3}\u{4}\u{5}".to_owned(),
        "POST /auth/register HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".to_owned(),
    ];
    for head in heads {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).unwrap();
        // The server may hang up before it has read all of it.
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
        assert_eq!(
            server.client().get("/health/live").status,
            200,
            "after {:?}",
            &head[..head.len().min(60)]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_are_logged_when_asked_for_without_their_values() {
    let server = Server::start(&[("DB_ECHO", "true")]).await;
    let asked = server.client().post("/lookup/types/get", json!({ "type": "no-such-type" }));
    assert_eq!(asked.status, 404);
    server.wait_for("FROM lookup_types WHERE name = ?");
    assert!(!server.said().contains("no-such-type"), "{}", server.said());
}
