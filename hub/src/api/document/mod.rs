//! The `OpenAPI` document, finished: what the routes say, with names and errors as the replaced framework's document had them.
//!
//! Operations are named `<resource>_<what>`; a `PATCH` takes its resource's shape with nothing required; what any route may refuse
//! (`refusals`), what holds for every request's fields (`requests`) and how lists are asked for (`lists`) is said once, so that a new route has it
//! by itself.

mod lists;
mod refusals;
mod requests;

use axum::http::Method;
use protocol::device::DeviceRole;
use serde_json::{Value, json};

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
                lists::complete(operation);
                refusals::complete(path, method, operation);
                describe(operation);
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
    schemas.extend(refusals::schemas());
    document["components"]["responses"] = refusals::responses();
    requests::complete(&mut document);
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
}

/// Every answer has a description, or the document is none.
fn describe(operation: &mut Value) {
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        if response["$ref"].is_null() && response["description"].as_str().is_none_or(str::is_empty) {
            let words = match &status[..] {
                "201" => "It is made, and on disk.",
                "202" => "It is begun.",
                "204" => "It is gone; there is nothing more to say.",
                _ => "As asked.",
            };
            response["description"] = words.into();
        }
    }
}

/// Points a `PATCH` at its shape with nothing required; answers the shape's name. One that is called a patch is for this alone, and says
/// itself what must be there.
fn patch(operation: &mut Value) -> Option<String> {
    let schema = operation.pointer_mut("/requestBody/content/application~1json/schema")?;
    let name = schema["$ref"].as_str()?.rsplit('/').next()?.to_owned();
    if name.ends_with("PatchIn") {
        return None;
    }
    schema["$ref"] = format!("#/components/schemas/Patched{name}").into();
    Some(name)
}
