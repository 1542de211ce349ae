//! Every way to fail, to the byte: a table of what clients get.
#![cfg(feature = "actix")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails loudly")]

use std::{fmt::Write, time::Duration};

use actix_web::{
    App, HttpRequest, HttpResponse,
    http::Method,
    middleware::{NormalizePath, from_fn},
    test, web,
};
use kseekers_envelope::{
    ApiError, Code, RawJson, StorageError,
    actix::{Body, BodyLimits, Gate, Query, Reply, RouteTable, front, not_found},
    input::{Int, Text},
};

kseekers_envelope::input! {
    /// A small body.
    pub struct Small {
        /// A name.
        pub name: Text<2, 5>,
        /// A number.
        pub number: Int<1, 9>,
    }
}

async fn body(Body(small): Body<Small>) -> Result<Reply<String>, ApiError> {
    Ok(Reply::record(small.name.into_string(), "Read"))
}

async fn query(Query(small): Query<Small>) -> Result<Reply<i64>, ApiError> {
    Ok(Reply::record(small.number.get(), "Read"))
}

async fn fail(request: HttpRequest) -> Result<Reply<()>, ApiError> {
    let cause = || "Table 'secret.users' does not exist".into();
    Err(match request.query_string() {
        "unavailable" => StorageError::Unavailable(cause()).into(),
        "unreadable" => StorageError::Unreadable(cause()).into(),
        "failed" => StorageError::Failed(cause()).into(),
        "wait" => ApiError::new(Code::TooManyRequests).with_retry_after(Duration::from_secs(42)),
        number => {
            let http = number.parse::<u16>().unwrap();
            ApiError::new(Code::ALL.into_iter().find(|code| code.http() == http).unwrap())
        }
    })
}

async fn panicking() -> Result<Reply<()>, ApiError> {
    panic!("at the disco, with the password hunter2")
}

async fn foreign_panic() -> HttpResponse {
    panic!("in somebody else's handler")
}

async fn foreign_error() -> Result<HttpResponse, actix_web::Error> {
    Err(actix_web::error::ErrorImATeapot("short and stout"))
}

async fn foreign_api_error() -> Result<HttpResponse, ApiError> {
    Err(ApiError::new(Code::PreconditionFailed))
}

struct Ask {
    method: Method,
    path: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
}

const fn post(path: &'static str, body: &'static str) -> Ask {
    Ask { method: Method::POST, path, headers: &[], body }
}

const fn get(path: &'static str) -> Ask {
    Ask { method: Method::GET, path, headers: &[], body: "" }
}

/// Asks, and writes down all that a client can see. The time is the one thing that differs from run to run.
async fn answers(gate: usize, asks: Vec<Ask>) -> String {
    let routes = RouteTable::new("Test")
        .post("/body", "Reads a body", body)
        .get("/query", "Reads a query", query)
        .get("/fail", "Fails", fail)
        .get("/panic", "Panics", panicking);
    let app = App::new()
        .app_data(web::Data::new(Gate::new(gate)))
        .app_data(web::Data::new(BodyLimits { bytes: 64, ..BodyLimits::default() }))
        .configure(|app| routes.configure(app))
        .route("/foreign/panic", web::get().to(foreign_panic))
        .route("/foreign/error", web::get().to(foreign_error))
        .route("/foreign/api-error", web::get().to(foreign_api_error))
        .default_service(web::to(not_found))
        .wrap(NormalizePath::trim())
        .wrap(from_fn(front));
    let app = test::init_service(app).await;
    let mut table = String::new();
    for ask in asks {
        let mut request = test::TestRequest::with_uri(ask.path).method(ask.method.clone());
        request = request.insert_header(("x-request-id", "r-1"));
        for header in ask.headers {
            request = request.insert_header(*header);
        }
        if !ask.body.is_empty() {
            request = request.set_payload(ask.body);
        }
        let response = match test::try_call_service(&app, request.to_request()).await {
            Ok(response) => response.into_parts().1.map_into_boxed_body(),
            Err(error) => error.error_response(),
        };
        let headers: Vec<_> = ask.headers.iter().map(|(name, value)| format!(" [{name}: {value}]")).collect();
        writeln!(table, "{} {}{} {}", ask.method, ask.path, headers.concat(), ask.body).unwrap();
        write!(table, "  {}", response.status().as_u16()).unwrap();
        for name in ["content-type", "allow", "retry-after", "www-authenticate", "x-request-id"] {
            if let Some(value) = response.headers().get(name) {
                write!(table, " {name}={}", value.to_str().unwrap()).unwrap();
            }
        }
        let bytes = actix_web::body::to_bytes(response.into_body()).await.unwrap_or_default();
        writeln!(table, "\n  {}\n", without_time(std::str::from_utf8(&bytes).unwrap())).unwrap();
    }
    table
}

