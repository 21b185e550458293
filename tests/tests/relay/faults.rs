//! Relays that are killed, hubs that move between them, and a database that goes away and comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use protocol::chain::Cursor;
use sqlx::PgPool;
use tests::client::Address;
use tests::hub::until;
use tests::postgres::Cluster;
use tests::relay::{Claimed, TestRelay};
use tests::serial;
use tests::uplink::{Journal, Ledger, Uplink, replicate};
use tokio::task::JoinSet;

use super::{stored, whole};

const HUBS: u32 = 8;
const RECORDS: u64 = 600;
const WITHIN: Duration = Duration::from_mins(1);

/// Hubs that send their ledgers up at once, and what was acknowledged of each.
struct Senders {
    hubs: Vec<Claimed>,
    acknowledged: Vec<Arc<AtomicU64>>,
    tasks: JoinSet<Journal>,
}

impl Senders {
    /// `addresses`: where a hub may connect; it changes after every `moves` acknowledgements.
    async fn start(relay: &TestRelay, addresses: &[Address], moves: usize) -> Self {
        let pool = relay.database().look().await;
        let hubs = relay.many_claimed(&pool, HUBS).await;
        let acknowledged: Vec<Arc<AtomicU64>> = hubs.iter().map(|_| Arc::default()).collect();
        let mut tasks = JoinSet::new();
        for (hub, acknowledged) in hubs.iter().cloned().zip(&acknowledged) {
            let (addresses, acknowledged) = (addresses.to_vec(), Arc::clone(acknowledged));
            tasks.spawn(async move {
                let ledger = Ledger::with(RECORDS);
                replicate(&hub, &ledger, 7, 4, |journal| {
                    acknowledged.store(journal.have(), Ordering::Relaxed);
                    addresses[journal.acknowledged.len() / moves % addresses.len()].get()
                })
                .await
            });
        }
        Self { hubs, acknowledged, tasks }
    }

    fn sum(&self) -> u64 {
        self.acknowledged.iter().map(|acknowledged| acknowledged.load(Ordering::Relaxed)).sum()
    }

    async fn reached(&self, part: u64) {
        let aim = u64::from(HUBS) * RECORDS * part / 10;
        until(WITHIN, "acknowledgements", || std::future::ready((self.sum() >= aim).then_some(()))).await;
    }

    /// What was acknowledged must be there.
    async fn assert_kept(&self, pool: &PgPool) {
        for (hub, acknowledged) in self.hubs.iter().zip(&self.acknowledged) {
            let acknowledged = acknowledged.load(Ordering::Relaxed).cast_signed();
            let rows = stored(pool, hub).await;
            assert!(
                rows.len() as i64 >= acknowledged,
                "{acknowledged} were acknowledged, {} are there",
                rows.len()
            );
            assert_eq!(rows, whole(1, rows.len() as i64));
        }
    }

    /// Everything has arrived, once, and its chain holds.
    async fn assert_whole(mut self, relay: &TestRelay, pool: &PgPool) -> usize {
        let mut connections = 0;
        while let Some(journal) = self.tasks.join_next().await {
            let journal = journal.unwrap();
            let is_forward = journal.acknowledged.is_sorted_by_key(|have| have.seq);
            assert!(is_forward, "an acknowledgement was taken back");
            connections += journal.connections;
        }
        for hub in &self.hubs {
            assert_eq!(stored(pool, hub).await, whole(1, RECORDS.cast_signed()));
            relay.assert_verified(hub, 1, RECORDS);
        }
        connections
    }
}

#[tokio::test]
async fn a_relay_that_is_killed_in_the_midst_loses_and_doubles_nothing() {
    let _turn = serial::turn().await;
    let mut relay = TestRelay::start().await;
    let pool = relay.database().look().await;
    let senders = Senders::start(&relay, &[relay.address().clone()], usize::MAX).await;
    for part in [1, 3, 5, 7, 9] {
        senders.reached(part).await;
        relay.kill9();
        senders.assert_kept(&pool).await;
        relay.start_again().await;
    }
    let connections = senders.assert_whole(&relay, &pool).await;
    assert!(connections > HUBS as usize, "no connection was broken");
}

#[tokio::test]
async fn hubs_move_between_two_nodes_and_on_when_one_is_killed() {
    let _turn = serial::turn().await;
    let mut one = TestRelay::start().await;
    let mut two = TestRelay::on(one.database(), &[]).await;
    let pool = one.database().look().await;
    let addresses = [one.address().clone(), two.address().clone()];
    // What is on its way to one node when the hub moves to the other is sent again there.
    let senders = Senders::start(&one, &addresses, 4).await;
    senders.reached(3).await;
    one.kill9();
    one.address().set(two.address().get());
    senders.reached(5).await;
    one.start_again().await;
    senders.reached(6).await;
    two.terminate().await;
    two.address().set(one.address().get());
    let connections = senders.assert_whole(&one, &pool).await;
    assert!(connections > 3 * HUBS as usize, "{connections}");
}

#[tokio::test]
async fn one_hub_on_two_nodes_at_once_is_taken_once() {
    let one = TestRelay::start().await;
    let two = TestRelay::on(one.database(), &[]).await;
    let hub = one.claimed().await;
    let pool = one.database().look().await;
    let ledger = Ledger::with(400);
    let (mut first, _) = Uplink::open(one.address(), &hub, &ledger).await;
    let (mut second, _) = Uplink::open(two.address(), &hub, &ledger).await;
    for from in (0..400).step_by(10) {
        first.batch(ledger.batch(from, from + 10)).await;
        second.batch(ledger.batch(from, from + 10)).await;
    }
    let ends = async |uplink: &mut Uplink| -> Cursor {
        loop {
            let have = uplink.ack().await;
            assert_eq!(have, ledger.at(have.seq));
            if have.seq == 400 {
                return have;
            }
        }
    };
    tokio::join!(ends(&mut first), ends(&mut second));
    assert_eq!(stored(&pool, &hub).await, whole(1, 400));
    one.assert_verified(&hub, 1, 400);
}

#[tokio::test]
async fn a_database_that_goes_away_and_comes_back_loses_and_doubles_nothing() {
    let _turn = serial::turn().await;
    let cluster = Cluster::own().await;
    let database = cluster.database().await;
    let relay = TestRelay::on(&database, &[]).await;
    let senders = Senders::start(&relay, &[relay.address().clone()], usize::MAX).await;
    for part in [2, 4, 6, 8] {
        senders.reached(part).await;
        cluster.stop();
        until(WITHIN, "the node says that it is not ready", || async {
            (relay.client().get("/readyz").await.status == 503).then_some(())
        })
        .await;
        assert_eq!(relay.client().get("/healthz").await.status, 200);
        cluster.start();
        cluster.ready().await;
        senders.assert_kept(&database.look().await).await;
    }
    let pool = database.look().await;
    let connections = senders.assert_whole(&relay, &pool).await;
    assert_eq!(connections, HUBS as usize, "hubs waited, and were not sent away");
    until(WITHIN, "the node is ready", || async {
        (relay.client().get("/readyz").await.status == 200).then_some(())
    })
    .await;
}
