//! The OpenAPI document of a table of routes.

use serde_json::{Map, Value, json};

use super::{Access, Route, RouteTable, schema};

/// What the document says about the service as a whole.
#[derive(Debug, Clone, Copy)]
pub struct Info<'a> {
    /// Name of the service.
    pub title: &'a str,
    /// Its version.
    pub version: &'a str,
    /// What it is for, in Markdown.
    pub description: &'a str,
}

impl RouteTable {
    /// The OpenAPI 3.1 document.
    pub fn openapi(&self, info: Info<'_>) -> Value {
        let mut paths = Map::new();
        let mut schemas = Map::new();
        for route in self.routes() {
            add_schemas(route, &mut schemas);
            let path = paths.entry(route.path).or_insert_with(|| json!({}));
            if let Some(methods) = path.as_object_mut() {
                methods.insert(route.method.as_str().to_ascii_lowercase(), operation(route));
            }
        }
        json!({
            "openapi": "3.1.0",
            "info": { "title": info.title, "version": info.version, "description": info.description },
            "paths": paths,
            "components": {
                "schemas": schemas,
                "responses": { "Error": error_response() },
                "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } },
            },
        })
    }
}

fn add_schemas(route: &Route, schemas: &mut Map<String, Value>) {
    let operation = &route.operation;
    if let Some(body) = &operation.body {
        schemas.insert(body.name.to_owned(), schema::input(body));
    }
    for (name, part) in &operation.answer.parts {
        schemas.insert(name.clone(), part.clone());
    }
}

fn operation(route: &Route) -> Value {
    let described = &route.operation;
    let mut operation = json!({
        "tags": [route.tag],
        "summary": route.summary,
        "operationId": operation_id(route),
        "responses": {
            described.answer.http.to_string(): answer(route),
            "default": { "$ref": "#/components/responses/Error" },
        },
    });
    let Some(object) = operation.as_object_mut() else { return operation };
    let json_body = described
        .body
        .map(|body| ("application/json", json!({ "$ref": format!("#/components/schemas/{}", body.name) })));
    let file = described.file.map(|file| ("multipart/form-data", schema::file(file)));
    if let Some((content_type, schema)) = json_body.or(file) {
        let body = json!({ "required": true, "content": { content_type: { "schema": schema } } });
        object.insert("requestBody".to_owned(), body);
    }
    let path = described.path.iter().flat_map(|path| path.fields).map(|field| parameter(field, "path"));
    let query = described.query.iter().flat_map(|query| query.fields).map(|field| parameter(field, "query"));
    let parameters: Vec<_> = path.chain(query).collect();
    if !parameters.is_empty() {
        object.insert("parameters".to_owned(), parameters.into());
    }
    let security = match described.access {
        Access::Public => None,
        Access::Optional => Some(json!([{}, { "bearer": [] }])),
        Access::User | Access::Admin => Some(json!([{ "bearer": [] }])),
    };
    if let Some(security) = security {
        object.insert("security".to_owned(), security);
    }
    if described.access == Access::Admin {
        object.insert("description".to_owned(), "For administrators.".into());
    }
    operation
}

fn parameter(field: &crate::input::FieldSpec, place: &str) -> Value {
    // OpenAPI knows no other parameter in a path.
    let required = place == "path" || (field.required && field.aliases.is_empty());
    json!({ "name": field.key, "in": place, "required": required, "schema": schema::property(field) })
}

/// `post /lookup/types/get` is `post_lookup_types_get`.
fn operation_id(route: &Route) -> String {
    let path = route.path.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    format!("{}{path}", route.method.as_str().to_ascii_lowercase())
}

fn answer(route: &Route) -> Value {
    let answer = &route.operation.answer;
    let envelope = envelope(&json!({ "const": answer.status }), &answer.payload);
    json!({ "description": route.summary, "content": { "application/json": { "schema": envelope } } })
}

fn error_response() -> Value {
    let envelope = envelope(&json!({ "type": "string" }), &json!({ "type": "array", "maxItems": 0 }));
    json!({
        "description": "The request was not carried out: `message` says why, `errorStack` has a line for each cause.",
        "content": { "application/json": { "schema": envelope } },
    })
}

fn envelope(status: &Value, payload: &Value) -> Value {
    let logging = json!({ "enum": ["success", "failed"] });
    json!({
        "type": "object",
        "required": ["status", "fetch_time", "row_count", "result", "request_logging", "response_logging"],
        "properties": {
            "status": status,
            "fetch_time": { "type": "number", "description": "Seconds" },
            "row_count": { "type": "integer" },
            "result": {
                "type": "object",
                "required": ["payload", "errorStack", "message"],
                "properties": {
                    "payload": payload,
                    "errorStack": { "type": "array", "items": { "type": "string" } },
                    "message": { "type": "string" },
                },
            },
            "request_logging": logging,
            "response_logging": logging,
        },
    })
}
