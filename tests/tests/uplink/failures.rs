//! Networks, programs and databases that fail.

use serde_json::json;
use tests::hub::Setup;
use tests::proxy::Weather;

use super::{Chain, sell, until_sent, until_uplink};

#[tokio::test]
async fn lines_that_break_at_any_moment_lose_and_double_nothing() {
    let chain = Chain::new().await;
    let hub = Setup::demo().start().await;
    chain.claim(&hub, &[]);
    let seed = fastrand::u64(..);
    let mut lots = fastrand::Rng::with_seed(seed);
    for _ in 0..12 {
        sell(&hub, lots.usize(1..15)).await;
        chain.network.hang_up();
    }
    until_sent(&hub).await;
    chain.assert_same(&hub).await;
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_when_either_side_is_killed() {
    let mut chain = Chain::new().await;
    let mut hub = Setup::demo().start().await;
    chain.claim(&hub, &[]);
    until_sent(&hub).await;
    for round in 0..3 {
        sell(&hub, 40).await;
        if round % 2 == 0 {
            chain.relay.kill9();
            sell(&hub, 20).await;
            chain.relay.start_again().await;
        } else {
            hub.kill9();
            hub.start_again().await;
        }
    }
    until_sent(&hub).await;
    chain.assert_same(&hub).await;
}

#[tokio::test]
async fn a_relay_that_is_away_or_silent_delays_no_sale() {
    let chain = Chain::new().await;
    let hub = Setup::demo().start().await;
    chain.claim(&hub, &[]);
    until_sent(&hub).await;
    chain.network.turn(Weather::Silent);
    sell(&hub, 30).await;
    chain.network.turn(Weather::Cut);
    let away = until_uplink(&hub, "the trouble to be told", |said| said["trouble"].is_object()).await;
    assert_eq!((&away["state"], &away["trouble"]["code"]), (&json!("connecting"), &json!("unreachable")));
    assert!(away["unsent"].as_u64() >= Some(30), "{away}");
    sell(&hub, 10).await;
    chain.network.turn(Weather::Fair);
    until_sent(&hub).await;
    chain.assert_same(&hub).await;
}

#[tokio::test]
async fn a_database_that_is_away_makes_the_hub_wait() {
    let chain = Chain::with_own_cluster().await;
    let hub = Setup::demo().start().await;
    chain.claim(&hub, &[]);
    until_sent(&hub).await;
    chain.relay.database().cluster.stop();
    sell(&hub, 30).await;
    chain.relay.database().cluster.start();
    chain.relay.database().cluster.ready().await;
    until_sent(&hub).await;
    chain.assert_same(&hub).await;
}
