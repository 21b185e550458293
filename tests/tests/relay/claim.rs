//! Codes, credentials, and their end.

use std::time::{Duration, Instant};

use protocol::frame::Refused;
use serde_json::json;
use tests::postgres::Cluster;
use tests::relay::TestRelay;
use tests::uplink::{Ledger, Uplink};
use uuid::Uuid;

#[tokio::test]
async fn a_code_is_good_once_and_for_a_while_and_only_its_hash_is_kept() {
    let relay = TestRelay::start().await;
    let tenant = relay.made(&["tenant", "add", "Rantai"]);
    let outlet = relay.outlet(tenant, 1);
    let pool = relay.database().look().await;
    let client = relay.client();
    let claim = async |code: &str| client.post("/api/hubs/claim/", &json!({"code": code})).await;
    let code = relay.code(tenant, outlet);
    for wrong in ["", "AAAAA-AAAAA", "nonsense", &code[..10], "ÄÖÜ", "'; --", "\u{0}"] {
        assert!(claim(wrong).await.expect(400)["code"][0].is_string(), "{wrong}");
    }
    let answer = claim(&code.to_lowercase().replace('-', "")).await.expect(201);
    assert_eq!(answer["outlet_id"], outlet.to_string());
    assert_eq!(answer["tenant_id"], tenant.to_string());
    claim(&code).await.expect(400);

    let late = relay.code(tenant, outlet);
    sqlx::query("UPDATE claim_codes SET expires_at = now() WHERE used_at IS NULL")
        .execute(&pool)
        .await
        .unwrap();
    claim(&late).await.expect(400);

    // Neither codes nor secrets are anywhere in the database.
    let secret = answer["secret"].as_str().unwrap();
    let kept: Vec<(String,)> = sqlx::query_as(
        "SELECT row_to_json(c)::text FROM claim_codes c UNION ALL SELECT row_to_json(h)::text FROM hubs h",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(kept.len(), 3);
    for (row,) in &kept {
        assert!(
            !row.contains(secret) && !row.contains(&code) && !row.contains(&code.replace('-', "")),
            "{row}"
        );
    }
    assert!(!relay.logged().contains(secret) && !relay.logged().contains(&code[..5]));
    for (body, status) in [("", 400), ("{", 400), ("[]", 400), ("{\"code\": 7}", 400), ("{}", 400)] {
        let answer =
            client.send(reqwest::Method::POST, "/api/hubs/claim/", &[], Some(body.into())).await.unwrap();
        assert_eq!(answer.status, status, "{body}");
    }
    assert_eq!(client.get("/api/hubs/claim/").await.status, 405);
    assert_eq!(client.get("/api/else/").await.status, 404);
}

#[tokio::test]
async fn two_who_type_one_code_at_once_are_one_hub() {
    let relay = TestRelay::start().await;
    let tenant = relay.made(&["tenant", "add", "Rantai"]);
    let outlet = relay.outlet(tenant, 1);
    let code = relay.code(tenant, outlet);
    let tries: Vec<_> = (0..12)
        .map(|_| {
            let (client, code) = (relay.client(), code.clone());
            tokio::spawn(async move { client.post("/api/hubs/claim/", &json!({"code": code})).await.status })
        })
        .collect();
    let mut claimed = 0;
    for attempt in tries {
        claimed += usize::from(attempt.await.unwrap() == 201);
    }
    assert_eq!(claimed, 1);
    assert_eq!(relay.run(&["hub", "list"]).lines().count(), 1);
}

#[tokio::test]
async fn attempts_are_counted_by_address() {
    let database = Cluster::shared().await.database().await;
    let variables =
        [("CLOUD_RELAY_CLAIM__ATTEMPTS_PER_MINUTE", "3"), ("CLOUD_RELAY_HTTP__BEHIND_PROXY", "true")];
    let relay = TestRelay::on(&database, &variables).await;
    let attempt = async |from: &str| {
        let body = json!({"code": "AAAAA-AAAAA"}).to_string().into_bytes();
        let headers = [("x-forwarded-for", from)];
        let answer =
            relay.client().send(reqwest::Method::POST, "/api/hubs/claim/", &headers, Some(body)).await;
        answer.unwrap()
    };
    for _ in 0..3 {
        assert_eq!(attempt("203.0.113.5").await.status, 400);
    }
    let refused = attempt("198.51.100.1, 203.0.113.5").await;
    assert_eq!(refused.status, 429, "what a client says of itself counts for nothing");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() <= 21);
    assert_eq!(attempt("203.0.113.6").await.status, 400);
}

