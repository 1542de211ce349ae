//! The server's OpenAPI document, as a client reads it.

use serde_json::{Map, Value};

use crate::harness::Server;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Access {
    Everybody,
    Users,
    Administrators,
}

#[derive(Debug)]
pub(super) struct Route {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) section: String,
    pub(super) access: Access,
    /// The schema of its JSON body.
    pub(super) body: Option<Value>,
    /// The schema of each parameter of its query.
    pub(super) query: Map<String, Value>,
}

impl Route {
    /// Where to send a request.
    pub(super) fn target(&self) -> String {
        filled(&self.path)
    }
}

/// The path with a number for each part that varies.
pub(super) fn filled(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "1".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

pub(super) struct Document {
    pub(super) routes: Vec<Route>,
}

impl Document {
    pub(super) fn of(server: &Server) -> Self {
        let document = server.client().get("/openapi.json").body;
        let mut routes = Vec::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                routes.push(route(&document, path, method, operation));
            }
        }
        assert!(routes.len() > 30, "{routes:?}");
        Self { routes }
    }

    pub(super) fn route(&self, method: &str, path: &str) -> Option<&Route> {
        self.routes.iter().find(|route| route.method == method && route.path == path)
    }

    pub(super) fn paths(&self) -> Vec<&String> {
        let mut paths: Vec<_> = self.routes.iter().map(|route| &route.path).collect();
        paths.dedup();
        paths
    }

    /// The routes that read a JSON body, with its schema.
    pub(super) fn with_body(&self) -> impl Iterator<Item = (&Route, &Value)> {
        self.routes.iter().filter_map(|route| Some((route, route.body.as_ref()?)))
    }
}

fn route(document: &Value, path: &str, method: &str, operation: &Value) -> Route {
    let secured = operation["security"].as_array();
    // An empty object means that nothing is fine too.
    let needs_token = secured.is_some_and(|ways| ways.iter().all(|way| *way != serde_json::json!({})));
    let access = match (needs_token, operation["description"].as_str()) {
        (true, Some(said)) if said.contains("For administrators.") => Access::Administrators,
        (true, _) => Access::Users,
        (false, _) => Access::Everybody,
    };
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let query = parameters.filter(|parameter| parameter["in"] == "query");
    Route {
        method: method.to_uppercase(),
        path: path.to_owned(),
        section: operation["tags"][0].as_str().unwrap().to_owned(),
        access,
        body: (!body.is_null()).then(|| resolved(document, body).clone()),
        query: query
            .map(|parameter| (parameter["name"].as_str().unwrap().to_owned(), parameter["schema"].clone()))
            .collect(),
    }
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let reference = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    reference.map_or(schema, |pointer| document.pointer(pointer).unwrap())
}
