//! Payments: what they settle, cash rounding, change, and when an order closes by itself.

use serde_json::{Value, json};
use tests::client::{Answer, Client};

use super::golden::outlet;
use super::{assert_refused, id_of, new_id};

async fn order(client: &Client, product: &str) -> Value {
    client.post("/api/orders/", &json!({"items": [{"product": product, "quantity": 1}]})).await.expect(201)
}

async fn pay(client: &Client, order: &Value, mut body: Value) -> Answer {
    body["order"] = order["id"].clone();
    client.post("/api/payments/", &body).await
}

async fn now(client: &Client, order: &Value) -> Value {
    client.read(&format!("/api/orders/{}/", id_of(order))).await
}

#[tokio::test]
async fn cash_is_rounded_to_coins_and_gives_change() {
    for (unit, mode, due, rounding) in [
        ("100", "down", 93_449, -49),
        ("100", "nearest", 93_449, -49),
        ("100", "nearest", 93_450, 50),
        ("500", "up", 93_401, 99),
        ("1000", "nearest", 93_500, 500),
        ("0", "up", 93_499, 0),
    ] {
        let settings = [("CASH_ROUNDING_UNIT", unit), ("CASH_ROUNDING_MODE", mode)];
        let (_hub, client, products) = outlet(&settings, &[due]).await;
        let order = order(&client, &products[0]).await;
        let paid = pay(&client, &order, json!({"method": "cash", "tendered": 100_000})).await.expect(201);
        assert_eq!(
            ["amount", "rounding", "tendered", "change"].map(|field| paid[field].as_i64().unwrap()),
            [due, rounding, 100_000, 100_000 - due - rounding],
            "{unit} {mode}"
        );
        let order = now(&client, &order).await;
        assert_eq!(
            ["total", "rounding", "paid", "due"].map(|field| order[field].as_i64().unwrap()),
            [due, rounding, due, 0],
            "{unit} {mode}: the rounding is a line of its own"
        );
        assert_eq!(order["payment_status"], "paid");
    }
}

#[tokio::test]
async fn only_cash_is_rounded_and_only_cash_gives_change() {
    let settings = [("CASH_ROUNDING_UNIT", "1000"), ("CASH_ROUNDING_MODE", "up")];
    let (_hub, client, products) = outlet(&settings, &[93_449]).await;
    let one = order(&client, &products[0]).await;
    let refused = pay(&client, &one, json!({"method": "card", "tendered": 100_000})).await.expect(400);
    assert!(refused["tendered"][0].is_string(), "{refused}");
    let refused = pay(&client, &one, json!({"method": "cash", "tendered": 93_449})).await.expect(400);
    let words = refused["tendered"][0].as_str().unwrap();
    assert!(words.contains("93449") && words.contains("94000"), "{words}");
    let body = json!({"method": "card", "reference": "EDC 000123"});
    let paid = pay(&client, &one, body).await.expect(201);
    assert_eq!(
        (&paid["amount"], &paid["tendered"], &paid["rounding"], &paid["change"], &paid["reference"]),
        (&json!(93_449), &json!(93_449), &json!(0), &json!(0), &json!("EDC 000123"))
    );
}