#[tokio::test]
async fn a_wrong_credential_is_refused_before_the_upgrade() {
    let relay = TestRelay::start().await;
    let hub = relay.claimed().await;
    let other = relay.claimed().await;
    let right = hub.credential();
    let swapped = |tenant: Uuid, id: Uuid| format!("ohr1.{}.{}.{}", tenant.simple(), id.simple(), hub.secret);
    let mut wrong_secret = hub.clone();
    wrong_secret.secret = other.secret.clone();
    for wrong in [
        String::new(),
        "x".repeat(5_000),
        right.replace("ohr1", "ohr2"),
        wrong_secret.credential(),
        swapped(other.tenant, hub.hub),
        swapped(hub.tenant, other.hub),
        swapped(other.tenant, other.hub),
        swapped(Uuid::nil(), Uuid::nil()),
    ] {
        let answer = Uplink::connect(relay.address().get(), &wrong).await;
        assert_eq!(answer.err(), Some(Some(401)), "{wrong}");
    }
    assert_eq!(relay.client().get("/uplink/v1").await.status, 426);
    // With the right one, another outlet is refused by name.
    let mut uplink = Uplink::connect(relay.address().get(), &right).await.unwrap();
    uplink.hello(other.outlet, Ledger::default().head()).await;
    assert_eq!(uplink.refusal().await, Refused::OtherOutlet);
    Uplink::open(relay.address(), &hub, &Ledger::default()).await;
}

#[tokio::test]
async fn a_revoked_hub_is_sent_away_within_a_second_and_stays_away() {
    let relay = TestRelay::start().await;
    let hub = relay.claimed().await;
    let other = relay.claim(hub.tenant, hub.outlet).await;
    let ledger = Ledger::with(5);
    let (mut uplink, _) = Uplink::open(relay.address(), &hub, &ledger).await;
    uplink.batch(ledger.batch(0, 5)).await;
    uplink.ack().await;
    relay.run(&["hub", "revoke", &hub.hub.to_string()]);
    let revoked = Instant::now();
    assert_eq!(uplink.refusal().await, Refused::Revoked);
    assert!(revoked.elapsed() < Duration::from_secs(1), "{:?}", revoked.elapsed());
    let again = Uplink::connect(relay.address().get(), &hub.credential()).await;
    assert_eq!(again.err(), Some(Some(401)));
    Uplink::open(relay.address(), &other, &ledger).await;
    let listed = relay.run(&["hub", "list"]);
    let line = listed.lines().find(|line| line.starts_with(&hub.hub.to_string())).unwrap();
    assert!(line.contains(" revoked ") && line.contains("\"test 1\" \"7 Warung Uji\""), "{line}");
    assert!(!relay.try_run(&["hub", "revoke", &Uuid::nil().to_string()]).status.success());
}

#[tokio::test]
async fn a_hub_that_connects_anew_replaces_itself() {
    let relay = TestRelay::start().await;
    let hub = relay.claimed().await;
    let ledger = Ledger::with(5);
    let (mut first, _) = Uplink::open(relay.address(), &hub, &ledger).await;
    let (mut second, _) = Uplink::open(relay.address(), &hub, &ledger).await;
    assert_eq!(first.next().await, tests::uplink::Said::Closed);
    second.batch(ledger.batch(0, 5)).await;
    assert_eq!(second.ack().await, ledger.at(5));
}
