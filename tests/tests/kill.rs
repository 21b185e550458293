//! **A hub that is killed in the middle of everything loses nothing, doubles nothing, and halves nothing.**
//!
//! Four tills place orders, add rounds, call lines off, move orders through the kitchen and take payments, while the hub
//! is killed again and again with SIGKILL, and started again. Tills ask again under the same id when a reply is
//! lost, and some do not wait for it in the first place; now and then one gives an order up, and nobody ever asks for it
//! again.
//!
//! `OUTLET_HUB_KILLS` sets how often it is killed.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use fastrand::Rng;
use tests::hub::{Setup, until};
use tests::serial;
use tests::shop::{Tills, Week, audit};

const KILLS: usize = 12;
/// Fewest orders acknowledged between two kills, so that each hits a hub at work.
const ORDERS_BETWEEN: usize = 5;
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_again_and_again_it_keeps_every_acknowledged_step_once() {
    let _turn = serial::turn().await;
    let kills = std::env::var("OUTLET_HUB_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let mut rng = Rng::with_seed(20_261_121);
    let mut hub = Setup::demo().start().await;
    let week = Week { abandon_percent: 4, hurry_percent: 20, ..Week::default() };
    let mut tills = Tills::open(hub.client(), 4, 1, &week);
    let mut sold = 0;
    for kill in 0..kills {
        let journal = &tills.journal;
        until(PATIENCE, "orders between two kills", || {
            std::future::ready((journal.acknowledged() >= sold + ORDERS_BETWEEN).then_some(()))
        })
        .await;
        // The moment is chance: within a barrier, a checkpoint of the views, or between two replies.
        tokio::time::sleep(Duration::from_micros(rng.u64(..300_000))).await;
        hub.kill9();
        sold = tills.journal.acknowledged();
        hub.start_again().await;
        assert!(!hub.logged().contains("damage"), "kill {kill}: {}", hub.logged());
        hub.assert_ready().await;
    }
    tills.close().await;
    let (orders, lost) = (audit(hub.client(), &tills.journal).await, tills.lost());
    let given_up = tills.journal.snapshot().iter().filter(|sale| sale.is_abandoned).count();
    println!("{kills} kills, {orders} orders, {lost} replies lost, {given_up} orders given up");
    assert!(lost >= kills, "every kill interrupts somebody");
    hub.terminate().await;
    hub.assert_verified();

    hub.start_again().await;
    assert_eq!(audit(hub.client(), &tills.journal).await, orders, "after a start in peace");
}