#[tokio::test]
async fn a_bill_is_split_and_never_overpaid() {
    let (_hub, client, products) = outlet(&[], &[90_000]).await;
    let one = order(&client, &products[0]).await;
    assert_eq!(one["payment_status"], "unpaid");
    pay(&client, &one, json!({"method": "cash", "amount": 30_000, "tendered": 50_000})).await.expect(201);
    let partial = now(&client, &one).await;
    assert_eq!((&partial["payment_status"], &partial["due"]), (&json!("partial"), &json!(60_000)));
    let refused = pay(&client, &one, json!({"method": "qris", "amount": 60_001})).await.expect(400);
    let words = refused["amount"][0].as_str().unwrap();
    assert!(words.contains("60000") && words.contains("60001"), "{words}");
    for amount in [0, -1] {
        let refused = pay(&client, &one, json!({"method": "qris", "amount": amount})).await.expect(400);
        assert!(refused["amount"][0].is_string(), "{refused}");
    }
    pay(&client, &one, json!({"method": "qris", "amount": 20_000})).await.expect(201);
    pay(&client, &one, json!({"method": "card"})).await.expect(201);
    let paid = now(&client, &one).await;
    assert_eq!((&paid["payment_status"], &paid["due"]), (&json!("paid"), &json!(0)));
    let methods: Vec<&Value> = paid["payments"].as_array().unwrap().iter().map(|it| &it["method"]).collect();
    assert_eq!(methods, ["cash", "qris", "card"]);
    assert_refused(&pay(&client, &one, json!({"method": "cash"})).await, 409, "nothing_due");
}

#[tokio::test]
async fn wrong_payments_are_refused_by_field() {
    let (_hub, client, products) = outlet(&[], &[10_000]).await;
    let one = order(&client, &products[0]).await;
    for (body, field) in [
        (json!({"order": one["id"]}), "method"),
        (json!({"order": one["id"], "method": ""}), "method"),
        (json!({"method": "cash"}), "order"),
        (json!({"order": new_id(), "method": "cash"}), "order"),
        (json!({"order": one["id"], "method": "cash", "amount": "much"}), "amount"),
        (json!({"order": one["id"], "method": "cash", "id": "first"}), "id"),
        (json!({"order": one["id"], "method": "x".repeat(41)}), "method"),
    ] {
        let refused = client.post("/api/payments/", &body).await.expect(400);
        assert!(refused[field][0].is_string(), "{body}: {refused}");
    }
    assert_eq!(now(&client, &one).await, one, "nothing has changed");
}

#[tokio::test]
async fn an_order_closes_by_itself_when_it_is_served_and_paid() {
    let (_hub, client, products) = outlet(&[], &[10_000]).await;
    let path = |order: &Value| format!("/api/orders/{}/", id_of(order));
    // Served, then paid.
    let one = order(&client, &products[0]).await;
    client.patch(&path(&one), &json!({"status": "served"})).await.expect(200);
    pay(&client, &one, json!({"method": "cash", "amount": 4_000})).await.expect(201);
    assert_eq!(now(&client, &one).await["state"], "served");
    pay(&client, &one, json!({"method": "cash"})).await.expect(201);
    assert_eq!(now(&client, &one).await["state"], "closed");
    // Paid, then served, at once or line by line.
    for by_line in [false, true] {
        let one = order(&client, &products[0]).await;
        pay(&client, &one, json!({"method": "cash"})).await.expect(201);
        assert_eq!(now(&client, &one).await["state"], "sent");
        let line = format!("/api/order-items/{}/", one["items"][0]["id"].as_str().unwrap());
        let target = if by_line { line } else { path(&one) };
        client.patch(&target, &json!({"status": "served"})).await.expect(200);
        assert_eq!(now(&client, &one).await["state"], "closed", "by line: {by_line}");
    }
    // Nothing closes an order that is not paid.
    let one = order(&client, &products[0]).await;
    assert_refused(&client.patch(&path(&one), &json!({"status": "closed"})).await, 409, "not_paid");
}

#[tokio::test]
async fn a_bill_of_nothing_is_paid_with_nothing_once() {
    let (_hub, client, products) = outlet(&[], &[0]).await;
    let one = order(&client, &products[0]).await;
    let paid = pay(&client, &one, json!({"method": "cash"})).await.expect(201);
    assert_eq!((&paid["amount"], &paid["receipt_number"]), (&json!(0), &json!(1)));
    assert_eq!(now(&client, &one).await["payment_status"], "paid");
    assert_refused(&pay(&client, &one, json!({"method": "cash"})).await, 409, "nothing_due");
}
