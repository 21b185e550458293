//! `cloud-relay outlet add`, `outlet list` and `outlet resume`

use std::process::ExitCode;

use protocol::chain::Cursor;
use uuid::Uuid;

use super::said;
use crate::db::Db;

/// Makes an outlet of a tenant. Says its id, its number and its name.
pub async fn add(db: Db, tenant: Uuid, number: u32, name: &str) -> Result<ExitCode, String> {
    let (outlet, name) = (Uuid::now_v7(), super::name(name)?);
    let number = i32::try_from(number).map_err(|_| "the number is too large".to_owned())?;
    let start = Cursor::START;
    sqlx::query(
        "WITH made AS (
             INSERT INTO outlets (tenant_id, outlet_id, number, name) VALUES ($1, $2, $3, $4)
             RETURNING tenant_id, outlet_id
         )
         INSERT INTO cursors (tenant_id, outlet_id, epoch, seq, hash, from_seq, from_hash)
         SELECT tenant_id, outlet_id, $5, $6, $7, $6, $7 FROM made",
    )
    .bind(tenant)
    .bind(outlet)
    .bind(number)
    .bind(&name)
    .bind(i64::from(start.epoch))
    .bind(start.seq.cast_signed())
    .bind(&start.hash[..])
    .execute(&db.ingest)
    .await
    .map_err(|error| said(&error))?;
    println!("{outlet} {number} {name}");
    Ok(ExitCode::SUCCESS)
}

/// Says every outlet: id, tenant, number, state, epoch, last record, name.
pub async fn list(db: Db) -> Result<ExitCode, String> {
    let outlets: Vec<(Uuid, Uuid, i32, String, i64, i64, String)> = sqlx::query_as(
        "SELECT o.outlet_id, o.tenant_id, o.number, o.state, c.epoch, c.seq, o.name
         FROM outlets o JOIN cursors c ON c.tenant_id = o.tenant_id AND c.outlet_id = o.outlet_id
         ORDER BY o.tenant_id, o.number",
    )
    .fetch_all(&db.ingest)
    .await
    .map_err(|error| said(&error))?;
    for (outlet, tenant, number, state, epoch, seq, name) in outlets {
        println!("{outlet} {tenant} {number} {state} {epoch} {seq} {name}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Lets an outlet go on that was stopped because two ledgers differed, and closes the alert.
pub async fn resume(db: Db, tenant: Uuid, outlet: Uuid) -> Result<ExitCode, String> {
    let resumed: Option<(Uuid,)> = sqlx::query_as(
        "WITH resumed AS (
             UPDATE outlets SET state = 'active', stopped_why = NULL, stopped_seq = NULL, stopped_at = NULL
             WHERE tenant_id = $1 AND outlet_id = $2 AND state = 'stopped'
             RETURNING tenant_id, outlet_id
         ), closed AS (
             UPDATE alerts a SET closed_at = now() FROM resumed r
             WHERE a.tenant_id = r.tenant_id AND a.outlet_id = r.outlet_id
                 AND a.kind = 'diverged' AND a.closed_at IS NULL
         )
         SELECT outlet_id FROM resumed",
    )
    .bind(tenant)
    .bind(outlet)
    .fetch_optional(&db.ingest)
    .await
    .map_err(|error| said(&error))?;
    resumed.ok_or_else(|| "there is no such outlet that is stopped".to_owned())?;
    println!("{outlet} active");
    Ok(ExitCode::SUCCESS)
}
