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
                let is_refusal = status.starts_with(['4', '5']);
                assert!(!is_refusal || response["content"].is_object(), "{method} {path}: {status}");
            }
        }
    }
    assert!(names.contains("orders_create") && names.contains("order_items_void"), "{names:?}");
}
