//! What every route may refuse, said once: which refusals a route has follows from what it is.

use serde_json::{Map, Value, json};

/// Every refusal that routes share: its status, its name among the components, and its words.
const REFUSALS: [(&str, &str, &str); 12] = [
    ("400", "Invalid", "A field or a parameter does not hold, or the body cannot be read."),
    ("401", "NotSignedIn", "Nobody is signed in, or not any more."),
    ("403", "Forbidden", "Whoever is signed in may not do this."),
    ("404", "NotFound", "Not found."),
    ("406", "NotAcceptable", "Answers are JSON, and the client wants none."),
    ("409", "Conflict", "It does not fit what is there, or the id was used with other content."),
    ("410", "Gone", "It was there, and is gone for good."),
    ("413", "TooLarge", "The request is larger than the hub takes."),
    ("415", "UnsupportedMediaType", "The body is of a kind that is not read here."),
    ("429", "TooOften", "Too often: `Retry-After` says when."),
    ("503", "NotNow", "Not now: `Retry-After` says when."),
    ("507", "DiskFull", "The hub's disk is full. Nothing was changed."),
];
/// What any request may be answered.
const ALWAYS: [&str; 3] = ["400", "406", "429"];
/// What a request may be answered that changes something.
const WRITES: [&str; 4] = ["403", "409", "503", "507"];
/// What a request may be answered that has a body.
const BODIES: [&str; 2] = ["413", "415"];

/// Gives an operation the refusals that it may come to, beside those that its route has named.
pub(super) fn complete(path: &str, method: &str, operation: &mut Value) {
    let is_for_some = !operation["security"].is_null();
    let has_pages = parameters(operation).any(|parameter| parameter["name"] == "page");
    let mut statuses = ALWAYS.to_vec();
    if is_for_some {
        statuses.extend(["401", "403"]);
    }
    if path.contains('{') || has_pages {
        statuses.push("404");
    }
    if method != "get" {
        statuses.extend(WRITES);
    }
    if !operation["requestBody"].is_null() {
        statuses.extend(BODIES);
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for status in statuses {
        responses.entry(status).or_insert_with(|| json!({ "description": "" }));
    }
    for (status, response) in responses.iter_mut() {
        let Some((_, name, _)) = REFUSALS.iter().find(|(known, ..)| known == status) else { continue };
        let words = response["description"].as_str().unwrap_or_default();
        *response = if words.is_empty() {
            json!({ "$ref": format!("#/components/responses/{name}") })
        } else {
            refusal(status, words)
        };
    }
}

fn parameters(operation: &Value) -> impl Iterator<Item = &Value> {
    operation["parameters"].as_array().into_iter().flatten()
}

/// The refusals that routes share.
pub(super) fn responses() -> Value {
    let shared = REFUSALS.iter().map(|(status, name, words)| ((*name).to_owned(), refusal(status, words)));
    Value::Object(shared.collect())
}

fn refusal(status: &str, words: &str) -> Value {
    let schema = if status == "400" { "Invalid" } else { "Error" };
    let content = json!({"schema": {"$ref": format!("#/components/schemas/{schema}")}});
    let mut refusal = json!({ "description": words, "content": { "application/json": content } });
    let header =
        |words: &str, schema: Value| json!({ "description": words, "required": true, "schema": schema });
    match status {
        "401" => {
            let schema = json!({ "type": "string", "const": "Bearer" });
            refusal["headers"]["WWW-Authenticate"] = header("How to sign in.", schema);
        }
        "429" | "503" | "507" => {
            let schema = json!({ "type": "integer", "minimum": 0 });
            refusal["headers"]["Retry-After"] = header("Seconds until it may be tried again.", schema);
        }
        _ => {}
    }
    refusal
}

/// The shapes of refusals.
pub(super) fn schemas() -> Map<String, Value> {
    let amount = json!({"type": "integer", "format": "int64"});
    let shapes = json!({
        "Error": {
            "type": "object",
            "description": "A refusal that is not about a field.",
            "required": ["detail", "code"],
            "properties": {
                "detail": {"type": "string", "description": "What happened, and what to do."},
                "code": {"type": "string", "description": "A stable word for programs."},
            },
        },
        "FieldErrors": {
            "type": "object",
            "description": "Fields that do not hold, each with its messages; what is about no single field is said of `non_field_errors`.",
            "properties": {"hub_bill": {"$ref": "#/components/schemas/HubBill"}},
            "additionalProperties": {"$ref": "#/components/schemas/FieldMessages"},
        },
        "HubBill": {
            "type": "object",
            "description": "What the hub makes of an order whose total is not the client's, for the two to be compared.",
            "required": ["subtotal", "discount", "service_charge", "tax", "tax_included", "total"],
            "properties": {
                "subtotal": amount, "discount": amount, "service_charge": amount, "tax": amount, "total": amount,
                "tax_included": {"type": "boolean"},
            },
        },
        "FieldMessages": {
            "description": "What is wrong with a field, or with the fields of each line in a list: nothing, where a line holds.",
            "anyOf": [
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
                {"type": "array", "items": {"$ref": "#/components/schemas/FieldErrors"}, "minItems": 1},
                {"$ref": "#/components/schemas/FieldErrors"},
            ],
        },
        "Invalid": {
            "description": "Fields that do not hold, or a refusal in words where there are no fields to speak of.",
            "oneOf": [{"$ref": "#/components/schemas/FieldErrors"}, {"$ref": "#/components/schemas/Error"}],
        },
    });
    let Value::Object(shapes) = shapes else { return Map::new() };
    shapes
}
