//! Where an order may go from where it is: one table, and everything else is refused with a reason.

use protocol::order::OrderStatus;
use serde_json::{Value, json};
use tests::client::Client;

use super::{assert_refused, demo, id_of, place};

/// Brings a new order to a state.
async fn order_at(client: &Client, state: OrderStatus) -> Value {
    let (body, path) = (super::plain_order(&super::new_id(), 1), "/api/orders/");
    let mut body = body;
    if state == OrderStatus::Open {
        body["status"] = json!("open");
    }
    let order = client.post(path, &body).await.expect(201);
    let own = format!("/api/orders/{}/", id_of(&order));
    match state {
        OrderStatus::Open | OrderStatus::Sent => {}
        OrderStatus::Cancelled => {
            client.post(&format!("{own}cancel/"), &json!({"reason": "tamu pulang"})).await.expect(200);
        }
        OrderStatus::Closed => {
            client.post("/api/payments/", &json!({"order": order["id"], "method": "qris"})).await.expect(201);
            client.patch(&own, &json!({"status": "closed"})).await.expect(200);
        }
        _ => {
            client.patch(&own, &json!({"status": state.word()})).await.expect(200);
        }
    }
    let order = client.read(&own).await;
    assert_eq!(order["state"], state.word());
    order
}

#[tokio::test]
async fn every_transition_is_as_the_table_says() {
    use OrderStatus::{Cancelled, Closed, Open, Preparing, Ready, Sent, Served};
    let (_hub, client) = demo().await;
    // As the domain page has it, with the steps that old screens skip, and a kitchen's recall.
    let legal: [(OrderStatus, &[OrderStatus]); 7] = [
        (Open, &[Sent, Preparing, Ready, Served]),
        (Sent, &[Preparing, Ready, Served]),
        (Preparing, &[Ready, Served]),
        (Ready, &[Preparing, Served]),
        (Served, &[Preparing, Ready]),
        (Closed, &[]),
        (Cancelled, &[]),
    ];
    for (from, targets) in legal {
        for to in [Open, Sent, Preparing, Ready, Served] {
            let order = order_at(&client, from).await;
            let path = format!("/api/orders/{}/", id_of(&order));
            let answer = client.patch(&path, &json!({"status": to.word()})).await;
            if from == to || targets.contains(&to) {
                assert_eq!(answer.expect(200)["state"], to.word(), "{from:?} to {to:?}");
            } else {
                assert_refused(&answer, 409, "illegal_transition");
                assert_eq!(client.read(&path).await, order, "{from:?} to {to:?} changed something");
            }
        }
    }
}

#[tokio::test]
async fn an_order_is_cancelled_with_a_reason_from_any_state_but_closed() {
    use OrderStatus::{Closed, Open, Preparing, Ready, Sent, Served};
    let (_hub, client) = demo().await;
    for from in [Open, Sent, Preparing, Ready, Served] {
        let order = order_at(&client, from).await;
        let path = format!("/api/orders/{}/", id_of(&order));
        client.patch(&path, &json!({"status": "cancelled"})).await.expect(400);
        for body in [json!({}), json!({"reason": "  "}), json!({"reason": "x".repeat(201)})] {
            let refused = client.post(&format!("{path}cancel/"), &body).await.expect(400);
            assert!(refused["reason"][0].is_string(), "{refused}");
        }
        let reason = json!({"reason": "dapur tutup"});
        let cancelled = client.post(&format!("{path}cancel/"), &reason).await.expect(200);
        assert_eq!(
            (&cancelled["state"], &cancelled["cancel_reason"]),
            (&json!("cancelled"), &json!("dapur tutup"))
        );
        // Once more is the same.
        assert_eq!(client.post(&format!("{path}cancel/"), &reason).await.expect(200), cancelled);
    }
    let order = order_at(&client, Closed).await;
    let cancel = format!("/api/orders/{}/cancel/", id_of(&order));
    assert_refused(&client.post(&cancel, &json!({"reason": "x"})).await, 409, "illegal_transition");

    let paid = place(&client, 1).await;
    client.post("/api/payments/", &json!({"order": paid["id"], "method": "qris"})).await.expect(201);
    let cancel = format!("/api/orders/{}/cancel/", id_of(&paid));
    assert_refused(&client.post(&cancel, &json!({"reason": "x"})).await, 409, "already_paid");
}

#[tokio::test]
async fn an_order_is_ready_when_every_line_is() {
    let (_hub, client) = demo().await;
    let product = super::plain_product().0;
    let line = json!({"product": product, "quantity": 1});
    let order = client.post("/api/orders/", &json!({"items": [line, line, line]})).await.expect(201);
    let items: Vec<String> = order["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| format!("/api/order-items/{}/", item["id"].as_str().unwrap()))
        .collect();
    let own = format!("/api/orders/{}/", id_of(&order));
    for (item, status, order_is) in [
        (0, "preparing", "preparing"),
        (0, "ready", "preparing"),
        (1, "ready", "preparing"),
        (2, "ready", "ready"),
        (1, "preparing", "preparing"),
        (1, "ready", "ready"),
        (0, "served", "ready"),
        (1, "served", "ready"),
        (2, "served", "served"),
    ] {
        let moved = client.patch(&items[item], &json!({"status": status})).await.expect(200);
        assert_eq!((&moved["status"], &moved["order"]), (&json!(status), &order["id"]));
        assert_eq!(client.read(&own).await["state"], order_is, "after line {item} is {status}");
    }
    for status in ["closed", "voided", "open", "burnt"] {
        let refused = client.patch(&items[0], &json!({"status": status})).await.expect(400);
        assert!(refused["status"][0].is_string(), "{status}: {refused}");
    }
}

#[tokio::test]
async fn a_round_sends_a_served_order_back_to_the_kitchen() {
    let (_hub, client) = demo().await;
    let order = order_at(&client, OrderStatus::Served).await;
    let product = super::plain_product().0;
    let rounds = format!("/api/orders/{}/items/", id_of(&order));
    let more =
        client.post(&rounds, &json!({"items": [{"product": product, "quantity": 2}]})).await.expect(201);
    assert_eq!(more["state"], "preparing");
    let statuses: Vec<&Value> =
        more["items"].as_array().unwrap().iter().map(|item| &item["status"]).collect();
    assert_eq!(statuses, ["served", "sent"]);
    assert_eq!(more["subtotal"].as_i64(), order["subtotal"].as_i64().map(|it| it * 3));
    let closed = order_at(&client, OrderStatus::Closed).await;
    let rounds = format!("/api/orders/{}/items/", id_of(&closed));
    let refused = client.post(&rounds, &json!({"items": [{"product": product, "quantity": 2}]})).await;
    assert_refused(&refused, 409, "order_final");
}
