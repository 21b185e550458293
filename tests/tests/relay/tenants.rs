//! Nobody sees or touches what is another chain's.

use sqlx::{AssertSqlSafe, Executor as _, PgPool};
use tests::relay::TestRelay;
use tests::uplink::{Ledger, Uplink};
use uuid::Uuid;

use super::{stored, whole};

/// Every table that holds something of a tenant.
const TABLES: [&str; 8] =
    ["tenants", "outlets", "hubs", "claim_codes", "cursors", "events", "quarantine", "alerts"];

/// Tenants whose rows of a table a session sees that has said these settings.
async fn seen(pool: &PgPool, settings: &str, table: &str) -> Vec<Uuid> {
    let mut transaction = pool.begin().await.unwrap();
    transaction.execute(AssertSqlSafe(settings.to_owned())).await.unwrap();
    let sql = AssertSqlSafe(format!("SELECT DISTINCT tenant_id FROM {table} ORDER BY 1"));
    let rows: Vec<(Uuid,)> = sqlx::query_as(sql).fetch_all(&mut *transaction).await.unwrap();
    rows.into_iter().map(|(tenant,)| tenant).collect()
}

#[tokio::test]
async fn a_reader_sees_one_chain_and_changes_nothing() {
    let relay = TestRelay::start().await;
    let pool = relay.database().look().await;
    let hubs = [relay.claimed().await, relay.claimed().await];
    for hub in &hubs {
        let mut ledger = Ledger::with(2);
        ledger.push(9, 1, b"unread".to_vec());
        let (mut uplink, _) = Uplink::open(relay.address(), hub, &ledger).await;
        uplink.batch(ledger.batch(0, 3)).await;
        let _ = (uplink.next().await, uplink.ack().await);
    }
    let mut both = [hubs[0].tenant, hubs[1].tenant];
    both.sort();
    let days: Vec<(String,)> = sqlx::query_as(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'events'::regclass",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert!(days.len() >= 8, "{days:?}");
    for table in TABLES {
        assert_eq!(seen(&pool, "SET LOCAL ROLE relay_ingest", table).await, both, "{table}");
        for hub in &hubs {
            let settings = format!("SET LOCAL ROLE relay_reader; SET LOCAL relay.tenant = '{}'", hub.tenant);
            assert_eq!(seen(&pool, &settings, table).await, [hub.tenant], "{table}");
        }
        // Who names nobody, or somebody else, sees nothing.
        for settings in
            ["SET LOCAL ROLE relay_reader", "SET LOCAL ROLE relay_reader; SET LOCAL relay.tenant = ''"]
        {
            assert!(seen(&pool, settings, table).await.is_empty(), "{table}");
        }
        let forced: (bool, bool) = sqlx::query_as(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = $1::text::regclass",
        )
        .bind(table)
        .fetch_one(&pool)
        .await
        .unwrap();
        assert_eq!(forced, (true, true), "{table}");
    }
    // What it must not do at all, with the tenant's own name said.
    let mut forbidden: Vec<String> = TABLES
        .iter()
        .flat_map(|table| {
            [format!("UPDATE {table} SET tenant_id = tenant_id"), format!("DELETE FROM {table}")]
        })
        .collect();
    forbidden.extend(days.iter().map(|(day,)| format!("SELECT 1 FROM {day}")));
    forbidden
        .extend(["SELECT secret_hash FROM hubs", "SELECT code_hash FROM claim_codes"].map(str::to_owned));
    for sql in forbidden {
        let mut transaction = pool.begin().await.unwrap();
        let settings = format!("SET LOCAL ROLE relay_reader; SET LOCAL relay.tenant = '{}'", hubs[0].tenant);
        transaction.execute(AssertSqlSafe(settings)).await.unwrap();
        let error = transaction.execute(AssertSqlSafe(sql.clone())).await.unwrap_err();
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap().into_owned();
        assert_eq!(code, "42501", "{sql}");
    }
    // Whoever takes in deletes nothing.
    for table in TABLES {
        let mut transaction = pool.begin().await.unwrap();
        transaction.execute("SET LOCAL ROLE relay_ingest").await.unwrap();
        assert!(transaction.execute(AssertSqlSafe(format!("DELETE FROM {table}"))).await.is_err(), "{table}");
    }
}

#[tokio::test]
async fn a_credential_reaches_its_own_outlet_alone() {
    let relay = TestRelay::start().await;
    let pool = relay.database().look().await;
    let (hub, other) = (relay.claimed().await, relay.claimed().await);
    let ledger = Ledger::with(10);
    let (mut uplink, _) = Uplink::open(relay.address(), &hub, &ledger).await;
    uplink.batch(ledger.batch(0, 6)).await;
    uplink.ack().await;
    // Another chain's hub that says everything right but who it is.
    let mut thief = Uplink::connect(relay.address().get(), &other.credential()).await.unwrap();
    thief.hello(hub.outlet, ledger.head()).await;
    assert_eq!(thief.refusal().await, protocol::frame::Refused::OtherOutlet);
    // What it sends as itself arrives as its own, whatever it is.
    let (mut own, welcome) = Uplink::open(relay.address(), &other, &ledger).await;
    assert_eq!(welcome.have.seq, 0, "it does not learn how far the other is");
    own.batch(ledger.batch(0, 10)).await;
    assert_eq!(own.ack().await, ledger.at(10));
    assert_eq!(stored(&pool, &hub).await, whole(1, 6));
    assert_eq!(stored(&pool, &other).await, whole(1, 10));
    // On the command line too, tenant and outlet must belong together.
    let (tenant, outlet) = (other.tenant.to_string(), hub.outlet.to_string());
    for command in [&["claim-code"][..], &["verify"], &["outlet", "resume"]] {
        let arguments = [command, &["--tenant", &tenant, "--outlet", &outlet]].concat();
        assert!(!relay.try_run(&arguments).status.success(), "{command:?}");
    }
}
