//! **The old tills' offline queue works unmodified.**
//!
//! The client is the one of the replaced system's document, line by line: rows of `sync_queue` are posted one by one to
//! `/api/<entity_type>s/` with a Bearer token; what is not `ok` counts a retry; after five, it is only logged. It knows no
//! idempotency: a row whose reply was lost is posted again as it is.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tests::client::Client;
use tests::hub::{Setup, until};
use tests::shop::{numbers, plain_product};

const MAX_RETRIES: u32 = 5;
const PATIENCE: Duration = Duration::from_secs(30);

/// A row of the browser's store.
#[derive(Debug, Clone)]
struct Row {
    entity_type: &'static str,
    data: String,
    retry_count: u32,
}

/// The old till.
struct OldTill {
    client: Client,
    queue: Vec<Row>,
    logged: Vec<String>,
}

impl OldTill {
    /// Signs in as the old pages do; the token goes with every row.
    async fn sign_in(client: &Client, name: &str) -> Self {
        Self { client: client.signed_in(name).await, queue: Vec::new(), logged: Vec::new() }
    }

    fn add_to_sync_queue(&mut self, entity_type: &'static str, data: &Value) {
        self.queue.push(Row { entity_type, data: data.to_string(), retry_count: 0 });
    }

    /// `startBackgroundSync`: once over what is pending, whenever the browser says that it is online.
    async fn start_background_sync(&mut self) {
        let pending = self.queue.clone();
        let mut kept = Vec::new();
        for mut item in pending {
            if let Err(error) = self.sync_item_to_server(&item).await {
                item.retry_count += 1;
                if item.retry_count >= MAX_RETRIES {
                    self.logged.push(format!("Sync failed after 5 retries: {error}"));
                }
                kept.push(item);
            }
        }
        self.queue = kept;
    }

    async fn sync_item_to_server(&self, item: &Row) -> Result<Value, String> {
        let path = format!("/api/{}s/", item.entity_type);
        let headers = [("content-type", "application/json")];
        let body = Some(item.data.clone().into_bytes());
        let answer = self.client.send(Method::POST, &path, &headers, body).await;
        let answer = answer.map_err(|error| error.to_string())?;
        if !(200..300).contains(&answer.status) {
            return Err(format!("HTTP {}", answer.status));
        }
        // `response.json()`: a reply without JSON is a failed row.
        serde_json::from_str(&answer.text).map_err(|error| error.to_string())
    }
}

fn row(number: u32, quantity: u32) -> Value {
    let (product, price) = plain_product();
    let subtotal = price * i64::from(quantity);
    // As the demo's outlet charges: 5 % service, then 10 % tax, each rounded half-up.
    let service = (subtotal * 5 + 50) / 100;
    let tax = ((subtotal + service) * 10 + 50) / 100;
    json!({
        "order_number": format!("T1-{number:04}"),
        "items": [{"product_id": product, "quantity": quantity, "price": price, "modifiers": []}],
        "total": subtotal + service + tax, "status": "completed", "payment_status": "paid",
        "payment_method": "cash", "created_at": format!("2026-11-21T10:{:02}:00.000Z", number % 60),
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_taken_once_each_whatever_happens_to_the_hub_and_the_replies() {
    let mut hub = Setup::demo().start().await;
    let mut till = OldTill::sign_in(hub.client(), "cashier").await;
    for number in 1..=40 {
        till.add_to_sync_queue("order", &row(number, 1 + number % 3));
    }
    // Half-way through, the hub is killed: the row under way and those after it stay in the queue.
    {
        let syncing = till.start_background_sync();
        tokio::pin!(syncing);
        let killed = async {
            let client = hub.client().clone();
            until(PATIENCE, "a quarter of the rows", || async {
                let count = client.read("/api/orders/?page_size=1").await["count"].as_u64();
                (count >= Some(10)).then_some(())
            })
            .await;
            hub.kill9();
        };
        tokio::join!(syncing, killed);
    }
    let left = till.queue.len();
    hub.start_again().await;
    // A reply that was lost: the hub has the row, the till does not know.
    let lost: Vec<Row> = (1..=3)
        .map(|number| Row {
            entity_type: "order",
            data: row(number, 1 + number % 3).to_string(),
            retry_count: 1,
        })
        .collect();
    till.queue.extend(lost);
    for _ in 0..MAX_RETRIES {
        till.start_background_sync().await;
    }
    println!("{left} of 40 rows were left by the kill");
    assert!(till.queue.is_empty() && till.logged.is_empty(), "{:?} {:?}", till.queue, till.logged);
    let orders = hub.client().all("/api/orders/").await;
    assert_eq!(orders.len(), 40, "each row is one sale");
    for number in 1..=40 {
        let sent = row(number, 1 + number % 3);
        let found: Vec<&Value> =
            orders.iter().filter(|order| order["order_number"] == sent["order_number"]).collect();
        assert_eq!(found.len(), 1, "{sent}");
        assert_eq!((&found[0]["total"], &found[0]["state"]), (&sent["total"], &json!("closed")));
        assert_eq!(found[0]["payments"][0]["method"], "cash");
    }
    let mut receipts: Vec<u64> = orders.iter().filter_map(|order| order["receipt_number"].as_u64()).collect();
    receipts.sort_unstable();
    assert_eq!(receipts, (1..=40).collect::<Vec<u64>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_poisoned_row_blocks_none_behind_it_and_is_only_logged() {
    let hub = Setup::demo().start().await;
    let mut till = OldTill::sign_in(hub.client(), "cashier").await;
    till.add_to_sync_queue("order", &row(1, 1));
    let mut poisoned = row(2, 1);
    poisoned["total"] = json!(1);
    till.add_to_sync_queue("order", &poisoned);
    till.add_to_sync_queue("order", &row(3, 1));
    till.add_to_sync_queue("order", &json!({"order_number": "T1-0004", "items": []}));
    till.add_to_sync_queue("order", &row(5, 1));
    for _ in 0..MAX_RETRIES {
        till.start_background_sync().await;
    }
    assert_eq!((till.queue.len(), till.logged.len()), (2, 2), "{:?}", till.logged);
    assert!(till.logged.iter().all(|line| line.ends_with("HTTP 400")), "{:?}", till.logged);
    assert_eq!(hub.client().read("/api/orders/").await["count"], 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_other_kinds_go_where_they_belong() {
    let hub = Setup::demo().start().await;
    let mut till = OldTill::sign_in(hub.client(), "manager").await;
    let category = hub.client().read("/api/categories/").await["results"][0]["id"].clone();
    till.add_to_sync_queue("product", &json!({"name": "Es krim", "category": category, "price": "15000.00"}));
    till.add_to_sync_queue("order", &row(1, 2));
    till.start_background_sync().await;
    assert!(till.queue.is_empty(), "{:?}", till.queue);
    assert_eq!(hub.client().read("/api/products/?search=es+krim").await["results"][0]["price"], 15_000);
    // Rows do not use up the hub's own numbers.
    let next = json!({"items": [{"product": plain_product().0, "quantity": 1}]});
    let order = hub.client().post("/api/orders/", &next).await.expect(201);
    numbers(&[order]);
}
