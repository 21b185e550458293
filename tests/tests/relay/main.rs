//! **What a hub has sent and the relay has acknowledged is in `PostgreSQL`, once, in its chain, and nobody else's to see.**
//!
//! The real relay on a real database, driven by a client that speaks the frames.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod batches;
mod claim;
mod epochs;
mod faults;
mod groups;
mod operation;
mod tenants;

use relay_tests::*;

/// What the tests of this folder share.
mod relay_tests {
    use sqlx::PgPool;
    use tests::relay::Claimed;
    use uuid::Uuid;

    /// Epoch and number of each stored record, in order.
    pub(crate) async fn stored(pool: &PgPool, hub: &Claimed) -> Vec<(i64, i64)> {
        let rows = sqlx::query_as(
            "SELECT epoch, seq FROM events WHERE tenant_id = $1 AND outlet_id = $2 ORDER BY epoch, seq",
        );
        rows.bind(hub.tenant).bind(hub.outlet).fetch_all(pool).await.unwrap()
    }

    /// Records of one epoch from 1 to `last`, each once.
    pub(crate) fn whole(epoch: i64, last: i64) -> Vec<(i64, i64)> {
        (1..=last).map(|seq| (epoch, seq)).collect()
    }

    /// The open alerts of an outlet: kind and detail.
    pub(crate) async fn alerts(pool: &PgPool, hub: &Claimed) -> Vec<(String, serde_json::Value)> {
        let rows = sqlx::query_as(
            "SELECT kind, detail FROM alerts WHERE tenant_id = $1 AND outlet_id = $2 AND closed_at IS NULL ORDER BY at",
        );
        rows.bind(hub.tenant).bind(hub.outlet).fetch_all(pool).await.unwrap()
    }

    /// What the command line is told of an outlet.
    pub(crate) fn named(tenant: Uuid, outlet: Uuid) -> [String; 4] {
        ["--tenant".to_owned(), tenant.to_string(), "--outlet".to_owned(), outlet.to_string()]
    }
}
