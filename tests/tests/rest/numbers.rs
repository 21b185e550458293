//! The three numbers: ids are the client's, order numbers count the day, receipt numbers count the payments.

use serde_json::{Value, json};

use super::{demo, id_of, new_id, place, plain_order};

#[tokio::test]
async fn sixteen_clients_at_once_get_distinct_consecutive_numbers() {
    let (_hub, client) = demo().await;
    let clients: Vec<_> = (0..16)
        .map(|_| {
            let client = client.another();
            tokio::spawn(async move {
                let mut orders = Vec::new();
                for _ in 0..8 {
                    let order = client.post("/api/orders/", &plain_order(&new_id(), 1)).await.expect(201);
                    let pay = json!({"id": new_id(), "order": order["id"], "method": "qris"});
                    client.post("/api/payments/", &pay).await.expect(201);
                    orders.push(order["order_number"].as_str().unwrap().to_owned());
                }
                orders
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for client in clients {
        let own = client.await.unwrap();
        assert!(own.is_sorted(), "a client's own numbers rise");
        numbers.extend(own);
    }
    numbers.sort();
    let expected: Vec<String> = (1..=128).map(|number| format!("{number:03}")).collect();
    assert_eq!(numbers, expected);
    tests::shop::numbers(&client.all("/api/orders/").await);
}

#[tokio::test]
async fn numbers_go_on_after_a_restart_and_after_a_kill() {
    let (mut hub, client) = demo().await;
    assert_eq!(place(&client, 1).await["order_number"], "001");
    hub.restart().await;
    assert_eq!(place(&client, 1).await["order_number"], "002");
    hub.kill9();
    hub.start_again().await;
    assert_eq!(place(&client, 1).await["order_number"], "003");
}

#[tokio::test]
async fn a_receipt_number_comes_with_the_first_payment_and_stays() {
    let (_hub, client) = demo().await;
    let orders = [place(&client, 1).await, place(&client, 1).await, place(&client, 1).await];
    assert!(orders.iter().all(|order| order["receipt_number"].is_null()));
    let pay = async |order: &Value, amount: i64| {
        let body = json!({"order": order["id"], "method": "qris", "amount": amount});
        client.post("/api/payments/", &body).await.expect(201)["receipt_number"].clone()
    };
    assert_eq!(pay(&orders[2], 100).await, 1);
    assert_eq!(pay(&orders[0], 100).await, 2);
    assert_eq!(pay(&orders[2], 100).await, 1);
    // A refused payment takes no number.
    let too_much = json!({"order": orders[1]["id"], "method": "qris", "amount": 99_000_000});
    client.post("/api/payments/", &too_much).await.expect(400);
    assert_eq!(pay(&orders[1], 100).await, 3);
    let found = client.read(&format!("/api/orders/{}/", id_of(&orders[2]))).await;
    assert_eq!(found["receipt_number"], 1);
    let found = client.read("/api/orders/?search=3").await;
    assert_eq!(found["count"], 2, "003 by its order number, 002 by its receipt number");
}
