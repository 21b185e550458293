//! **Every queue is bounded, and says so when it is full**: a disk that hangs makes writes wait, then be refused; reads go
//! on; and what was accepted is written once the disk answers again.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use protocol::ids::Id;
use serde_json::{Value, json};
use tests::client::Answer;
use tests::hub::{Setup, until};
use tests::serial;
use tests::shop::plain_product;
use tests::small_disk::{Kind, SmallDisk};

/// Of about 900 kB each: more than the 16 MiB that may wait.
const ORDERS: usize = 28;
const PATIENCE: Duration = Duration::from_mins(1);

fn large_order() -> Value {
    let line = json!({"product": plain_product().0, "quantity": 1, "notes": "ü".repeat(1_000)});
    json!({"id": Id::now_v7(), "items": vec![line; 430]})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_hangs_fills_the_queue_and_stops_no_reader() {
    let _turn = serial::turn().await;
    if let Some(why) = SmallDisk::unavailable(Kind::Ext4) {
        eprintln!("skipped: {why}");
        return;
    }
    let disk = SmallDisk::new(Kind::Ext4, 192).unwrap();
    let mut hub = Setup::demo().at(&disk.path().join("data")).start().await;
    let client = hub.client().clone();

    let frozen = disk.freeze();
    let orders: Vec<(Value, tokio::task::JoinHandle<Answer>)> = (0..ORDERS)
        .map(|_| {
            let (client, body) = (client.another(), large_order());
            let sent = body.clone();
            (body, tokio::spawn(async move { client.post("/api/orders/", &sent).await }))
        })
        .collect();
    until(PATIENCE, "the queue is full", || {
        std::future::ready(orders.iter().any(|(_, order)| order.is_finished()).then_some(()))
    })
    .await;
    let first = orders.iter().position(|(_, order)| order.is_finished()).unwrap();
    // Nobody who reads waits for the disk.
    let reading = async {
        assert_eq!(client.read("/api/orders/").await["count"], 0);
        assert!(client.read("/api/products/").await["count"].as_u64() > Some(0));
        assert_eq!(client.get("/healthz").await.status, 200);
    };
    tokio::time::timeout(Duration::from_secs(5), reading).await.expect("readers wait for the disk");
    drop(frozen);

    let mut accepted = Vec::new();
    let mut refused = Vec::new();
    for (at, (body, order)) in orders.into_iter().enumerate() {
        let answer = order.await.unwrap();
        if answer.status == 201 {
            assert_ne!(at, first, "answered before the disk did");
            accepted.push(answer.json());
            continue;
        }
        let error = answer.expect(503);
        assert_eq!(error["code"], "busy", "{error}");
        assert!(
            error["detail"].as_str().is_some_and(|words| words.contains("nothing was changed")),
            "{error}"
        );
        assert!(answer.header("retry-after").parse::<u32>().is_ok());
        refused.push(body);
    }
    println!("{} accepted, {} refused", accepted.len(), refused.len());
    assert!(!accepted.is_empty() && !refused.is_empty());
    for body in &refused {
        accepted.push(client.post("/api/orders/", body).await.expect(201));
    }
    hub.restart().await;
    assert_eq!(client.all("/api/orders/").await.len(), ORDERS);
    for order in accepted {
        assert_eq!(client.read(&format!("/api/orders/{}/", order["id"].as_str().unwrap())).await, order);
    }
    hub.terminate().await;
}
