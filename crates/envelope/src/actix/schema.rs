//! How the types of this crate look in an OpenAPI document.

use std::borrow::Cow;

use serde_json::{Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        KnownFormat, ObjectBuilder, RefOr, SchemaFormat,
        schema::{Schema, Type},
    },
};

use super::{FileDoc, InputDoc};
use crate::{
    RawJson, Timestamp,
    input::{FieldSpec, Id, Kind},
};

impl<T> PartialSchema for Id<T> {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Int32);
        ObjectBuilder::new().schema_type(Type::Integer).format(Some(format)).into()
    }
}

impl<T> ToSchema for Id<T> {
    fn name() -> Cow<'static, str> {
        "Id".into()
    }
}

impl<T: ToSchema> PartialSchema for RawJson<T> {
    fn schema() -> RefOr<Schema> {
        T::schema()
    }
}

impl<T: ToSchema> ToSchema for RawJson<T> {
    fn name() -> Cow<'static, str> {
        T::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
    }
}

impl ToSchema for Timestamp {
    fn name() -> Cow<'static, str> {
        "Timestamp".into()
    }
}

/// The schema of an input; other names for a key are told in words.
pub(super) fn input(doc: &InputDoc) -> Value {
    let properties: serde_json::Map<_, _> =
        doc.fields.iter().map(|field| (field.key.to_owned(), property(field))).collect();
    // A field with other names cannot be listed: JSON Schema would ask for this very key.
    let required: Vec<_> = doc
        .fields
        .iter()
        .filter(|field| field.required && field.aliases.is_empty())
        .map(|field| field.key)
        .collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// The schema of a form with a file in it. Swagger UI shows a file chooser for `format: binary`; OpenAPI 3.1 itself
/// asks for `contentMediaType`.
pub(super) fn file(doc: FileDoc) -> Value {
    let content =
        json!({ "type": "string", "format": "binary", "contentMediaType": "application/octet-stream" });
    json!({ "type": "object", "properties": { doc.part: content }, "required": [doc.part] })
}

/// The schema of one field.
pub(super) fn property(field: &FieldSpec) -> Value {
    let mut schema = match field.kind {
        Kind::Text { min, max } => json!({ "type": "string", "minLength": min, "maxLength": max }),
        Kind::LongText { max_bytes } => {
            json!({ "type": "string", "description": format!("At most {max_bytes} bytes in UTF-8") })
        }
        Kind::Email { max } => json!({ "type": "string", "format": "email", "maxLength": max }),
        Kind::Integer { min, max } => {
            json!({ "type": "integer", "minimum": min, "maximum": max, "description": "Its text is accepted too" })
        }
        Kind::Flag => json!({ "type": "boolean", "description": "0 and 1 are accepted too" }),
    };
    let Some(schema_object) = schema.as_object_mut() else { return schema };
    if field.nullable
        && let Some(name) = schema_object.get_mut("type")
    {
        *name = json!([name.take(), "null"]);
    }
    if !field.aliases.is_empty() {
        let others = format!("The key may also be: {}", field.aliases.join(", "));
        let said = schema_object.get("description").and_then(Value::as_str);
        let description = said.map_or_else(|| others.clone(), |said| format!("{said}. {others}"));
        schema_object.insert("description".to_owned(), description.into());
    }
    schema
}
