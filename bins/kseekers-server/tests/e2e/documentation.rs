//! The OpenAPI document and Swagger UI.

use kseekers_server::app;
use serde_json::Value;

use crate::harness::Server;

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_in_the_openapi_document_and_is_served() {
    let server = Server::start(&[]).await;
    let client = server.client();
    let document = client.get("/openapi.json").body;
    assert_eq!(document["openapi"], "3.1.0");
    let table = app::routes();
    assert!(table.routes().len() > 25, "{table}");
    for route in table.routes() {
        let method = route.method.as_str().to_ascii_lowercase();
        let operation = &document["paths"][route.path][&method];
        assert!(operation["summary"].is_string(), "{route}");
        let answer = &operation["responses"][route.operation.answer.http.to_string()];
        assert!(answer["content"]["application/json"]["schema"].is_object(), "{route}");
        let varies: Vec<_> =
            route.path.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
        let read: Vec<_> =
            route.operation.path.iter().flat_map(|path| path.fields).map(|field| field.key).collect();
        assert_eq!(varies, read, "{route}");
        let served = client.send(&method.to_ascii_uppercase(), route.path, &[]);
        let unserved = served.status == 405 || served.gist() == (404, "Resource not found");
        assert!(!unserved, "{route}: {served:?}");
    }
    let documented: usize =
        document["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(documented, table.routes().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reference_in_the_document_leads_somewhere() {
    let document = Server::start(&[]).await.client().get("/openapi.json").body;
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
    match value {
        Value::Object(object) => {
            references.extend(object.get("$ref").and_then(Value::as_str));
            object.values().for_each(|value| collect(value, references));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn swagger_ui_and_its_parts_are_served_and_can_be_switched_off() {
    let server = Server::start(&[]).await;
    let client = server.client();
    let page = client.get("/docs");
    let html = page.body.as_str().unwrap();
    assert!(html.contains("<base href=\"/docs/\">") && html.contains("swagger-ui-bundle.js"), "{html}");
    for part in ["swagger-ui-bundle.js", "swagger-ui.css", "swagger-initializer.js"] {
        assert_eq!(client.get(&format!("/docs/{part}")).status, 200, "{part}");
    }
    assert!(client.get("/docs/swagger-initializer.js").body.as_str().unwrap().contains("/openapi.json"));
    assert_eq!(client.get("/docs/nowhere").gist(), (404, "Resource not found"));

    let without = Server::start(&[("docs", "off")]).await;
    assert_eq!(without.client().get("/docs").status, 404);
    assert_eq!(without.client().get("/openapi.json").status, 404);
}
