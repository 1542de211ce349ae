//! While the database is away.

use serde_json::Value;

use super::{bodies::good, checked, document::Document, query};
use crate::{harness::Server, start_and_stop::nowhere};

#[tokio::test(flavor = "multi_thread")]
async fn every_route_that_needs_the_database_says_so_and_no_more() {
    let server = Server::start(&[]).await;
    let document = Document::of(&server);
    let token = server.signed_in("admin").token;
    // It has the same secret, so that the token counts there too.
    let lonely = Server::start_on(&nowhere(), &[]);
    let mut client = lonely.client();
    client.token = token;
    let without = ["/healthCheck", "/health/live", "/health/ready"];
    for route in document.routes.iter().filter(|route| !without.contains(&route.path.as_str())) {
        let target = route.target() + &query(&Value::from(good(&route.query)));
        let body =
            route.body.as_ref().map(|schema| Value::from(good(schema["properties"].as_object().unwrap())));
        let body = body.map_or_else(String::new, |body| body.to_string());
        let answer = client.send_text(&route.method, &target, "application/json", &body);
        let what = format!("{} {target}", route.method);
        assert_eq!(checked(&answer, &what), (503, "Error in connecting to host database"), "{what}");
        // Causes are for the log: the client gets the number to find them by.
        let id = format!("request id {}", answer.header("x-request-id").unwrap());
        assert_eq!(answer.error_stack(), ["Error in connecting to host database", &id], "{what}");
    }
    assert_eq!(client.get("/health/live").status, 200);
    let ready = client.get("/health/ready");
    assert_eq!(ready.status, 503);
    assert!(!lonely.said().contains("hunter2"), "{}", lonely.said());
}
