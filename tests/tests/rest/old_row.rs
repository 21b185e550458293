//! The row of an old till: taken as it is, or refused with the field and both figures.

use serde_json::{Value, json};

use super::golden::outlet;

fn row(number: &str, product: &str, quantity: i64, total: i64) -> Value {
    json!({
        "order_number": number,
        "items": [{"product_id": product, "quantity": quantity, "price": 10_000, "modifiers": []}],
        "total": total, "status": "completed", "payment_status": "paid",
        "created_at": "2026-11-21T10:00:00.000Z",
    })
}

#[tokio::test]
async fn a_paid_row_is_a_closed_sale_with_a_receipt() {
    let (_hub, client, products) = outlet(&[("TAX_RATE_BP", "1000")], &[10_000]).await;
    let order = client.post("/api/orders/", &row("A-1", &products[0], 2, 22_000)).await.expect(201);
    for (field, expected) in [
        ("order_number", json!("A-1")),
        ("state", json!("closed")),
        ("payment_status", json!("paid")),
        ("receipt_number", json!(1)),
        ("total", json!(22_000)),
        ("paid", json!(22_000)),
    ] {
        assert_eq!(order[field], expected, "{field}");
    }
    assert_eq!(order["items"][0]["product"], json!(products[0]));
    // The hub's own numbers are not disturbed.
    let ours = json!({"items": [{"product": products[0], "quantity": 1}]});
    assert_eq!(client.post("/api/orders/", &ours).await.expect(201)["order_number"], "001");
}

#[tokio::test]
async fn the_same_row_again_is_the_same_sale() {
    let (mut hub, client, products) = outlet(&[], &[10_000]).await;
    let body = row("A-1", &products[0], 1, 10_000);
    let first = client.post("/api/orders/", &body).await.expect(201);
    assert_eq!(client.post("/api/orders/", &body).await.expect(201), first);
    hub.restart().await;
    assert_eq!(client.post("/api/orders/", &body).await.expect(201), first);
    let other = client.post("/api/orders/", &row("A-2", &products[0], 1, 10_000)).await.expect(201);
    assert_ne!(other["id"], first["id"]);
    let orders = client.all("/api/orders/").await;
    assert_eq!(orders.len(), 2);
    assert_eq!(client.read("/api/payments/").await["count"], 2);
}

#[tokio::test]
async fn an_unpaid_row_stays_open_for_a_till_to_settle() {
    let (_hub, client, products) = outlet(&[], &[10_000]).await;
    let mut body = row("A-1", &products[0], 1, 10_000);
    body["payment_status"] = json!("pending");
    let order = client.post("/api/orders/", &body).await.expect(201);
    assert_eq!((&order["payment_status"], &order["due"]), (&json!("unpaid"), &json!(10_000)));
    let paid = json!({"order": order["id"], "method": "cash", "tendered": 20_000});
    assert_eq!(client.post("/api/payments/", &paid).await.expect(201)["change"], 10_000);
}

#[tokio::test]
async fn a_row_that_does_not_hold_is_refused_by_field_with_both_figures() {
    let (_hub, client, products) = outlet(&[("TAX_RATE_BP", "1000")], &[10_000]).await;
    let refused = client.post("/api/orders/", &row("A-1", &products[0], 2, 20_000)).await.expect(400);
    let words = refused["total"][0].as_str().unwrap();
    assert!(words.contains("22000") && words.contains("20000"), "{words}");
    for quantity in [0, -1] {
        let refused = client.post("/api/orders/", &row("A-1", &products[0], quantity, 0)).await.expect(400);
        assert!(refused["items"][0]["quantity"][0].is_string(), "{refused}");
    }
    let nowhere = super::new_id();
    let refused = client.post("/api/orders/", &row("A-1", &nowhere, 1, 11_000)).await.expect(400);
    let words = refused["items"][0]["product_id"][0].as_str();
    assert!(words.is_some_and(|words| words.contains(&nowhere)), "by the name that the row has: {refused}");
    let refused = client.post("/api/orders/", &row("A-1", "17", 1, 11_000)).await.expect(400);
    assert!(refused["items"][0]["product_id"][0].is_string(), "{refused}");
    assert_eq!(client.read("/api/orders/").await["count"], 0);
}

#[tokio::test]
async fn amounts_and_ids_are_taken_as_old_tills_write_them() {
    let (_hub, client, products) = outlet(&[], &[10_000]).await;
    let mut body = row("A-1", &products[0], 1, 0);
    body["total"] = json!("10000.00");
    body["items"][0]["quantity"] = json!("1");
    body["id"] = json!(417);
    let order = client.post("/api/orders/", &body).await.expect(201);
    assert_eq!((&order["id"], &order["total"]), (&json!(417), &json!(10_000)));
    assert_eq!(client.read("/api/orders/417/").await, order);
    body["total"] = json!("10000.50");
    body["id"] = json!(418);
    assert!(client.post("/api/orders/", &body).await.expect(400)["total"][0].is_string());
}
