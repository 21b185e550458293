//! Orders: what is answered, parked orders, rounds, voids, corrections.

use serde_json::{Value, json};

use super::{assert_refused, demo, id_of, new_id, place, plain_order, plain_product};

#[tokio::test]
async fn an_order_is_answered_with_every_field() {
    let (_hub, client) = demo().await;
    let (product, price) = plain_product();
    let (id, item) = (new_id(), new_id());
    let body = json!({
        "id": id, "order_type": "take_away", "table": "12", "customer": "Ibu Sari", "notes": "cepat ya",
        "metadata": {"till": 2}, "items": [{"id": item, "product": product, "quantity": 2, "notes": "pedas"}],
    });
    let answer = client.post("/api/orders/", &body).await;
    let order = answer.expect(201);
    for (field, expected) in [
        ("id", json!(id)),
        ("uuid", json!(id)),
        ("outlet_id", json!(1)),
        ("order_number", json!("001")),
        ("receipt_number", Value::Null),
        ("order_type", json!("take_away")),
        ("table", json!("12")),
        ("customer", json!("Ibu Sari")),
        ("notes", json!("cepat ya")),
        ("metadata", json!({"till": 2})),
        ("status", json!("sent")),
        ("state", json!("sent")),
        ("payment_status", json!("unpaid")),
        ("cancel_reason", json!("")),
        ("currency", json!("IDR")),
        ("currency_exponent", json!(0)),
        ("subtotal", json!(price * 2)),
        ("rounding", json!(0)),
        ("paid", json!(0)),
        ("payments", json!([])),
    ] {
        assert_eq!(order[field], expected, "{field}");
    }
    for (field, expected) in [
        ("id", json!(item)),
        ("product", json!(product)),
        ("quantity", json!(2)),
        ("price", json!(price)),
        ("line_total", json!(price * 2)),
        ("modifiers", json!([])),
        ("notes", json!("pedas")),
        ("status", json!("sent")),
    ] {
        assert_eq!(order["items"][0][field], expected, "{field}");
    }
    let created = order["created_at"].as_str().unwrap();
    assert!(
        created.ends_with("+07:00") && created.len() == 29,
        "RFC 3339 with the outlet's offset: {created}"
    );
    assert_eq!(order["updated_at"], order["created_at"]);
    assert_eq!(answer.header("cache-control"), "no-store");
    let read = client.get(&format!("/api/orders/{id}/")).await;
    assert_eq!(read.expect(200), order);
    assert!(read.header("x-ledger-seq").parse::<u64>().is_ok() && read.header("x-ledger-epoch") == "1");
    assert_eq!(client.read("/api/orders/").await["results"], json!([order]));
}

#[tokio::test]
async fn a_parked_order_waits_until_it_is_sent() {
    let (_hub, client) = demo().await;
    let mut body = plain_order(&new_id(), 1);
    body["status"] = json!("open");
    let order = client.post("/api/orders/", &body).await.expect(201);
    assert_eq!((&order["state"], &order["items"][0]["status"]), (&json!("open"), &json!("open")));
    let own = format!("/api/orders/{}/", id_of(&order));
    let more = json!({"items": [{"product": plain_product().0, "quantity": 1}]});
    let more = client.post(&format!("{own}items/"), &more).await.expect(201);
    assert_eq!((&more["state"], &more["items"][1]["status"]), (&json!("open"), &json!("open")));
    let sent = client.patch(&own, &json!({"status": "sent"})).await.expect(200);
    assert_eq!((&sent["items"][0]["status"], &sent["items"][1]["status"]), (&json!("sent"), &json!("sent")));
}

#[tokio::test]
async fn a_void_stays_visible_with_its_reason_and_leaves_the_bill() {
    let (_hub, client) = demo().await;
    let product = plain_product().0;
    let items = json!([{"product": product, "quantity": 1}, {"product": product, "quantity": 3}]);
    let order = client.post("/api/orders/", &json!({"items": items})).await.expect(201);
    let void = format!("/api/order-items/{}/void/", order["items"][1]["id"].as_str().unwrap());
    let refused = client.post(&void, &json!({})).await.expect(400);
    assert!(refused["reason"][0].is_string(), "{refused}");
    let voided = client.post(&void, &json!({"reason": "salah input"})).await.expect(200);
    assert_eq!((&voided["status"], &voided["quantity"]), (&json!("voided"), &json!(3)));
    assert_eq!(client.post(&void, &json!({"reason": "salah input"})).await.expect(200), voided, "again");
    let own = format!("/api/orders/{}/", id_of(&order));
    let now = client.read(&own).await;
    assert_eq!(now["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(now["subtotal"].as_i64().unwrap() * 4, order["subtotal"].as_i64().unwrap());
    let line = void.trim_end_matches("void/");
    client.patch(line, &json!({"status": "ready"})).await.expect(400);

    client.post("/api/payments/", &json!({"order": order["id"], "method": "qris"})).await.expect(201);
    let other = format!("/api/order-items/{}/void/", order["items"][0]["id"].as_str().unwrap());
    assert_refused(&client.post(&other, &json!({"reason": "x"})).await, 409, "already_paid");
}

#[tokio::test]
async fn table_notes_and_kind_are_corrected_until_the_end() {
    let (_hub, client) = demo().await;
    let order = place(&client, 1).await;
    let own = format!("/api/orders/{}/", id_of(&order));
    let change = json!({"table": "4", "notes": "pindah meja", "order_type": "delivery", "status": "served"});
    let changed = client.patch(&own, &change).await.expect(200);
    for field in ["table", "notes", "order_type", "status"] {
        assert_eq!(changed[field], change[field]);
    }
    assert_eq!(changed["total"], order["total"]);
    // What a patch does not change leaves no trace.
    assert_eq!(client.patch(&own, &json!({"table": "4"})).await.expect(200), changed);
    assert_eq!(client.patch(&own, &json!({})).await.expect(200), changed);
    client.post("/api/payments/", &json!({"order": order["id"], "method": "qris"})).await.expect(201);
    assert_refused(&client.patch(&own, &json!({"table": "5"})).await, 409, "order_final");
    for (change, field) in [
        (json!({"status": "flying"}), "status"),
        (json!({"order_type": "x"}), "order_type"),
        (json!({"table": []}), "table"),
    ] {
        let refused = client.patch(&own, &change).await.expect(400);
        assert!(refused[field][0].is_string(), "{refused}");
    }
}

#[tokio::test]
async fn a_line_is_added_alone() {
    let (_hub, client) = demo().await;
    let order = place(&client, 1).await;
    let product = plain_product().0;
    let body = json!({"id": new_id(), "order": order["id"], "product": product, "quantity": 2});
    let item = client.post("/api/order-items/", &body).await.expect(201);
    assert_eq!((&item["id"], &item["order"]), (&body["id"], &order["id"]));
    assert_eq!(client.post("/api/order-items/", &body).await.expect(201), item, "again");
    for (body, field) in [
        (json!({"product": product, "quantity": 2}), "order"),
        (json!({"order": order["id"], "quantity": 2}), "product"),
        (json!({"order": order["id"], "product": product}), "quantity"),
    ] {
        let refused = client.post("/api/order-items/", &body).await.expect(400);
        assert!(refused[field][0].is_string(), "{refused}");
    }
    let nowhere = json!({"order": new_id(), "product": product, "quantity": 2});
    assert!(matches!(client.post("/api/order-items/", &nowhere).await.status, 400 | 404));
    let own = format!("/api/orders/{}/", id_of(&order));
    assert_eq!(client.read(&own).await["items"].as_array().map(Vec::len), Some(2));
}
