//! Boxes that are replaced, and come back.

use protocol::frame::Refused;
use tests::relay::TestRelay;
use tests::uplink::{Ledger, Uplink};

use super::{alerts, stored};

#[tokio::test]
async fn a_restored_box_goes_on_under_its_epoch_and_the_old_one_is_fenced() {
    let relay = TestRelay::start().await;
    let hub = relay.claimed().await;
    let pool = relay.database().look().await;
    let mut old = Ledger::with(10);
    let (mut uplink, _) = Uplink::open(relay.address(), &hub, &old).await;
    uplink.batch(old.batch(0, 10)).await;
    uplink.ack().await;

    // Restored from what was saved after record 7, on a box of its own.
    let mut restored = old.cut(7);
    restored.grow(2, 5);
    let new_hub = relay.claim(hub.tenant, hub.outlet).await;
    let (mut new_uplink, welcome) = Uplink::open(relay.address(), &new_hub, &restored).await;
    assert_eq!(welcome.have, old.at(10));
    new_uplink.batch(restored.batch(7, 10)).await;
    assert_eq!(new_uplink.ack().await, restored.at(10));
    let open = alerts(&pool, &hub).await;
    let detail = &open[0].1;
    assert_eq!((open.len(), &open[0].0[..]), (1, "new_epoch"));
    assert_eq!(
        (&detail["epoch"], &detail["after_seq"], &detail["superseded"]),
        (&2.into(), &7.into(), &3.into())
    );

    // The old box is still connected, and goes on.
    old.grow(1, 3);
    uplink.batch(old.batch(10, 13)).await;
    assert_eq!(uplink.refusal().await, Refused::Fenced { epoch: 2 });
    assert_eq!(Uplink::refused(relay.address(), &hub, &old).await, Refused::Fenced { epoch: 2 });

    // With what both have before it, the new one goes on; the records of the old one are kept.
    new_uplink.batch(restored.batch(5, 12)).await;
    assert_eq!(new_uplink.ack().await, restored.at(12));
    let first = (1..=10).map(|seq| (1, seq));
    let expected: Vec<(i64, i64)> = first.chain((8..=12).map(|seq| (2, seq))).collect();
    assert_eq!(stored(&pool, &hub).await, expected);
    relay.assert_verified(&new_hub, 2, 12);

    // A chain that is shorter than what it supersedes holds as well.
    let mut third = restored.cut(9);
    third.grow(3, 1);
    let (mut uplink, _) = Uplink::open(relay.address(), &new_hub, &third).await;
    uplink.batch(third.batch(8, 10)).await;
    assert_eq!(uplink.ack().await, third.at(10));
    relay.assert_verified(&new_hub, 3, 10);
}

#[tokio::test]
async fn an_epoch_whose_beginning_is_missing_is_asked_for_and_two_of_one_epoch_stop_the_outlet() {
    let relay = TestRelay::start().await;
    let hub = relay.claimed().await;
    let old = Ledger::with(10);
    let (mut uplink, _) = Uplink::open(relay.address(), &hub, &old).await;
    uplink.batch(old.batch(0, 10)).await;
    uplink.ack().await;
    let mut restored = old.cut(6);
    restored.grow(2, 10);
    let (mut uplink, welcome) = Uplink::open(relay.address(), &hub, &restored).await;
    uplink.batch(restored.batch(10, 16)).await;
    assert_eq!(uplink.refusal().await, Refused::Gap { have: old.at(10) });
    let (mut uplink, _) = Uplink::open(relay.address(), &hub, &restored).await;
    let from = restored.common(&welcome.have);
    assert_eq!(from, 6);
    uplink.batch(restored.batch(from, 16)).await;
    assert_eq!(uplink.ack().await, restored.at(16));
    let mut rival = old.cut(6);
    rival.grow(2, 4);
    let (mut uplink, _) = Uplink::open(relay.address(), &hub, &rival).await;
    uplink.batch(rival.batch(6, 10)).await;
    assert_eq!(uplink.refusal().await, Refused::Diverged { seq: 7 });
}

#[tokio::test]
async fn a_chain_that_was_meddled_with_in_the_database_is_found_out() {
    let relay = TestRelay::start().await;
    let hub = relay.claimed().await;
    let pool = relay.database().look().await;
    let ledger = Ledger::with(1_200);
    let (mut uplink, _) = Uplink::open(relay.address(), &hub, &ledger).await;
    for from in (0..1_200).step_by(400) {
        uplink.batch(ledger.batch(from, from + 400)).await;
    }
    while uplink.ack().await.seq < 1_200 {}
    relay.assert_verified(&hub, 1, 1_200);
    let (tenant, outlet) = (hub.tenant.to_string(), hub.outlet.to_string());
    let verify = || {
        let output = relay.try_run(&["verify", "--tenant", &tenant, "--outlet", &outlet]);
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    sqlx::query("UPDATE events SET body = body || '\\x00' WHERE seq = 1100").execute(&pool).await.unwrap();
    assert!(verify().contains("broken seq 1100 does not follow"), "{}", verify());
    sqlx::query("DELETE FROM events WHERE seq = 900").execute(&pool).await.unwrap();
    assert!(verify().contains("broken seq 900 is missing"), "{}", verify());
    sqlx::query("DELETE FROM events WHERE seq > 800").execute(&pool).await.unwrap();
    assert!(verify().contains("broken seq 801 is missing"), "{}", verify());
}
