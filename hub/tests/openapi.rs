//! The document is a promise: the front end's types are made from it, and a change of it is seen in review.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::HashSet;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../web-ui/openapi.json");

/// `UPDATE_GOLDEN=1` writes it anew; then `npm run types` in `web-ui`.
#[test]
fn the_checked_in_document_is_what_the_routes_say() {
    let text = serde_json::to_string_pretty(&hub::api::document()).unwrap() + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(FILE, &text).unwrap();
    }
    assert!(std::fs::read_to_string(FILE).unwrap() == text, "run this test with UPDATE_GOLDEN=1");
}

#[test]
fn operations_have_names_of_their_own_and_refusals_have_shapes() {
    let document = hub::api::document();
    let mut names = HashSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{method} {path}: {name} is taken");
            for (status, response) in operation["responses"].as_object().unwrap() {
                let shared = response["$ref"].as_str().and_then(|name| document.pointer(&name[1..]));
                let response = shared.unwrap_or(response);
                assert!(response["description"].is_string(), "{method} {path}: {status}");
                let is_refusal = status.starts_with(['4', '5']);
                assert!(!is_refusal || response["content"].is_object(), "{method} {path}: {status}");
            }
        }
    }
    assert!(names.contains("orders_create") && names.contains("order_items_void"), "{names:?}");
}

#[test]
fn what_every_route_has_is_said_without_its_saying_so() {
    let document = hub::api::document();
    let of = |path: &str, method: &str| {
        let responses = document["paths"][path][method]["responses"].as_object().unwrap();
        responses.keys().map(String::as_str).filter(|status| status.starts_with('4')).collect::<Vec<_>>()
    };
    assert_eq!(of("/api/hub/", "get"), ["400", "406", "429"]);
    assert_eq!(of("/api/categories/", "get"), ["400", "401", "403", "404", "406", "429"]);
    assert_eq!(
        of("/api/categories/{id}/", "patch"),
        ["400", "401", "403", "404", "406", "409", "413", "415", "429"]
    );
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["CategoryIn"]["properties"]["name"]["pattern"], r"^[^\u0000]*[^\s\u0000][^\u0000]*$");
    assert_eq!(schemas["ProductIn"]["properties"]["category"]["x-refers-to"], "categories");
    assert_eq!(schemas["OrderItemIn"]["properties"]["modifiers"]["x-refers-to"], "modifiers");
    let update = &document["paths"]["/api/categories/{id}/"]["patch"]["requestBody"];
    assert_eq!(update["required"], false, "nothing changes nothing");
}
