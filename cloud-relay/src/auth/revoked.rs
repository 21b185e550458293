//! Credentials that are revoked while their hub is connected: told at once, and looked at again and again, because what is told
//! can be missed.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::db::DbError;
use crate::ingest::Ingest;

/// The channel on which it is told: tenant and hub, with a slash between.
pub const CHANNEL: &str = "relay_revoked";
/// How often it is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// Pause while the database is not there.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Revokes a hub's credential; answers whether it was good until now.
pub async fn revoke(pool: &PgPool, tenant: Uuid, hub: Uuid) -> Result<bool, DbError> {
    let mut transaction = pool.begin().await?;
    let done = sqlx::query(
        "UPDATE hubs SET revoked_at = now() WHERE tenant_id = $1 AND hub_id = $2 AND revoked_at IS NULL",
    )
    .bind(tenant)
    .bind(hub)
    .execute(&mut *transaction)
    .await?;
    sqlx::query("SELECT pg_notify($1, $2)")
        .bind(CHANNEL)
        .bind(format!("{tenant}/{hub}"))
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(done.rows_affected() > 0)
}

/// Watches for as long as the node runs.
pub async fn watch(ingest: Arc<Ingest>) {
    loop {
        if let Err(error) = listen(&ingest).await {
            log::warn!("revoked credentials are not heard of: {error}");
        }
        sleep(AGAIN_AFTER).await;
    }
}

async fn listen(ingest: &Ingest) -> Result<(), DbError> {
    let mut listener = PgListener::connect_with(&ingest.pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        look(ingest).await?;
        // None where the connection was lost: what was told meanwhile is missed, so it is looked at.
        while let Ok(told) = timeout(LOOK_EVERY, listener.try_recv()).await {
            let Some(told) = told? else { break };
            let ids = told.payload().split_once('/').map(|(one, other)| (one.parse(), other.parse()));
            if let Some((Ok(tenant), Ok(hub))) = ids {
                ingest.registry.revoke(tenant, hub);
            }
        }
    }
}

/// Looks which of the connected are revoked, and writes down that the others were seen.
async fn look(ingest: &Ingest) -> Result<(), DbError> {
    let (tenants, hubs) = ingest.registry.connected();
    if hubs.is_empty() {
        return Ok(());
    }
    let revoked: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "WITH connected AS (SELECT * FROM UNNEST($1::uuid[], $2::uuid[]) AS c (tenant_id, hub_id)),
         seen AS (
             UPDATE hubs h SET last_seen_at = now() FROM connected c
             WHERE h.tenant_id = c.tenant_id AND h.hub_id = c.hub_id
                 AND h.revoked_at IS NULL AND h.last_seen_at < now() - interval '1 minute'
         )
         SELECT h.tenant_id, h.hub_id FROM hubs h, connected c
         WHERE h.tenant_id = c.tenant_id AND h.hub_id = c.hub_id AND h.revoked_at IS NOT NULL",
    )
    .bind(tenants)
    .bind(hubs)
    .fetch_all(&ingest.pool)
    .await?;
    for (tenant, hub) in revoked {
        ingest.registry.revoke(tenant, hub);
    }
    Ok(())
}
