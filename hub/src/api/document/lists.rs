//! How lists are asked for, as `list` reads it.

use serde_json::{Value, json};

/// Completes what a list takes.
pub(super) fn complete(operation: &mut Value) {
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        if parameter["in"] != "query" {
            continue;
        }
        let schema = match parameter["name"].as_str() {
            Some("page") => json!({ "type": "integer", "format": "int32", "minimum": 1 }),
            // Without limits: what is too much or too little is made to fit.
            Some("page_size") => json!({ "type": "integer" }),
            Some("created_after" | "created_before") => {
                json!({ "anyOf": [{ "type": "string", "format": "date-time" }, { "type": "string", "format": "date" }] })
            }
            _ => continue,
        };
        parameter["schema"] = schema;
    }
}
