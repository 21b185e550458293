//! A request that is sent again is the same request: by the client's id, or by an `Idempotency-Key`.

use serde_json::{Value, json};

use super::{assert_refused, demo, id_of, new_id, place, plain_order, plain_product};

#[tokio::test]
async fn the_same_id_and_content_is_answered_as_the_first_time_even_after_a_change() {
    let (mut hub, client) = demo().await;
    let id = new_id();
    let body = plain_order(&id, 2);
    let first = client.post("/api/orders/", &body).await.expect(201);
    assert_eq!(client.post("/api/orders/", &body).await.expect(201), first);

    let round = json!({"id": new_id(), "items": [{"product": plain_product().0, "quantity": 1}]});
    let rounds = format!("/api/orders/{id}/items/");
    let second = client.post(&rounds, &round).await.expect(201);
    client.patch(&format!("/api/orders/{id}/"), &json!({"status": "served", "table": "9"})).await.expect(200);
    let payment = json!({"id": new_id(), "order": id, "method": "cash", "amount": 1_000});
    let paid = client.post("/api/payments/", &payment).await.expect(201);
    client.post("/api/payments/", &json!({"order": id, "method": "cash"})).await.expect(201);
    let closed = client.read(&format!("/api/orders/{id}/")).await;
    assert_eq!(closed["state"], "closed");

    for turn in ["at once", "after a restart"] {
        assert_eq!(client.post("/api/orders/", &body).await.expect(201), first, "{turn}");
        assert_eq!(client.post(&rounds, &round).await.expect(201), second, "{turn}");
        assert_eq!(client.post("/api/payments/", &payment).await.expect(201), paid, "{turn}");
        assert_eq!(client.read(&format!("/api/orders/{id}/")).await, closed, "{turn}");
        hub.restart().await;
    }
}

#[tokio::test]
async fn white_space_and_the_order_of_fields_are_not_content() {
    let (_hub, client) = demo().await;
    let (id, product) = (new_id(), plain_product().0);
    let spellings = [
        format!(r#"{{"id":"{id}","table":"4","items":[{{"product":"{product}","quantity":1}}]}}"#),
        format!(
            r#"{{ "items": [ {{ "quantity": 1, "product": "{product}" }} ], "table": "4", "id": "{id}" }}"#
        ),
    ];
    let mut answers = Vec::new();
    for spelling in spellings {
        let headers = [("content-type", "application/json")];
        let sent = client.send(reqwest::Method::POST, "/api/orders/", &headers, Some(spelling.into_bytes()));
        answers.push(sent.await.unwrap().expect(201));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(client.read("/api/orders/").await["count"], 1);
}

#[tokio::test]
async fn the_same_id_with_other_content_is_a_loud_refusal() {
    let (_hub, client) = demo().await;
    let id = new_id();
    let first = client.post("/api/orders/", &plain_order(&id, 1)).await.expect(201);
    let mut table = plain_order(&id, 1);
    table["table"] = json!("5");
    for other in [plain_order(&id, 2), table] {
        assert_refused(&client.post("/api/orders/", &other).await, 409, "idempotency_conflict");
    }
    let payment = new_id();
    let pay = |amount: i64| json!({"id": payment, "order": id, "method": "cash", "amount": amount});
    client.post("/api/payments/", &pay(1_000)).await.expect(201);
    assert_refused(&client.post("/api/payments/", &pay(2_000)).await, 409, "idempotency_conflict");
    let now = client.read(&format!("/api/orders/{id}/")).await;
    assert_eq!((&now["items"], &now["paid"]), (&first["items"], &json!(1_000)));
}

#[tokio::test]
async fn a_refused_request_may_be_mended_under_its_id() {
    let (_hub, client) = demo().await;
    let id = new_id();
    client.post("/api/orders/", &json!({"id": id, "items": []})).await.expect(400);
    client.post("/api/orders/", &plain_order(&id, 1)).await.expect(201);
}

#[tokio::test]
async fn an_idempotency_key_does_the_same_for_every_write() {
    let (_hub, client) = demo().await;
    let product = plain_product().0;
    let line = json!({"product": product, "quantity": 1});
    let order = json!({"items": [line]});
    let first = client.post_keyed("/api/orders/", "k-1", &order).await.expect(201);
    assert_eq!(client.post_keyed("/api/orders/", "k-1", &order).await.expect(201), first);
    let other = client.post_keyed("/api/orders/", "k-1", &json!({"items": [line, line]})).await;
    assert_refused(&other, 409, "idempotency_conflict");
    let another = client.post_keyed("/api/orders/", "k-2", &order).await.expect(201);
    assert_ne!(another["id"], first["id"]);
    assert_eq!(client.read("/api/orders/").await["count"], 2);

    let id = id_of(&first);
    let rounds = format!("/api/orders/{id}/items/");
    let item = json!({"order": id, "product": product, "quantity": 3});
    for (path, body) in [
        (rounds.as_str(), json!({"items": [line]})),
        ("/api/order-items/", item),
        ("/api/payments/", json!({"order": id, "method": "cash", "amount": 500})),
        ("/api/categories/", json!({"name": "Minuman panas"})),
    ] {
        // The same key on another address is another request.
        let first = client.post_keyed(path, "k-1", &body).await.expect(201);
        assert_eq!(client.post_keyed(path, "k-1", &body).await.expect(201), first, "{path}");
        let mut other = body.clone();
        other["notes"] = json!("other");
        assert_refused(&client.post_keyed(path, "k-1", &other).await, 409, "idempotency_conflict");
    }
    let now = client.read(&format!("/api/orders/{id}/")).await;
    assert_eq!(now["items"].as_array().map(Vec::len), Some(3), "each once");
    assert_eq!(now["paid"], 500);
    let cancelled = place(&client, 1).await;
    let cancel = format!("/api/orders/{}/cancel/", id_of(&cancelled));
    let first = client.post_keyed(&cancel, "k-1", &json!({"reason": "tamu pulang"})).await.expect(200);
    assert_eq!(client.post_keyed(&cancel, "k-1", &json!({"reason": "tamu pulang"})).await.expect(200), first);
}

#[tokio::test]
async fn keys_of_wrong_lengths_are_refused() {
    let (_hub, client) = demo().await;
    let refused = client.post_keyed("/api/orders/", &"k".repeat(256), &plain_order(&new_id(), 1)).await;
    assert!(refused.expect(400)["Idempotency-Key"][0].is_string());
    client.post_keyed("/api/orders/", &"k".repeat(255), &plain_order(&new_id(), 1)).await.expect(201);
}

#[tokio::test]
async fn sixteen_repeats_at_once_are_one_order() {
    let (_hub, client) = demo().await;
    let body = plain_order(&new_id(), 1);
    let sent: Vec<_> = (0..16)
        .map(|_| {
            let (client, body) = (client.another(), body.clone());
            tokio::spawn(async move { client.post("/api/orders/", &body).await.expect(201) })
        })
        .collect();
    let mut answers: Vec<Value> = Vec::new();
    for answer in sent {
        answers.push(answer.await.unwrap());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(client.read("/api/orders/").await["count"], 1);
}
