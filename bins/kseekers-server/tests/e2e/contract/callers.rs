//! Who may do what.

use serde_json::json;

use super::{
    checked,
    document::{Access, Document, Route},
};
use crate::harness::{Answer, Client, Server};

fn ask(client: &Client, route: &Route, body: &str) -> Answer {
    if route.method == "GET" {
        client.get(&route.target())
    } else {
        client.send_text(&route.method, &route.target(), "application/json", body)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_is_judged_on_every_route_before_what_is_asked() {
    let server = Server::start(&[]).await;
    let nobody = server.client();
    nobody.post("/auth/register", json!({ "username": "ada", "email": "ada@example.com" }));
    let (user, admin) = (server.signed_in("ada"), server.signed_in("admin"));
    let forged = {
        let mut forged = admin.clone();
        forged.token = Some(admin.token.as_ref().unwrap().to_owned() + "x");
        forged
    };
    for route in &Document::of(&server).routes {
        let what = format!("{} {}", route.method, route.path);
        let judged = |client: &Client| {
            let answers = ["nonsense", "{}"].map(|body| ask(client, route, body));
            let [first, second] = [0, 1].map(|which| checked(&answers[which], &what));
            if first.0 == 401 || first.0 == 403 {
                assert_eq!(first, second, "{what}");
            }
            (first.0, first.1.to_owned())
        };
        let refused = |told: &(u16, String)| told.0 == 401 || told.0 == 403;
        let unknown = (401, "Not authenticated".to_owned());
        match route.access {
            Access::Everybody => {
                assert!(!refused(&judged(&nobody)) && !refused(&judged(&user)), "{what}");
            }
            Access::Users | Access::Administrators => {
                assert_eq!(judged(&nobody), unknown, "{what}");
                assert_eq!(judged(&forged), unknown, "{what}");
            }
        }
        let of_user = judged(&user);
        match route.access {
            Access::Administrators => assert_eq!(of_user, (403, "Permission Denied".to_owned()), "{what}"),
            _ => assert!(!refused(&of_user), "{what}: {of_user:?}"),
        }
        assert!(!refused(&judged(&admin)), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_counts_in_one_form_only_and_the_scheme_in_any_letter_case() {
    let server = Server::start(&[]).await;
    let admin = server.signed_in("admin");
    let token = admin.token.as_ref().unwrap();
    let with = |value: &str| {
        let answer = server.client().send("GET", "/auth/me", &[("authorization", value)]);
        (answer.status, checked(&answer, value).1.to_owned())
    };
    for scheme in ["Bearer", "bearer", "BEARER"] {
        assert_eq!(with(&format!("{scheme} {token}")).0, 200, "{scheme}");
    }
    for value in [
        "Bearer",
        "Bearer ",
        "Basic YWRtaW46YWRtaW4=",
        token,
        "Bearer a.b.c",
        "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwiZXhwIjo5OTk5OTk5OTk5LCJuYmYiOjF9.",
    ] {
        assert_eq!(with(value), (401, "Not authenticated".to_owned()), "{value}");
    }
}
