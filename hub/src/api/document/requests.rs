//! What holds for every request's shape, said once: limits that the readers (`form`) set for all, and what fields refer to.

use std::collections::BTreeSet;

use protocol::money::AMOUNT_MAX;
use serde_json::{Map, Value};

use super::super::form::IDS_MAX;

/// A text without null characters, which no field takes.
const TEXT: &str = r"^[^\u0000]*$";
/// One that is not blank, either. A field that says `min_length = 1` is such a one: it is read by `Form::name`.
const NAME: &str = r"^[^\u0000]*[^\s\u0000][^\u0000]*$";
/// Fields that name something, and the resource whose ids they hold.
const REFERENCES: [(&str, &str); 9] = [
    ("categories", "categories"),
    ("category", "categories"),
    ("group", "modifier-groups"),
    ("modifier_groups", "modifier-groups"),
    ("modifiers", "modifiers"),
    ("order", "orders"),
    ("product", "products"),
    ("products", "products"),
    ("user", "staff"),
];

/// Completes the shapes that requests are made of.
pub(super) fn complete(document: &mut Value) {
    let mut names = BTreeSet::new();
    operations(document).for_each(|operation| references(&operation["requestBody"], &mut names));
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let mut waiting: Vec<String> = names.iter().cloned().collect();
    while let Some(name) = waiting.pop() {
        let Some(schema) = schemas.get_mut(&name) else { continue };
        properties(schema);
        let mut inner = BTreeSet::new();
        references(schema, &mut inner);
        waiting.extend(inner.into_iter().filter(|name| names.insert(name.clone())));
    }
    // No body at all is as good as an empty object.
    let is_optional = |schema: &Value| schema["type"] == "object" && schema["required"].is_null();
    let optional: BTreeSet<String> =
        schemas.iter().filter(|(_, schema)| is_optional(schema)).map(|(name, _)| name.clone()).collect();
    for operation in operations(document) {
        let schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str();
        let name = schema.and_then(|name| name.rsplit('/').next());
        if name.is_some_and(|name| optional.contains(name)) {
            operation["requestBody"]["required"] = false.into();
        }
    }
}

fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut)
}

/// The names of the schemas that a part of the document points at.
fn references(part: &Value, names: &mut BTreeSet<String>) {
    match part {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(Value::as_str);
            names.extend(name.and_then(|name| name.strip_prefix("#/components/schemas/")).map(str::to_owned));
            fields.values().for_each(|field| references(field, names));
        }
        Value::Array(parts) => parts.iter().for_each(|part| references(part, names)),
        _ => {}
    }
}

/// Completes the fields of an object, and of those that it is put together from.
fn properties(schema: &mut Value) {
    for word in ["allOf", "anyOf", "oneOf"] {
        schema.get_mut(word).and_then(Value::as_array_mut).into_iter().flatten().for_each(properties);
    }
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, field) in fields.into_iter().flatten() {
        limit(field);
        let resource = REFERENCES.iter().find(|(known, _)| known == name);
        let names_some = is(field, "string") || is(field, "array") && is(&field["items"], "string");
        if let Some((_, resource)) = resource.filter(|_| names_some) {
            field["x-refers-to"] = (*resource).into();
        }
    }
}

/// Says what the readers take where the field's own line does not.
fn limit(field: &mut Value) {
    let is_free = ["format", "enum", "pattern"].iter().all(|word| field[word].is_null());
    if is(field, "string") && is_free {
        let is_name = field["minLength"] == 1;
        field["pattern"] = if is_name { NAME } else { TEXT }.into();
    }
    if is(field, "integer") && field["format"] == "int64" && field["maximum"].is_null() {
        field["maximum"] = AMOUNT_MAX.into();
    }
    if is(field, "array") {
        if field["maxItems"].is_null() {
            field["maxItems"] = IDS_MAX.into();
        }
        field.get_mut("items").into_iter().for_each(|items| {
            limit(items);
            properties(items);
        });
    }
    if is(field, "object") {
        properties(field);
    }
}

/// Whether a schema is for values of a kind, or for those and null.
fn is(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind
        || schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(|one| one == kind))
}
