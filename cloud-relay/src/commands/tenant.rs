//! `cloud-relay tenant add` and `tenant list`

use std::process::ExitCode;

use uuid::Uuid;

use super::said;
use crate::db::Db;

/// Makes a tenant: a chain. Says its id and its name.
pub async fn add(db: Db, name: &str) -> Result<ExitCode, String> {
    let (tenant, name) = (Uuid::now_v7(), super::name(name)?);
    sqlx::query("INSERT INTO tenants (tenant_id, name) VALUES ($1, $2)")
        .bind(tenant)
        .bind(&name)
        .execute(&db.ingest)
        .await
        .map_err(|error| said(&error))?;
    println!("{tenant} {name}");
    Ok(ExitCode::SUCCESS)
}

/// Says every tenant: id and name.
pub async fn list(db: Db) -> Result<ExitCode, String> {
    let tenants: Vec<(Uuid, String)> =
        sqlx::query_as("SELECT tenant_id, name FROM tenants ORDER BY created_at")
            .fetch_all(&db.ingest)
            .await
            .map_err(|error| said(&error))?;
    for (tenant, name) in tenants {
        println!("{tenant} {name}");
    }
    Ok(ExitCode::SUCCESS)
}
