//! **Every record of a hub's ledger is at the relay, once and in order, whatever fails between them, and no sale waits for that.**
//!
//! The real hub, the real relay, a real PostgreSQL, and a network that fails on demand.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use hub::hex::hex;
use serde_json::{Value, json};
use sqlx::PgPool;
use tests::hub::{Setup, TestHub};
use tests::postgres::Cluster;
use tests::process::until;
use tests::proxy::{Proxy, Weather};
use tests::relay::TestRelay;
use tests::shop::plain_product;
use uuid::Uuid;

mod failures;
mod replaced;

/// How long anything here may take on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(1);

/// A chain of one outlet: a relay, and a network to it.
struct Chain {
    relay: TestRelay,
    network: Proxy,
    pool: PgPool,
    tenant: Uuid,
    outlet: Uuid,
}

impl Chain {
    async fn new() -> Self {
        Self::of(TestRelay::start().await).await
    }

    /// One whose database is its own, to be stopped.
    async fn with_own_cluster() -> Self {
        let database = Cluster::own().await.database().await;
        Self::of(TestRelay::on(&database, &[]).await).await
    }

    async fn of(relay: TestRelay) -> Self {
        let network = Proxy::to(relay.address());
        let pool = relay.database().look().await;
        let tenant = relay.made(&["tenant", "add", "Rantai Uji"]);
        let outlet = relay.outlet(tenant, 1);
        Self { relay, network, pool, tenant, outlet }
    }

    /// Claims the outlet for a hub, as an installer does.
    fn claim(&self, hub: &TestHub, more: &[&str]) {
        let code = self.relay.code(self.tenant, self.outlet);
        let url = format!("http://{}", self.network.address());
        let output = hub.run_command(&[&["claim", &url, &code], more].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(printed.starts_with("claimed: hub ") && !printed.contains("ohr1"), "{printed}");
    }

    /// Epoch, number and hash of every record that the relay has, in order.
    async fn records(&self) -> Vec<(i64, i64, Vec<u8>)> {
        let rows = sqlx::query_as(
            "SELECT epoch, seq, hash FROM events WHERE tenant_id = $1 AND outlet_id = $2 ORDER BY epoch, seq",
        );
        rows.bind(self.tenant).bind(self.outlet).fetch_all(&self.pool).await.unwrap()
    }

    /// The relay's walk over the chain finds it whole, and it is the hub's own: the same numbers, the same hashes.
    async fn assert_same(&self, hub: &TestHub) -> usize {
        let here = exported(hub);
        let there: Vec<(i64, i64, String)> =
            self.records().await.into_iter().map(|(epoch, seq, hash)| (epoch, seq, hex(&hash))).collect();
        assert_eq!(here.len(), there.len(), "every record is there once");
        assert!(here == there, "the records are the same");
        let (tenant, outlet) = (self.tenant.to_string(), self.outlet.to_string());
        let said = self.relay.run(&["verify", "--tenant", &tenant, "--outlet", &outlet]);
        assert!(said.contains(" holds epoch "), "{said}");
        here.len()
    }
}

/// Epoch, number and hash of every record of a hub.
fn exported(hub: &TestHub) -> Vec<(i64, i64, String)> {
    let output = hub.run_command(&["export"]);
    let lines = String::from_utf8(output.stdout).unwrap();
    let records = lines.lines().map(|line| {
        let record: Value = serde_json::from_str(line).unwrap();
        let number = |name: &str| record[name].as_i64().unwrap();
        (number("epoch"), number("seq"), record["hash"].as_str().unwrap().to_owned())
    });
    records.collect()
}

/// How the uplink stands, as the hub says.
async fn uplink(hub: &TestHub) -> Value {
    hub.client().read("/api/hub/uplink/").await
}

/// Waits until the hub says something of its uplink.
async fn until_uplink(hub: &TestHub, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    until(PATIENCE, what, || async {
        let said = uplink(hub).await;
        is_so(&said).then_some(said)
    })
    .await
}

/// Waits until the relay has acknowledged everything.
async fn until_sent(hub: &TestHub) -> Value {
    let is_sent = |said: &Value| said["state"] == "connected" && said["unsent"] == 0;
    until_uplink(hub, "everything to be acknowledged", is_sent).await
}

/// Sells so many times.
async fn sell(hub: &TestHub, count: usize) {
    let (product, _) = plain_product();
    for _ in 0..count {
        let order = json!({"id": Uuid::now_v7(), "order_type": "take_away",
            "items": [{"product": product, "quantity": 1}]});
        hub.client().post("/api/orders/", &order).await.expect(201);
    }
}

#[tokio::test]
async fn a_claimed_hub_sends_everything_it_ever_wrote_and_then_each_sale() {
    let chain = Chain::new().await;
    let hub = Setup::demo().start().await;
    sell(&hub, 3).await;
    let alone = uplink(&hub).await;
    assert_eq!(
        (&alone["state"], &alone["relay"], &alone["unsent"]),
        (&json!("unclaimed"), &json!(null), &json!(null))
    );
    chain.claim(&hub, &[]);
    let sent = until_sent(&hub).await;
    assert_eq!(sent["trouble"], Value::Null);
    sell(&hub, 5).await;
    until_sent(&hub).await;
    let count = chain.assert_same(&hub).await;
    assert!(count > 100, "the menu, the staff and the sales: {count}");
}

#[tokio::test]
async fn a_claim_says_what_is_wrong_and_changes_nothing() {
    let chain = Chain::new().await;
    let hub = Setup::demo().start().await;
    let url = format!("http://{}", chain.network.address());
    let refused = |arguments: &[&str]| {
        let output = hub.run_command(arguments);
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(refused(&["claim", &url, "AAAAA-AAAAA"]).contains("refuses the code"));
    assert!(refused(&["claim", "http://relay.example.com", "AAAAA-AAAAA"]).contains("not encrypted"));
    assert!(refused(&["claim", "ftp://relay.example.com", "AAAAA-AAAAA"]).contains("leads to no relay"));
    chain.network.turn(Weather::Cut);
    assert!(refused(&["claim", &url, "AAAAA-AAAAA"]).contains("cannot be reached"));
    chain.network.turn(Weather::Fair);
    assert_eq!(uplink(&hub).await["state"], "unclaimed");
    chain.claim(&hub, &[]);
    let again = refused(&["claim", &url, "AAAAA-AAAAA"]);
    assert!(again.contains("claimed already") && again.contains("--again"), "{again}");
    until_sent(&hub).await;
}

#[tokio::test]
async fn who_may_see_reports_sees_how_the_uplink_stands() {
    let hub = Setup::demo().start().await;
    hub.client().anonymous().get("/api/hub/uplink/").await.expect(401);
    hub.client().signed_in("cashier").await.get("/api/hub/uplink/").await.expect(403);
}
