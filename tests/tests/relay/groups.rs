//! Many hubs share a commit.

use std::time::{Duration, Instant};

use tests::relay::TestRelay;
use tests::serial;
use tests::uplink::{Ledger, replicate};
use tokio::task::JoinSet;

const HUBS: u32 = 200;
/// Batches of each hub, one after the other's acknowledgement: the worst that can be.
const BATCHES: u64 = 10;
const RECORDS: u64 = 3;

#[tokio::test]
async fn two_hundred_hubs_share_their_commits() {
    let _turn = serial::turn().await;
    let relay = TestRelay::start().await;
    let pool = relay.database().look().await;
    let hubs = relay.many_claimed(&pool, HUBS).await;
    let (began, mut tasks) = (Instant::now(), JoinSet::new());
    for hub in hubs {
        let address = relay.address().clone();
        tasks.spawn(async move {
            let ledger = Ledger::with(BATCHES * RECORDS);
            let journal = replicate(&hub, &ledger, RECORDS, 1, |_| address.get()).await;
            assert_eq!(journal.connections, 1, "{:?}", journal.refused);
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    let took = began.elapsed();
    // A row knows the transaction that stored it.
    let (rows, transactions): (i64, i64) =
        sqlx::query_as("SELECT count(*), count(DISTINCT xmin::text) FROM events")
            .fetch_one(&pool)
            .await
            .unwrap();
    let batches = u64::from(HUBS) * BATCHES;
    println!("{batches} batches, {rows} records, {transactions} transactions in {took:?}");
    assert_eq!(rows, (batches * RECORDS).cast_signed());
    assert!(transactions * 8 < batches.cast_signed(), "{transactions} transactions for {batches} batches");
    assert!(took < Duration::from_mins(1), "{took:?}");
}

#[tokio::test]
async fn records_that_the_database_refuses_hold_up_their_own_hub_alone() {
    let relay = TestRelay::start().await;
    let pool = relay.database().look().await;
    // A fault that nobody foresees: rows of one outlet are refused.
    let hubs = relay.many_claimed(&pool, 6).await;
    let bad = hubs[0].outlet;
    let check = format!("ALTER TABLE events ADD CONSTRAINT fault CHECK (outlet_id <> '{bad}')");
    sqlx::query(sqlx::AssertSqlSafe(check)).execute(&pool).await.unwrap();
    let mut tasks = JoinSet::new();
    for hub in hubs.clone().into_iter().skip(1) {
        let address = relay.address().clone();
        tasks.spawn(async move {
            let ledger = Ledger::with(100);
            replicate(&hub, &ledger, 5, 2, |_| address.get()).await
        });
    }
    let ledger = Ledger::with(5);
    let (mut uplink, _) = tests::uplink::Uplink::open(relay.address(), &hubs[0], &ledger).await;
    uplink.batch(ledger.batch(0, 5)).await;
    let refused = uplink.refusal().await;
    assert!(matches!(refused, protocol::frame::Refused::Busy { .. }), "{refused:?}");
    while let Some(journal) = tasks.join_next().await {
        let journal = journal.unwrap();
        assert_eq!((journal.connections, journal.have()), (1, 100), "{:?}", journal.refused);
    }
    sqlx::query("ALTER TABLE events DROP CONSTRAINT fault").execute(&pool).await.unwrap();
    let (mut uplink, _) = tests::uplink::Uplink::open(relay.address(), &hubs[0], &ledger).await;
    uplink.batch(ledger.batch(0, 5)).await;
    assert_eq!(uplink.ack().await, ledger.at(5));
}

#[tokio::test]
async fn a_hub_that_says_nothing_takes_little_memory() {
    const IDLE: u32 = 500;
    let _turn = serial::turn().await;
    let relay = TestRelay::start().await;
    let pool = relay.database().look().await;
    let hubs = relay.many_claimed(&pool, IDLE + 20).await;
    let ledger = Ledger::default();
    let mut uplinks = Vec::new();
    let mut before = 0;
    for (n, hub) in hubs.iter().enumerate() {
        // What the first few cost is mostly not theirs.
        if n == 20 {
            before = relay.memory_peak_kb();
        }
        uplinks.push(tests::uplink::Uplink::open(relay.address(), hub, &ledger).await);
    }
    let each = (relay.memory_peak_kb() - before) as f64 / f64::from(IDLE);
    println!("{each:.1} kB for each idle hub");
    assert!(each < 40.0, "{each:.1} kB for each idle hub");
}
