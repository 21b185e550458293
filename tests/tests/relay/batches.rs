//! Batches that come once, twice, in part, too early, and wrong.

use protocol::chain::{Cursor, GENESIS};
use protocol::frame::{Batch, FRAME_VERSION, HubFrame, Refused, Stored, encode};
use tests::relay::TestRelay;
use tests::uplink::{Ledger, Said, Uplink};

use super::{alerts, named, stored, whole};

#[tokio::test]
async fn each_record_is_taken_once_however_it_is_sent() {
    let relay = TestRelay::start().await;
    let hub = relay.claimed().await;
    let pool = relay.database().look().await;
    let ledger = Ledger::with(30);
    let (mut uplink, welcome) = Uplink::open(relay.address(), &hub, &ledger).await;
    assert_eq!((welcome.have, welcome.credit, welcome.heartbeat_ms), (Cursor::START, 2_000, 15_000));
    for (name, from, to, have) in [
        ("the first", 0, 10, 10),
        ("the same again", 0, 10, 10),
        ("a part again", 3, 7, 10),
        ("the next", 10, 15, 15),
        ("some again, with more behind", 8, 20, 20),
        ("all from the beginning", 0, 25, 25),
    ] {
        uplink.batch(ledger.batch(from, to)).await;
        assert_eq!(uplink.ack().await, ledger.at(have), "{name}");
        assert_eq!(stored(&pool, &hub).await, whole(1, have.cast_signed()), "{name}");
    }
    // Many at once, before any answer.
    for from in 20..30 {
        uplink.batch(ledger.batch(from, from + 1)).await;
    }
    while uplink.ack().await.seq < 30 {}
    assert_eq!(stored(&pool, &hub).await, whole(1, 30));
    // As the ledger stores them, with when and what.
    let (version, more, hash, at_ms, kind): (i16, bool, Vec<u8>, i64, i16) = sqlx::query_as(
        "SELECT version, more, hash, (extract(epoch FROM at) * 1000)::bigint, kind FROM events WHERE seq = 17",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!((version, more, &hash[..], kind), (2, false, &ledger.at(17).hash[..], 2));
    assert_eq!(at_ms, 1_760_000_000_016);
    assert!(alerts(&pool, &hub).await.is_empty());
    relay.assert_verified(&hub, 1, 30);
}

#[tokio::test]
async fn records_that_are_missing_are_asked_for() {
    let relay = TestRelay::start().await;
    let hub = relay.claimed().await;
    let ledger = Ledger::with(20);
    let (mut uplink, _) = Uplink::open(relay.address(), &hub, &ledger).await;
    uplink.batch(ledger.batch(0, 5)).await;
    uplink.batch(ledger.batch(7, 9)).await;
    assert_eq!(uplink.refusal().await, Refused::Gap { have: ledger.at(5) });
    let (mut uplink, welcome) = Uplink::open(relay.address(), &hub, &ledger).await;
    assert_eq!(welcome.have, ledger.at(5));
    uplink.batch(ledger.batch(5, 20)).await;
    assert_eq!(uplink.ack().await, ledger.at(20));
}

#[tokio::test]
async fn two_ledgers_of_one_outlet_stop_it_until_somebody_has_looked() {
    let relay = TestRelay::start().await;
    let hub = relay.claimed().await;
    let pool = relay.database().look().await;
    let ledger = Ledger::with(20);
    let (mut uplink, _) = Uplink::open(relay.address(), &hub, &ledger).await;
    uplink.batch(ledger.batch(0, 10)).await;
    uplink.ack().await;

    let mut other = ledger.cut(6);
    other.grow(1, 8);
    let (mut wrong, _) = Uplink::open(relay.address(), &hub, &other).await;
    wrong.batch(other.batch(4, 14)).await;
    assert_eq!(wrong.refusal().await, Refused::Diverged { seq: 7 });
    let open = alerts(&pool, &hub).await;
    assert_eq!((open.len(), &open[0].0[..], &open[0].1["seq"]), (1, "diverged", &7.into()));

    // Nothing is taken now, of either of them, and it is one alert.
    assert_eq!(Uplink::refused(relay.address(), &hub, &ledger).await, Refused::Diverged { seq: 7 });
    assert_eq!(Uplink::refused(relay.address(), &hub, &other).await, Refused::Diverged { seq: 7 });
    assert_eq!(stored(&pool, &hub).await, whole(1, 10));
    assert_eq!(alerts(&pool, &hub).await.len(), 1);
    assert!(relay.run(&["outlet", "list"]).contains(" stopped 1 10 "));

    let outlet = named(hub.tenant, hub.outlet);
    let resume: Vec<&str> =
        ["outlet", "resume"].into_iter().chain(outlet.iter().map(String::as_str)).collect();
    relay.run(&resume);
    assert!(!relay.try_run(&resume).status.success(), "it is not stopped any more");
    assert!(alerts(&pool, &hub).await.is_empty());
    let (mut uplink, welcome) = Uplink::open(relay.address(), &hub, &ledger).await;
    assert_eq!(welcome.have, ledger.at(10));
    uplink.batch(ledger.batch(10, 20)).await;
    assert_eq!(uplink.ack().await, ledger.at(20));
    relay.assert_verified(&hub, 1, 20);
}

#[tokio::test]
async fn an_outlet_that_is_stopped_takes_nothing_on_a_connection_that_stands() {
    let relay = TestRelay::start().await;
    let hub = relay.claimed().await;
    let second = relay.claim(hub.tenant, hub.outlet).await;
    let pool = relay.database().look().await;
    let ledger = Ledger::with(20);
    let (mut uplink, _) = Uplink::open(relay.address(), &hub, &ledger).await;
    uplink.batch(ledger.batch(0, 10)).await;
    uplink.ack().await;
    let other = Ledger::with(3);
    let (mut wrong, _) = Uplink::open(relay.address(), &second, &other).await;
    wrong.batch(other.batch(0, 3)).await;
    assert_eq!(wrong.refusal().await, Refused::Diverged { seq: 1 });
    uplink.batch(ledger.batch(10, 20)).await;
    assert_eq!(uplink.refusal().await, Refused::Diverged { seq: 1 });
    assert_eq!(stored(&pool, &hub).await, whole(1, 10));
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_set_aside_and_those_behind_it_go_on() {
    let relay = TestRelay::start().await;
    let hub = relay.claimed().await;
    let pool = relay.database().look().await;
    let mut ledger = Ledger::with(3);
    ledger.push(2, 1, b"no envelope".to_vec());
    ledger.grow(1, 2);
    ledger.push(9, 1, b"of a later program".to_vec());
    ledger.grow(1, 1);
    let (mut uplink, _) = Uplink::open(relay.address(), &hub, &ledger).await;
    uplink.batch(ledger.batch(0, 8)).await;
    let said = [uplink.next().await, uplink.next().await];
    assert!(matches!(&said[0], Said::Quarantined(4, why) if why.contains("cannot be read")), "{said:?}");
    assert!(matches!(&said[1], Said::Quarantined(7, why) if why.contains("version 9")), "{said:?}");
    assert_eq!(uplink.ack().await, ledger.at(8));
    // The same again is not said again.
    uplink.batch(ledger.batch(2, 8)).await;
    assert_eq!(uplink.ack().await, ledger.at(8));

    assert_eq!(stored(&pool, &hub).await, whole(1, 8));
    let unread: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT seq, body FROM events WHERE kind IS NULL AND at IS NULL ORDER BY seq")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(unread, [(4, b"no envelope".to_vec()), (7, b"of a later program".to_vec())]);
    let aside: Vec<(i64, String)> =
        sqlx::query_as("SELECT seq, why FROM quarantine ORDER BY seq").fetch_all(&pool).await.unwrap();
    assert_eq!(aside.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [4, 7]);
    // Later ones do not add to the alert that is open.
    ledger.push(9, 1, b"again".to_vec());
    uplink.batch(ledger.batch(8, 9)).await;
    assert!(matches!(uplink.next().await, Said::Quarantined(9, _)));
    assert_eq!(uplink.ack().await, ledger.at(9));
    let open = alerts(&pool, &hub).await;
    assert_eq!((open.len(), &open[0].1["first_seq"], &open[0].1["records"]), (1, &4.into(), &2.into()));
    relay.assert_verified(&hub, 1, 9);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_words() {
    let relay = TestRelay::start().await;
    let hub = relay.claimed().await;
    let ledger = Ledger::with(5);
    let good = encode(&HubFrame::Batch(ledger.batch(0, 5)));
    let record = Stored { version: 2, more: false, epoch: 1, body: b"x" };
    let wrong_last = Batch { last: GENESIS, ..ledger.batch(0, 5) };
    let empty = Batch { before: Cursor::START, records: Vec::new(), last: GENESIS };
    let far = Cursor { epoch: 1, seq: u64::MAX, hash: GENESIS };
    let beyond = Batch { before: far, records: vec![record], last: GENESIS };
    for (bytes, named) in [
        (good[..good.len() - 1].to_vec(), "cannot be read"),
        (encode(&HubFrame::Batch(wrong_last)), "the hash of the last"),
        (encode(&HubFrame::Batch(empty)), "from 1 to 500"),
        (encode(&HubFrame::Batch(beyond)), "as long as"),
        (vec![FRAME_VERSION], "too short"),
    ] {
        let (mut uplink, _) = Uplink::open(relay.address(), &hub, &ledger).await;
        uplink.send(bytes).await;
        match uplink.refusal().await {
            Refused::Malformed(why) => assert!(why.contains(named), "{named}: {why}"),
            other => panic!("{named}: {other:?}"),
        }
    }
    let (mut uplink, _) = Uplink::open(relay.address(), &hub, &ledger).await;
    uplink.send(vec![FRAME_VERSION + 1, 0, 0]).await;
    assert_eq!(uplink.refusal().await, Refused::Version { newest: FRAME_VERSION });
    // Who does not say first who is there is not heard.
    let mut uplink = Uplink::connect(relay.address().get(), &hub.credential()).await.unwrap();
    uplink.send(good).await;
    assert!(matches!(uplink.refusal().await, Refused::Malformed(_)));
    let pool = relay.database().look().await;
    assert!(stored(&pool, &hub).await.is_empty());
}

#[tokio::test]
async fn more_than_the_credit_is_refused() {
    let database = tests::postgres::Cluster::shared().await.database().await;
    let relay = TestRelay::on(&database, &[("CLOUD_RELAY_INGEST__CREDIT", "500")]).await;
    let hub = relay.claimed().await;
    let ledger = Ledger::with(3_000);
    let (mut uplink, welcome) = Uplink::open(relay.address(), &hub, &ledger).await;
    assert_eq!(welcome.credit, 500);
    // While another holds the outlet's row, nothing is acknowledged.
    let pool = relay.database().look().await;
    let mut held = pool.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM cursors FOR UPDATE").execute(&mut *held).await.unwrap();
    for from in [0, 500, 1_000] {
        uplink.batch(ledger.batch(from, from + 500)).await;
    }
    assert!(matches!(uplink.refusal().await, Refused::Malformed(why) if why.contains("credit")));
    held.rollback().await.unwrap();
}

#[tokio::test]
async fn a_node_with_no_room_left_sends_hubs_away_for_a_moment() {
    let database = tests::postgres::Cluster::shared().await.database().await;
    let relay = TestRelay::on(&database, &[("CLOUD_RELAY_INGEST__QUEUE_BYTES_MAX", "8388608")]).await;
    let pool = relay.database().look().await;
    let hubs = relay.many_claimed(&pool, 3).await;
    let mut held = pool.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM cursors FOR UPDATE").execute(&mut *held).await.unwrap();
    let mut ledger = Ledger::default();
    for _ in 0..6 {
        ledger.push(9, 1, vec![7; 1 << 20]);
    }
    let mut uplinks = Vec::new();
    for hub in &hubs {
        let (mut uplink, _) = Uplink::open(relay.address(), hub, &ledger).await;
        uplink.batch(ledger.batch(0, 3)).await;
        uplink.batch(ledger.batch(3, 6)).await;
        uplinks.push(uplink);
    }
    // Six times three megabytes are more than eight: somebody waits, and then waits no longer.
    let mut waits =
        futures_util::future::select_all(uplinks.iter_mut().map(|uplink| Box::pin(uplink.refusal())));
    let (refused, ..) = (&mut waits).await;
    assert!(matches!(refused, Refused::Busy { retry_ms } if retry_ms >= 2_000), "{refused:?}");
    drop(waits);
    held.rollback().await.unwrap();
    for hub in &hubs {
        let address = relay.address();
        let journal = tests::uplink::replicate(hub, &ledger, 2, 2, |_| address.get()).await;
        assert_eq!(journal.have(), 6);
        assert_eq!(stored(&pool, hub).await, whole(1, 6));
    }
}
