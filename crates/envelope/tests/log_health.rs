//! What answers say of the log.
#![cfg(feature = "actix")]
#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use actix_web::{App, middleware::from_fn, test, web};
use kseekers_envelope::{
    ApiError, Code, Health,
    actix::{LogHealth, Reply, RouteTable, front, not_found},
};

async fn good() -> Result<Reply<u8>, ApiError> {
    Ok(Reply::record(1, "Read"))
}

async fn bad() -> Result<Reply<u8>, ApiError> {
    Err(ApiError::new(Code::Internal))
}

async fn panicking() -> Result<Reply<u8>, ApiError> {
    panic!("whatever")
}

#[actix_web::test]
async fn every_answer_says_whether_the_log_is_written_at_that_moment() {
    let health = LogHealth::default();
    let routes =
        RouteTable::new("Test").get("/good", "", good).get("/bad", "", bad).get("/panic", "", panicking);
    let app = App::new()
        .app_data(web::Data::new(health.clone()))
        .configure(|app| routes.configure(app))
        .default_service(web::to(not_found))
        .wrap(from_fn(front));
    let app = test::init_service(app).await;
    for (now, told) in
        [(Health::Success, "success"), (Health::Failed, "failed"), (Health::Success, "success")]
    {
        health.set(now);
        for path in ["/good", "/bad", "/panic", "/nowhere"] {
            let request = test::TestRequest::get().uri(path).to_request();
            let answer: serde_json::Value = test::call_and_read_body_json(&app, request).await;
            assert_eq!(answer["request_logging"], told, "{path}: {answer}");
            assert_eq!(answer["response_logging"], told, "{path}: {answer}");
        }
    }
}
