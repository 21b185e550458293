//! `cloud-relay claim-code`

use std::process::ExitCode;

use uuid::Uuid;

use super::said;
use crate::auth::claim_code::ClaimCode;
use crate::db::Db;

/// Makes a code for an outlet. Says it, and until when it is good.
pub async fn run(db: Db, tenant: Uuid, outlet: Uuid, minutes: u32) -> Result<ExitCode, String> {
    let code = ClaimCode::new().map_err(|error| error.to_string())?;
    let (until,): (String,) = sqlx::query_as(
        "INSERT INTO claim_codes (code_hash, tenant_id, outlet_id, expires_at)
         VALUES ($1, $2, $3, now() + make_interval(mins => $4))
         RETURNING to_char(expires_at AT TIME ZONE 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
    )
    .bind(&code.hash()[..])
    .bind(tenant)
    .bind(outlet)
    .bind(minutes.cast_signed())
    .fetch_one(&db.ingest)
    .await
    .map_err(|error| said(&error))?;
    println!("{code} {until}");
    Ok(ExitCode::SUCCESS)
}
