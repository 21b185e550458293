//! **Delete the views, start again, and every answer is the same, byte for byte.**
//!
//! The same where the views were replaced by garbage, by what a crash leaves, or by those of another ledger.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use hub::demo::day::{Action, DayOptions, Step, day};
use hub::demo::menu;
use protocol::ids::Id;
use serde_json::{Value, json};
use tests::client::Client;
use tests::hub::{Setup, TestHub};
use tests::serial;
use tests::shop::{line_json, numbers};

const ORDERS: usize = 60;
const SEED: u64 = 17;

/// Something that befalls the views, and its name.
type Fault<'a> = (&'static str, Box<dyn Fn() + 'a>);

/// What a day needs to remember of an order.
#[derive(Default)]
struct Known {
    lines: Vec<Id>,
    total: i64,
    paid_bp: u32,
}

/// Lives a demo day by REST. Every step must be taken.
async fn live(client: &Client, steps: &[Step]) {
    let mut orders: HashMap<Id, Known> = HashMap::new();
    for step in steps {
        let (id, known) = (step.order, orders.entry(step.order).or_default());
        let own = format!("/api/orders/{id}/");
        match &step.action {
            Action::Place { order_type, table, notes, lines } => {
                let items: Vec<Value> = lines.iter().map(line_json).collect();
                known.lines.extend(lines.iter().map(|line| line.item));
                let body = json!({
                    "id": id, "order_type": order_type, "table": table, "notes": notes, "status": "open", "items": items,
                });
                client.post("/api/orders/", &body).await.expect(201);
            }
            Action::Round { lines } => {
                let items: Vec<Value> = lines.iter().map(line_json).collect();
                known.lines.extend(lines.iter().map(|line| line.item));
                client.post(&format!("{own}items/"), &json!({"items": items})).await.expect(201);
            }
            Action::Void { line, reason } => {
                let path = format!("/api/order-items/{}/void/", known.lines[*line]);
                client.post(&path, &json!({"reason": reason})).await.expect(200);
            }
            Action::Move(status) => {
                client.patch(&own, &json!({"status": status.word()})).await.expect(200);
            }
            Action::Pay { method, share_bp } => {
                if known.paid_bp == 0 {
                    known.total = client.read(&own).await["total"].as_i64().unwrap();
                }
                known.paid_bp += share_bp;
                let mut body = json!({"order": id, "method": method});
                if known.paid_bp < 10_000 {
                    body["amount"] = json!(known.total * i64::from(*share_bp) / 10_000);
                }
                client.post("/api/payments/", &body).await.expect(201);
            }
            Action::Cancel { reason } => {
                client.post(&format!("{own}cancel/"), &json!({"reason": reason})).await.expect(200);
            }
        }
    }
}

/// Every answer there is, by address.
async fn answers(client: &Client) -> Vec<(String, String)> {
    let mut paths: Vec<String> = [
        "products/?page_size=500",
        "products/?search=ayam&ordering=-price",
        "products/?is_available=false",
        "categories/",
        "modifiers/?page_size=500",
        "modifier-groups/",
        "outlets/",
        "orders/?page_size=500",
        "orders/?page_size=7&page=3",
        "orders/?status=closed&page_size=20",
        "orders/?status=cancelled",
        "orders/?status=open,sent,preparing,ready,served",
        "orders/?payment_status=paid&ordering=created_at",
        "orders/?payment_status=unpaid,partial",
        "orders/?search=12",
        "orders/?created_after=2001-01-01&created_before=2101-01-01",
        "order-items/?page_size=500",
        "order-items/?status=closed&page=2&page_size=50",
        "payments/?page_size=500",
        "payments/?method=cash",
    ]
    .map(|path| format!("/api/{path}"))
    .to_vec();
    for list in ["orders", "order-items", "payments", "products"] {
        let rows = client.all(&format!("/api/{list}/")).await;
        assert!(!rows.is_empty(), "{list}");
        paths.extend(
            rows.iter()
                .step_by(1 + rows.len() / 60)
                .map(|row| format!("/api/{list}/{}/", row["id"].as_str().unwrap())),
        );
    }
    let mut answers = Vec::new();
    for path in paths {
        let answer = client.get(&path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        // The hub's address is in the links of pages, and changes with each start.
        answers.push((path, answer.text.replace(&client.base(), "http://hub")));
    }
    answers
}

fn assert_same(before: &[(String, String)], after: &[(String, String)], what: &str) {
    assert_eq!(before.len(), after.len(), "{what}");
    for ((path, one), (_, other)) in before.iter().zip(after) {
        assert_eq!(one, other, "{what}: {path}");
    }
}

async fn lived(orders: usize, seed: u64) -> TestHub {
    let hub = Setup::demo().start().await;
    let steps = day(&menu::menu(), seed, &DayOptions { orders, ..DayOptions::default() });
    // Some orders are left in the middle of what happens to them.
    live(hub.client(), &steps[..steps.len() - orders / 2]).await;
    hub
}

fn replace_with_garbage(views: &Path) {
    for entry in fs::read_dir(views).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_file() {
            let len = entry.metadata().unwrap().len().max(10_000) as usize;
            let mut rng = fastrand::Rng::with_seed(3);
            fs::write(entry.path(), std::iter::repeat_with(|| rng.u8(..)).take(len).collect::<Vec<u8>>())
                .unwrap();
        }
    }
}

fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_becomes_of_the_views_every_answer_is_the_same() {
    let _turn = serial::turn().await;
    let mut other = lived(3, SEED + 1).await;
    other.terminate().await;
    let mut hub = lived(ORDERS, SEED).await;
    numbers(&hub.client().all("/api/orders/").await);
    let before = answers(hub.client()).await;
    println!("{} answers, {} bytes", before.len(), before.iter().map(|(_, text)| text.len()).sum::<usize>());
    let views = hub.data_dir().join("views");

    let others_views = other.data_dir().join("views");
    let faults: [Fault<'_>; 8] = [
        ("nothing", Box::new(|| {})),
        ("deleted", Box::new(|| fs::remove_dir_all(&views).unwrap())),
        (
            "emptied",
            Box::new(|| {
                fs::remove_dir_all(&views).unwrap();
                fs::create_dir(&views).unwrap();
            }),
        ),
        ("garbage", Box::new(|| replace_with_garbage(&views))),
        (
            "cut short",
            Box::new(|| {
                let db = fs::OpenOptions::new().write(true).open(views.join("db")).unwrap();
                db.set_len(db.metadata().unwrap().len() / 2).unwrap();
            }),
        ),
        (
            "a crash while sled opened",
            Box::new(|| {
                fs::write(views.join("snap.0000000000000001.generating"), b"half a snapshot").unwrap();
            }),
        ),
        (
            "another ledger's",
            Box::new(|| {
                fs::remove_dir_all(&views).unwrap();
                copy_dir(&others_views, &views);
            }),
        ),
        (
            "a rebuilding that was cut off",
            Box::new(|| {
                fs::remove_dir_all(&views).unwrap();
                copy_dir(&others_views, &views.with_extension("building"));
            }),
        ),
    ];
    for (what, fault) in faults {
        hub.terminate().await;
        fault();
        hub.start_again().await;
        hub.assert_ready().await;
        assert_same(&before, &answers(hub.client()).await, what);
        hub.terminate().await;
        hub.assert_verified();
        hub.start_again().await;
    }
    // And what is sold next goes on from there.
    let next = json!({"items": [{"product": tests::shop::plain_product().0, "quantity": 1}]});
    hub.client().post("/api/orders/", &next).await.expect(201);
    numbers(&hub.client().all("/api/orders/").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verify_finds_views_that_say_something_else() {
    let _turn = serial::turn().await;
    let mut hub = lived(3, SEED).await;
    hub.terminate().await;
    hub.assert_verified();
    // The same ledger with one record more, whose views know what this one does not.
    let (ledger, kept) = (hub.data_dir().join("ledger"), hub.beside("ledger-before"));
    copy_dir(&ledger, &kept);
    hub.start_again().await;
    hub.client().post("/api/categories/", &json!({"name": "Lain"})).await.expect(201);
    hub.terminate().await;
    fs::remove_dir_all(&ledger).unwrap();
    copy_dir(&kept, &ledger);
    let verified = hub.run_command(&["verify"]);
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(
        !verified.status.success() && said.contains("DIFFERS") && said.contains("NOT everything"),
        "{said}"
    );
}
