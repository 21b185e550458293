//! **A disk that is full, or read-only, costs no acknowledged sale, and stops nobody from reading.**
//!
//! Writes are refused in words that a till understands, reads go on, the hub starts all the same, and once there is room
//! again it sells on by itself. Skipped, aloud, where the test may not mount a file system.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tests::client::Answer;
use tests::hub::{Setup, TestHub, until};
use tests::serial;
use tests::shop::{Journal, Tills, Week, audit, check, plain_product};
use tests::small_disk::{Kind, SmallDisk};

const SIZE_MIB: u32 = 48;
/// A disk in trouble is tried again every second.
const HEALED_WITHIN: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(30);

fn disk(kind: Kind) -> Option<SmallDisk> {
    if let Some(why) = SmallDisk::unavailable(kind) {
        eprintln!("skipped: {why}");
        return None;
    }
    Some(SmallDisk::new(kind, SIZE_MIB).unwrap())
}

fn assert_refused(answer: &Answer, status: u16, code: &str) {
    let body = answer.expect(status);
    assert_eq!(body["code"], code, "{body}");
    assert!(body["detail"].as_str().is_some_and(|words| words.contains("disk")), "{body}");
    assert!(answer.header("retry-after").parse::<u32>().is_ok(), "{:?}", answer.headers);
}

/// What was acknowledged can be read, and `/readyz` says in words why nothing is sold.
async fn assert_reads_go_on(hub: &TestHub, journal: &Journal, words: &str) {
    let client = hub.client();
    let ready = client.get("/readyz").await.expect(503);
    assert!(ready["detail"].as_str().is_some_and(|detail| detail.contains(words)), "{ready}");
    assert_eq!(client.read("/api/outlets/").await["count"], 1);
    assert!(client.read("/api/products/?search=nasi").await["count"].as_u64() > Some(0));
    for sale in journal.snapshot().iter().filter(|sale| sale.rounds_acked > 0) {
        check(sale, Some(&client.read(&format!("/api/orders/{}/", sale.id)).await));
    }
    assert_eq!(client.get("/healthz").await.status, 200, "the process is well");
}

async fn refused(tills: &Tills, more_than: usize) -> Answer {
    until(PATIENCE, "a refusal", || {
        let refused = tills.refused();
        std::future::ready((refused.len() > more_than).then(|| refused.last().cloned()).flatten())
    })
    .await
}

async fn sold(tills: &Tills, more: usize) {
    let (journal, before) = (&tills.journal, tills.journal.acknowledged());
    until(PATIENCE, "more orders", || {
        std::future::ready((journal.acknowledged() >= before + more).then_some(()))
    })
    .await;
}

