//! The `OpenAPI` document, finished: what the routes say, with names and errors as the replaced framework's document had them.
//!
//! Operations are named `<resource>_<what>`; a `PATCH` takes its resource's shape with nothing required; every refusal
//! has the shape that `error` gives it.

use axum::http::Method;
use protocol::device::DeviceRole;
use serde_json::{Map, Value, json};

use super::audience::{Audience, audience};
use crate::live;

/// Finishes the document that the routes made.
pub(super) fn finish(mut document: Value) -> Value {
    let mut patched: Vec<String> = Vec::new();
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, operations) in paths {
            for (method, operation) in operations.as_object_mut().into_iter().flatten() {
                name(path, method, operation);
                security(path, method, operation);
                errors(operation);
                if method == "get" {
                    operation["responses"]["304"] = json!({"description": "What `If-None-Match` names is still so; nothing is sent again."});
                }
                if method == "patch" {
                    patched.extend(patch(operation));
                }
            }
        }
    }
    document["components"]["securitySchemes"] = json!({
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "device": {"type": "apiKey", "in": "header", "name": "X-Device-Key"},
    });
    document["x-socketio-events"] = events();
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return document };
    patched.sort();
    patched.dedup();
    for schema in patched {
        if let Some(mut shape) = schemas.get(&schema).cloned() {
            shape.as_object_mut().map(|shape| shape.remove("required"));
            schemas.insert(format!("Patched{schema}"), shape);
        }
    }
    schemas.insert("Error".to_owned(), error_schema());
    schemas.insert("FieldErrors".to_owned(), field_errors_schema());
    document
}

/// The live events that clients send, which `OpenAPI` has no word for, each with what whoever sends it must be allowed to.
fn events() -> Value {
    let events = live::audience::EVENTS.into_iter().filter_map(|event| {
        let permission = live::audience::audience(event)?;
        Some((event.to_owned(), Value::from(permission.word())))
    });
    events.collect()
}

/// `orders_list`, `orders_create`, `orders_retrieve`, …, and the action's own name below a resource.
fn name(path: &str, method: &str, operation: &mut Value) {
    let handler = operation["operationId"].as_str().unwrap_or_default().to_owned();
    let resource = operation["tags"][0].as_str().unwrap_or_default().replace('-', "_");
    let whole = |rest: &&str| !rest.is_empty();
    let action = match path.split_once("{id}/") {
        Some((_, rest)) => Some(rest).filter(whole),
        None => path.trim_start_matches("/api/").split_once('/').map(|(_, rest)| rest).filter(whole),
    };
    let verb = match (method, action) {
        ("get", None) if path.ends_with("{id}/") => "retrieve",
        ("get", None) => "list",
        ("post", None) => "create",
        ("put", None) => "update",
        ("patch", None) => "partial_update",
        ("delete", None) => "destroy",
        _ => handler.as_str(),
    };
    operation["operationId"] = format!("{resource}_{verb}").into();
}

/// Says who may ask: a person, and where a device alone may too, that.
fn security(path: &str, method: &str, operation: &mut Value) {
    let method: Option<Method> = method.to_uppercase().parse().ok();
    let Some(audience) = method.and_then(|method| audience(&method, path)) else { return };
    let (person, device) = (json!({ "bearer": [] }), json!({ "device": [] }));
    operation["security"] = match audience {
        Audience::Anyone => return,
        Audience::Device => json!([device]),
        Audience::May(permission) if DeviceRole::ALL.iter().any(|role| role.may(permission)) => {
            json!([person, device])
        }
        Audience::May(_) => json!([person]),
    };
    for status in ["401", "403"] {
        let refusal = &mut operation["responses"][status];
        if refusal.is_null() {
            *refusal = json!({ "description": words(status) });
        }
    }
}

/// Gives every refusal its shape.
fn errors(operation: &mut Value) {
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    if !responses.contains_key("400") {
        responses.insert("400".to_owned(), json!({"description": "A parameter or a field does not hold."}));
    }
    for (status, response) in responses {
        if !status.starts_with(['4', '5']) {
            continue;
        }
        let schema = if status == "400" { "FieldErrors" } else { "Error" };
        response["content"] =
            json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{schema}")}}});
        if response["description"].as_str().unwrap_or_default().is_empty() {
            response["description"] = words(status).into();
        }
    }
}

fn words(status: &str) -> &'static str {
    match status {
        "400" => "A field does not hold.",
        "401" => "Nobody is signed in, or not any more.",
        "403" => "Whoever is signed in may not do this.",
        "429" => "Too often: `Retry-After` says when.",
        "404" => "Not found.",
        "409" => "It does not fit what is there, or the id was used with other content.",
        "503" => "Not now: `Retry-After` says when.",
        "507" => "The hub's disk is full. Nothing was changed.",
        _ => "Refused.",
    }
}

/// Points a `PATCH` at its shape with nothing required; answers the shape's name.
fn patch(operation: &mut Value) -> Option<String> {
    let schema = &mut operation["requestBody"]["content"]["application/json"]["schema"];
    let name = schema["$ref"].as_str()?.rsplit('/').next()?.to_owned();
    schema["$ref"] = format!("#/components/schemas/Patched{name}").into();
    Some(name)
}

fn error_schema() -> Value {
    json!({
        "type": "object",
        "description": "A refusal that is not about a field.",
        "required": ["detail", "code"],
        "properties": {
            "detail": {"type": "string", "description": "What happened, and what to do."},
            "code": {"type": "string", "description": "A stable word for programs."},
        },
    })
}

fn field_errors_schema() -> Value {
    json!({
        "type": "object",
        "description": "Fields that do not hold, each with its messages, nested for items; or a refusal in words.",
        "additionalProperties": Value::Object(Map::new()),
    })
}
