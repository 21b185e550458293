//! `cloud-relay hub list` and `hub revoke`

use std::process::ExitCode;

use uuid::Uuid;

use super::said;
use crate::auth::revoked;
use crate::db::Db;

/// Hub, tenant, outlet, whether its credential is good, when it was seen, its program, what it called its outlet.
type Row = (Uuid, Uuid, Uuid, bool, Option<String>, String, String);

/// Says every hub: id, tenant, outlet, `active` or `revoked`, when it was last seen or `never`, its program, what it called
/// its outlet.
pub async fn list(db: Db) -> Result<ExitCode, String> {
    let hubs: Vec<Row> = sqlx::query_as(
        "SELECT hub_id, tenant_id, outlet_id, revoked_at IS NULL,
                to_char(last_seen_at AT TIME ZONE 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), software, claimed_as
         FROM hubs ORDER BY tenant_id, outlet_id, claimed_at",
    )
    .fetch_all(&db.ingest)
    .await
    .map_err(|error| said(&error))?;
    for (hub, tenant, outlet, is_good, seen, software, claimed_as) in hubs {
        let state = if is_good { "active" } else { "revoked" };
        let seen = seen.unwrap_or_else(|| "never".to_owned());
        println!("{hub} {tenant} {outlet} {state} {seen} {software:?} {claimed_as:?}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Revokes a hub's credential: at once, also where it is connected.
pub async fn revoke(db: Db, hub: Uuid) -> Result<ExitCode, String> {
    // Whoever operates the relay names a box and not its chain.
    let tenant: Option<(Uuid,)> = sqlx::query_as("SELECT tenant_id FROM hubs WHERE hub_id = $1")
        .bind(hub)
        .fetch_optional(&db.ingest)
        .await
        .map_err(|error| said(&error))?;
    let (tenant,) = tenant.ok_or_else(|| format!("there is no hub {hub}"))?;
    revoked::revoke(&db.ingest, tenant, hub).await.map_err(|error| said(&error))?;
    println!("{hub} revoked");
    Ok(ExitCode::SUCCESS)
}