fn without_time(body: &str) -> String {
    let Some((before, after)) = body.split_once("\"fetch_time\":") else { return body.to_owned() };
    let (seconds, after) = after.split_once(',').unwrap();
    assert!((0.0..60.0).contains(&seconds.parse::<f64>().unwrap()));
    format!("{before}\"fetch_time\":T,{after}")
}

#[actix_web::test]
async fn every_way_to_fail_answers_as_the_contract_says() {
    let mut asks = vec![
        post("/body", r#"{"name":"ada","number":5}"#),
        post("/body/", r#"{"name":"ada","number":5}"#),
        post("/body", "nonsense"),
        post("/body", ""),
        post("/body", "[]"),
        post("/body", "{}"),
        post("/body", r#"{"name":null,"number":"x"}"#),
        post("/body", r#"{"name":"a","number":5}"#),
        post("/body", r#"{"name":"abcdef","number":10}"#),
        post("/body", r#"{"name":"ada","number":5,"and":"so much more that it is over the limit"}"#),
        Ask { headers: &[("content-type", "text/plain")], ..post("/body", r#"{"name":"ada","number":5}"#) },
        Ask {
            headers: &[("content-type", "application/x+json; charset=utf-8")],
            ..post("/body", r#"{"name":"ada","number":5}"#)
        },
        Ask { headers: &[("content-encoding", "gzip")], ..post("/body", r#"{"name":"ada","number":5}"#) },
        get("/query?name=ada&number=5"),
        get("/query?name=a"),
        get("/query?name=%ff&number=1"),
        get("/nowhere"),
        get("/"),
        get("/body"),
        Ask { method: Method::DELETE, ..get("/query") },
        Ask { method: Method::OPTIONS, ..get("/query") },
        Ask { method: Method::HEAD, ..get("/query?name=ada&number=5") },
        get("/panic"),
        get("/fail?unavailable"),
        get("/fail?unreadable"),
        get("/fail?failed"),
        get("/fail?wait"),
        get("/foreign/error"),
        get("/foreign/api-error"),
        get("/foreign/panic"),
    ];
    for path in ["/fail?400", "/fail?401", "/fail?403", "/fail?404", "/fail?405", "/fail?409", "/fail?412"] {
        asks.push(get(path));
    }
    for path in ["/fail?413", "/fail?415", "/fail?429", "/fail?500", "/fail?503"] {
        asks.push(get(path));
    }
    insta::assert_snapshot!(answers(100, asks).await);
}

#[actix_web::test]
async fn beyond_the_limit_requests_are_refused_at_once() {
    insta::assert_snapshot!(answers(0, vec![get("/query?name=ada&number=5"), get("/nowhere")]).await);
}

#[actix_web::test]
async fn a_request_without_a_sane_id_gets_a_new_one() {
    let app = App::new().default_service(web::to(not_found)).wrap(from_fn(front));
    let app = test::init_service(app).await;
    for sent in [None, Some(""), Some("with blank"), Some(&*"x".repeat(129))] {
        let mut request = test::TestRequest::get();
        if let Some(sent) = sent {
            request = request.insert_header(("x-request-id", sent));
        }
        let response = test::call_service(&app, request.to_request()).await;
        let id = response.headers().get("x-request-id").unwrap().to_str().unwrap();
        assert!(uuid::Uuid::parse_str(id).is_ok(), "{sent:?} got {id:?}");
    }
}

#[actix_web::test]
async fn an_answer_made_earlier_goes_out_as_it_is() {
    async fn kept() -> Result<Reply<RawJson<Vec<i32>>>, ApiError> {
        Ok(Reply::raw(RawJson::parse("[1,  2]".to_owned(), 2).unwrap(), "Kept"))
    }
    let routes = RouteTable::new("Test").get("/kept", "Kept", kept);
    let app = App::new().configure(|app| routes.configure(app));
    let app = test::init_service(app).await;
    let body = test::call_and_read_body(&app, test::TestRequest::with_uri("/kept").to_request()).await;
    let body = std::str::from_utf8(&body).unwrap();
    assert!(body.contains(r#""row_count":2,"result":{"payload":[1,  2],"#), "{body}");
}