/// The whole story; the tills never stop asking.
async fn fills_up_and_heals(kind: Kind) {
    let _turn = serial::turn().await;
    let Some(disk) = disk(kind) else { return };
    let mut hub = Setup::demo().at(&disk.path().join("data")).start().await;
    let mut tills = Tills::open(hub.client(), 4, 7, &Week::default());
    sold(&tills, 20).await;

    disk.fill();
    assert_refused(&refused(&tills, 0).await, 507, "storage_full");
    assert_reads_go_on(&hub, &tills.journal, "full").await;

    // The space that was kept for this makes the start possible, and is not sold into.
    hub.restart().await;
    assert_reads_go_on(&hub, &tills.journal, "full").await;
    let before = tills.refused().len();
    assert_refused(&refused(&tills, before).await, 507, "storage_full");

    disk.relieve();
    hub.ready(HEALED_WITHIN).await;
    sold(&tills, 20).await;
    tills.close().await;
    let orders = audit(hub.client(), &tills.journal).await;
    println!("{kind:?}: {orders} orders, {} refusals", tills.refused().len());
    hub.restart().await;
    assert_eq!(audit(hub.client(), &tills.journal).await, orders);
    hub.terminate().await;
    hub.assert_verified();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_tmpfs_refuses_reads_on_restarts_and_heals_by_itself() {
    fills_up_and_heals(Kind::Tmpfs).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_ext4_refuses_reads_on_restarts_and_heals_by_itself() {
    fills_up_and_heals(Kind::Ext4).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_starts_and_reads_on_with_not_one_byte_left() {
    let _turn = serial::turn().await;
    let Some(disk) = disk(Kind::Ext4) else { return };
    let mut hub = Setup::demo().at(&disk.path().join("data")).start().await;
    let mut tills = Tills::open(hub.client(), 4, 17, &Week::default());
    sold(&tills, 20).await;
    disk.fill();
    refused(&tills, 0).await;
    tills.switch_off();
    // Whatever else fills the disk takes what the hub has given up, too.
    disk.fill();
    hub.kill9();
    disk.fill();
    hub.start_again().await;
    assert_reads_go_on(&hub, &tills.journal, "full").await;
    disk.relieve();
    hub.ready(HEALED_WITHIN).await;
    hub.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_heals_while_nobody_asks() {
    let _turn = serial::turn().await;
    let Some(disk) = disk(Kind::Tmpfs) else { return };
    let mut hub = Setup::demo().at(&disk.path().join("data")).start().await;
    let mut tills = Tills::open(hub.client(), 2, 11, &Week::default());
    sold(&tills, 5).await;
    disk.fill();
    refused(&tills, 0).await;
    tills.switch_off();
    hub.client().get("/readyz").await.expect(503);
    disk.relieve();
    hub.ready(HEALED_WITHIN).await;
    hub.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_turns_read_only_refuses_and_reads_on_until_it_is_mended() {
    let _turn = serial::turn().await;
    let Some(mut disk) = disk(Kind::Ext4) else { return };
    let mut hub = Setup::demo().at(&disk.path().join("data")).start().await;
    let mut tills = Tills::open(hub.client(), 4, 13, &Week::default());
    sold(&tills, 20).await;
    disk.fail();
    refused(&tills, 0).await;
    // The write under way when it happened may have failed in another way; every later one names it.
    until(PATIENCE, "the right word", || {
        let is_named = tills.refused().iter().any(|answer| answer.code() == "storage_read_only");
        std::future::ready(is_named.then_some(()))
    })
    .await;
    assert_refused(&tills.refused().last().cloned().unwrap(), 503, "storage_read_only");
    assert_reads_go_on(&hub, &tills.journal, "read-only").await;
    hub.terminate().await;
    // A start finds it so.
    hub.start_again().await;
    assert_reads_go_on(&hub, &tills.journal, "read-only").await;
    let refused = hub.client().post("/api/orders/", &plain_order()).await;
    assert_refused(&refused, 503, "storage_read_only");
    hub.terminate().await;
    disk.repair();
    hub.start_again().await;
    hub.assert_ready().await;
    sold(&tills, 20).await;
    tills.close().await;
    audit(hub.client(), &tills.journal).await;
    hub.terminate().await;
    hub.assert_verified();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_that_starts_on_a_read_only_disk_sells_once_it_is_writable() {
    let _turn = serial::turn().await;
    let Some(disk) = disk(Kind::Ext4) else { return };
    let mut hub = Setup::demo().at(&disk.path().join("data")).start().await;
    let before = hub.client().post("/api/orders/", &plain_order()).await.expect(201);
    hub.terminate().await;
    disk.remount("ro");
    hub.start_again().await;
    let address = format!("/api/orders/{}/", before["id"].as_str().unwrap());
    assert_eq!(hub.client().read(&address).await, before);
    let refused = hub.client().post("/api/orders/", &plain_order()).await;
    assert_refused(&refused, 503, "storage_read_only");
    disk.remount("rw");
    hub.ready(HEALED_WITHIN).await;
    hub.client().post("/api/orders/", &plain_order()).await.expect(201);
    hub.terminate().await;
    hub.assert_verified();
}

/// A picture of one grey pixel.
fn picture() -> Vec<u8> {
    let mut bytes = Vec::new();
    png::Encoder::new(&mut bytes, 1, 1).write_header().unwrap().write_image_data(&[128]).unwrap();
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_that_finds_no_room_leaves_nothing_and_takes_none_from_sales() {
    let _turn = serial::turn().await;
    let Some(disk) = disk(Kind::Tmpfs) else { return };
    let mut hub = Setup::demo().at(&disk.path().join("data")).start().await;
    let path = format!("/api/products/{}/", plain_product().0);
    let before = hub.client().read(&path).await;
    let send = async |hub: &TestHub| {
        let kind = [("content-type", "image/png")];
        hub.client().send(Method::POST, &format!("{path}image/"), &kind, Some(picture())).await.unwrap()
    };
    let is_empty = |hub: &TestHub| fs::read_dir(hub.data_dir().join("media")).map_or(0, Iterator::count) == 0;
    // What is left is for sales.
    disk.leave(16 << 20);
    assert_refused(&send(&hub).await, 507, "storage_full");
    hub.client().post("/api/orders/", &plain_order()).await.expect(201);
    assert!(is_empty(&hub));
    disk.leave_all();
    hub.terminate().await;
    disk.remount("ro");
    hub.start_again().await;
    assert_refused(&send(&hub).await, 503, "storage_read_only");
    assert!(is_empty(&hub));
    assert_eq!(hub.client().read(&path).await, before);
    hub.terminate().await;
}

/// An order of about 200 kB.
fn large_order() -> serde_json::Value {
    let line = json!({"product": plain_product().0, "quantity": 1, "notes": "ü".repeat(1_000)});
    json!({"id": protocol::ids::Id::now_v7(), "items": vec![line; 100]})
}

fn plain_order() -> serde_json::Value {
    json!({"items": [{"product": plain_product().0, "quantity": 1}]})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_just_when_a_segment_ends_loses_nothing() {
    const SEGMENT_BYTES: u64 = 8 << 20;
    let _turn = serial::turn().await;
    let Some(disk) = disk(Kind::Tmpfs) else { return };
    let mut hub = Setup::demo().at(&disk.path().join("data")).start().await;
    let client = hub.client().clone();
    let first = hub.data_dir().join("ledger/0000000000000001.log");
    let mut acknowledged = Vec::new();
    let mut place = async || {
        let order = client.post("/api/orders/", &large_order()).await.expect(201);
        acknowledged.push(order["id"].as_str().unwrap().to_owned());
    };
    // The file is extended by 256 KiB at a time: at 8 MiB, the next order but one crosses the segment's end.
    while std::fs::metadata(&first).unwrap().len() < SEGMENT_BYTES {
        place().await;
    }
    // Room for that extension, and not for the next segment's first page: the old one goes on past its size.
    disk.leave(256 << 10);
    while std::fs::metadata(&first).unwrap().len() <= SEGMENT_BYTES {
        place().await;
    }
    for _ in 0..3 {
        let order = client.post("/api/orders/", &plain_order()).await;
        if order.status == 201 {
            acknowledged.push(order.json()["id"].as_str().unwrap().to_owned());
        }
    }
    until(PATIENCE, "the old segment goes on", || {
        std::future::ready(hub.logged().contains("past its size").then_some(()))
    })
    .await;
    disk.leave_all();
    hub.kill9();
    hub.start_again().await;
    assert!(!hub.logged().contains("damage"), "{}", hub.logged());
    hub.assert_ready().await;
    for id in &acknowledged {
        client.get(&format!("/api/orders/{id}/")).await.expect(200);
    }
    client.post("/api/orders/", &large_order()).await.expect(201);
    hub.terminate().await;
    hub.assert_verified();
}
