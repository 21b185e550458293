//! **The REST contract, line by line**: what tills and the admin panel of the replaced system rely on.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod audience;
mod audit;
mod catalogue;
mod customers;
mod devices;
mod errors;
mod filters;
mod golden;
mod lists;
mod numbers;
mod old_row;
mod orders;
mod payments;
mod pictures;
mod pins;
mod promotions;
mod repeats;
mod settings;
mod sign_in;
mod states;
mod users;

use protocol::ids::Id;
use serde_json::{Value, json};
use tests::client::{Answer, Client};
use tests::hub::{Setup, TestHub};
use tests::shop::plain_product;

/// A new id of a client.
fn new_id() -> String {
    Id::now_v7().to_string()
}

/// An order of so many of one product that asks nothing.
fn plain_order(id: &str, quantity: u32) -> Value {
    json!({"id": id, "items": [{"product": plain_product().0, "quantity": quantity}]})
}

/// Places a plain order; answers it.
async fn place(client: &Client, quantity: u32) -> Value {
    client.post("/api/orders/", &plain_order(&new_id(), quantity)).await.expect(201)
}

/// The demo's hub with a client of it.
async fn demo() -> (TestHub, Client) {
    let hub = Setup::demo().start().await;
    let client = hub.client().clone();
    (hub, client)
}

/// The text of an order's id.
fn id_of(order: &Value) -> &str {
    order["id"].as_str().expect("an id is a text")
}

/// An error that is not about a field: that status, a detail in words, and the code.
#[track_caller]
fn assert_refused(answer: &Answer, status: u16, code: &str) {
    let body = answer.expect(status);
    assert_eq!(body["code"], code, "{body}");
    assert!(body["detail"].as_str().is_some_and(|detail| detail.len() > 5), "{body}");
    assert!(answer.header("content-type").starts_with("application/json"), "{:?}", answer.headers);
}
