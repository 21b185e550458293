//! **A request has happened whole or not at all**, also one that makes several records.
//!
//! A power cut may leave the first of them on the medium and lose the second, when neither was acknowledged. Whoever asked
//! asks again, and must find the one or the other, never a half.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::PathBuf;

use hub::ledger::record::Frame;
use hub::ledger::segment::SEGMENT_HEADER_BYTES;
use serde_json::{Value, json};
use tests::hub::{Setup, TestHub};
use tests::shop::{numbers, plain_product};

struct Ledger {
    log: PathBuf,
    head: PathBuf,
    acknowledged: Vec<u8>,
}

impl Ledger {
    /// Notes what was acknowledged before the request.
    fn before(hub: &TestHub) -> Self {
        let dir = hub.data_dir().join("ledger");
        let head = dir.join("head");
        Self { log: dir.join("0000000000000001.log"), acknowledged: fs::read(&head).unwrap(), head }
    }

    /// The power is cut when the request's last record, which begins on a sector of its own, has not reached the medium:
    /// nothing of the request was acknowledged.
    async fn lose_the_last_record(self, hub: &mut TestHub) {
        hub.kill9();
        let mut bytes = fs::read(&self.log).unwrap();
        let mut starts = vec![SEGMENT_HEADER_BYTES];
        while let Ok(frame) = Frame::read(&bytes, starts[starts.len() - 1]) {
            starts.push(starts[starts.len() - 1] + frame.size());
        }
        bytes[starts[starts.len() - 2]..].fill(0);
        fs::write(&self.log, bytes).unwrap();
        fs::write(&self.head, &self.acknowledged).unwrap();
        hub.start_again().await;
        assert!(!hub.logged().contains("damage"), "a torn tail is no damage: {}", hub.logged());
        hub.assert_ready().await;
    }
}

#[tokio::test]
async fn an_old_row_is_placed_and_paid_or_neither() {
    let mut hub = Setup::outlet(&[]).start().await;
    let client = hub.client().clone();
    let category = client.post("/api/categories/", &json!({"name": "Makanan"})).await.expect(201);
    let product = json!({"name": "Nasi", "category": category["id"], "price": 10_000});
    let product = client.post("/api/products/", &product).await.expect(201);
    let row = json!({
        "order_number": "A-1", "total": 10_000, "status": "completed", "payment_status": "paid",
        "items": [{"product_id": product["id"], "quantity": 1, "price": 10_000, "modifiers": []}],
    });
    let ledger = Ledger::before(&hub);
    client.post("/api/orders/", &row).await.expect(201);
    ledger.lose_the_last_record(&mut hub).await;

    let left = client.all("/api/orders/").await;
    assert!(left.iter().all(|order| order["payment_status"] == "paid"), "half a sale: {left:?}");
    let again = client.post("/api/orders/", &row).await.expect(201);
    assert_eq!((&again["payment_status"], &again["receipt_number"]), (&json!("paid"), &json!(1)));
    assert_eq!(client.all("/api/orders/").await, [again]);
    hub.terminate().await;
    hub.assert_verified();
}

#[tokio::test]
async fn a_payment_that_closes_an_order_does_both_or_neither() {
    let mut hub = Setup::demo().start().await;
    let client = hub.client().clone();
    let order = json!({"items": [{"product": plain_product().0, "quantity": 1}]});
    let order = client.post("/api/orders/", &order).await.expect(201);
    let own = format!("/api/orders/{}/", order["id"].as_str().unwrap());
    client.patch(&own, &json!({"status": "served"})).await.expect(200);
    let payment = json!({"id": protocol::ids::Id::now_v7(), "order": order["id"], "method": "cash"});
    let ledger = Ledger::before(&hub);
    client.post("/api/payments/", &payment).await.expect(201);
    ledger.lose_the_last_record(&mut hub).await;

    let left = client.read(&own).await;
    let is_whole = (&left["state"], &left["payment_status"]) == (&json!("closed"), &json!("paid"));
    let is_absent = (&left["state"], &left["payment_status"]) == (&json!("served"), &json!("unpaid"));
    assert!(is_whole || is_absent, "half a payment: {left}");
    client.post("/api/payments/", &payment).await.expect(201);
    let now = client.read(&own).await;
    assert_eq!((&now["state"], now["payments"].as_array().map(Vec::len)), (&json!("closed"), Some(1)));
    numbers(&[now]);
}

#[tokio::test]
async fn a_change_of_table_and_state_does_both_or_neither() {
    let mut hub = Setup::demo().start().await;
    let client = hub.client().clone();
    let order = json!({"table": "1", "items": [{"product": plain_product().0, "quantity": 1}]});
    let order = client.post("/api/orders/", &order).await.expect(201);
    let own = format!("/api/orders/{}/", order["id"].as_str().unwrap());
    let ledger = Ledger::before(&hub);
    client.patch(&own, &json!({"table": "2", "status": "ready"})).await.expect(200);
    ledger.lose_the_last_record(&mut hub).await;
    let left: Value = client.read(&own).await;
    let pair = (left["table"].as_str(), left["state"].as_str());
    assert!(
        matches!(pair, (Some("1"), Some("sent")) | (Some("2"), Some("ready"))),
        "half a change: {pair:?}"
    );
}
