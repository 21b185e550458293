//! Starting, stopping, silence, encryption, and what is told about all that.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::ServerName;
use tests::hub::until;
use tests::postgres::Cluster;
use tests::relay::TestRelay;
use tests::uplink::{Ledger, Said, Uplink};
use tokio::net::TcpStream;

#[tokio::test]
async fn a_database_that_is_not_migrated_is_refused_and_migrating_twice_is_nothing() {
    let database = Cluster::shared().await.database().await;
    let relay = TestRelay::on(&database, &[]).await;
    assert_eq!(relay.run(&["migrate"]), "1");
    let empty = Cluster::shared().await.database().await;
    let output = relay.try_run(&["--database-url", &empty.url(), "serve", "--listen", "127.0.0.1:0"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("cloud-relay migrate"), "{said}");
    let output = relay.try_run(&["--database-url", &empty.url(), "tenant", "add", "x"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("cloud-relay migrate"), "{said}");
}

#[tokio::test]
async fn the_command_line_says_what_there_is_a_line_each() {
    let relay = TestRelay::start().await;
    let tenant = relay.made(&["tenant", "add", "  Rantai Satu "]);
    let outlet = relay.outlet(tenant, 3);
    assert_eq!(relay.run(&["tenant", "list"]), format!("{tenant} Rantai Satu"));
    assert_eq!(relay.run(&["outlet", "list"]), format!("{outlet} {tenant} 3 active 1 0 Warung Uji"));
    assert_eq!(relay.run(&["hub", "list"]), "");
    let tenant = tenant.to_string();
    let nobody = uuid::Uuid::nil().to_string();
    for (arguments, named) in [
        (&["tenant", "add", ""][..], "from 1 to 100"),
        (&["tenant", "add", "a\nb"], "on one line"),
        (&["outlet", "add", "--tenant", &tenant, "--number", "3", "x"], "already"),
        (&["outlet", "add", "--tenant", &nobody, "--number", "3", "x"], "of this id"),
        (&["claim-code", "--tenant", &tenant, "--outlet", &nobody], "of this id"),
        (&["claim-code", "--tenant", &tenant, "--outlet", &nobody, "--minutes", "0"], "minutes"),
        (&["verify", "--tenant", &tenant, "--outlet", &nobody], "no such outlet"),
    ] {
        let output = relay.try_run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(named), "{arguments:?}: {said}");
    }
}

#[tokio::test]
async fn what_is_asked_about_a_node_is_answered() {
    let relay = TestRelay::start().await;
    let hub = relay.claimed().await;
    let ledger = Ledger::with(5);
    let (mut uplink, _) = Uplink::open(relay.address(), &hub, &ledger).await;
    uplink.batch(ledger.batch(0, 5)).await;
    uplink.ack().await;
    let client = relay.client();
    assert_eq!(client.get("/healthz").await.text, "ok\n");
    assert_eq!(client.get("/readyz").await.expect(200)["ready"], true);
    for line in ["cloud_relay_events_total 5", "cloud_relay_groups_total 1", "cloud_relay_hubs_connected 1"] {
        until(Duration::from_secs(10), line, || async {
            client.get("/metrics").await.text.contains(line).then_some(())
        })
        .await;
    }
    // For others a proxy on this machine asks.
    let headers = [("x-forwarded-for", "203.0.113.5")];
    let answer = client.send(reqwest::Method::GET, "/metrics", &headers, None).await.unwrap();
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn a_stop_commits_and_acknowledges_what_is_on_its_way() {
    let mut relay = TestRelay::start().await;
    let hub = relay.claimed().await;
    let pool = relay.database().look().await;
    let ledger = Ledger::with(500);
    let (mut uplink, _) = Uplink::open(relay.address(), &hub, &ledger).await;
    let mut held = pool.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM cursors FOR UPDATE").execute(&mut *held).await.unwrap();
    uplink.batch(ledger.batch(0, 500)).await;
    // The commit waits for the row that is held.
    until(Duration::from_secs(20), "the commit has begun", || async {
        let (waits,): (bool,) = sqlx::query_as(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())",
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        waits.then_some(())
    })
    .await;
    let stopping = async {
        relay.terminate().await;
    };
    let hearing = async {
        held.rollback().await.unwrap();
        assert_eq!(uplink.ack().await, ledger.at(500));
        assert_eq!(uplink.next().await, Said::Closed);
    };
    tokio::join!(stopping, hearing);
}

#[tokio::test]
async fn silence_is_broken_by_the_relay_and_ends_a_hub() {
    let database = Cluster::shared().await.database().await;
    let relay = TestRelay::on(&database, &[("CLOUD_RELAY_INGEST__HEARTBEAT_MS", "1000")]).await;
    let hub = relay.claimed().await;
    let (mut uplink, welcome) = Uplink::open(relay.address(), &hub, &Ledger::default()).await;
    assert_eq!(welcome.heartbeat_ms, 1_000);
    // Who says something is heard.
    for _ in 0..4 {
        assert_eq!(uplink.next().await, Said::Heartbeat);
        uplink.say(&protocol::frame::HubFrame::Heartbeat(protocol::frame::Health::default())).await;
    }
    while uplink.next().await != Said::Closed {}
}

fn pem(what: &str, bytes: &[u8]) -> String {
    format!("-----BEGIN {what}-----\n{}\n-----END {what}-----\n", STANDARD.encode(bytes))
}

#[tokio::test]
async fn a_node_encrypts_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["relay.test".to_owned()]).unwrap();
    let (certificate, key) = (dir.path().join("c.pem"), dir.path().join("k.pem"));
    std::fs::write(&certificate, pem("CERTIFICATE", made.cert.der())).unwrap();
    std::fs::write(&key, pem("PRIVATE KEY", &made.signing_key.serialize_der())).unwrap();
    let database = Cluster::shared().await.database().await;
    let plain = TestRelay::on(&database, &[]).await;
    let hub = plain.claimed().await;
    let files = [
        ("CLOUD_RELAY_TLS__CERTIFICATE", certificate.to_str().unwrap()),
        ("CLOUD_RELAY_TLS__KEY", key.to_str().unwrap()),
    ];
    let relay = TestRelay::on(&database, &files).await;

    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("relay.test").unwrap();
    let stream = TcpStream::connect(relay.address().get()).await.unwrap();
    let stream = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    let mut uplink = Uplink::over(stream, "wss://relay.test", &hub.credential()).await.unwrap();
    let ledger = Ledger::with(5);
    uplink.hello(hub.outlet, ledger.head()).await;
    assert!(matches!(uplink.next().await, Said::Welcome(_)));
    uplink.batch(ledger.batch(0, 5)).await;
    assert_eq!(uplink.ack().await, ledger.at(5));
    // Who does not encrypt is not answered.
    assert!(Uplink::connect(relay.address().get(), &hub.credential()).await.is_err());
}
