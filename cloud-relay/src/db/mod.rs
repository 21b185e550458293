//! The database: two pools, what its errors mean, and the days that are made ahead.
//!
//! **Roles.** Whoever the address names owns the tables: it migrates and makes days, and nothing else is done as it. Everything
//! that serves hubs runs as `relay_ingest`, which may neither delete nor change the schema.

pub mod days;
pub mod migrations;
#[cfg(test)]
mod rules_tests;

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Executor as _, PgPool};

/// How long a connection may be waited for; a hub that asks then is told to come again.
const ACQUIRE_WITHIN: Duration = Duration::from_secs(5);
/// How long a statement may take. One that hangs holds up every hub of the node.
const STATEMENT_WITHIN_MS: &str = "30000";

/// What goes wrong with the database.
pub type DbError = sqlx::Error;

/// Connections, by what they may do.
#[derive(Debug, Clone)]
pub struct Db {
    /// Owns the tables.
    pub owner: PgPool,
    /// Serves hubs.
    pub ingest: PgPool,
}

impl Db {
    /// Pools on an address such as `postgres://user:password@host/name`. Nothing is connected yet.
    pub fn open(url: &str, connections_max: u32) -> Result<Self, DbError> {
        let options = PgConnectOptions::from_str(url)?.application_name("cloud-relay");
        let owner = pool(1).connect_lazy_with(options.clone());
        let ingest = pool(connections_max)
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute("SET ROLE relay_ingest").await.map(drop) })
            })
            .connect_lazy_with(options.options([("statement_timeout", STATEMENT_WITHIN_MS)]));
        Ok(Self { owner, ingest })
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.ingest.close().await;
        self.owner.close().await;
    }
}

fn pool(connections_max: u32) -> PgPoolOptions {
    PgPoolOptions::new().max_connections(connections_max).acquire_timeout(ACQUIRE_WITHIN)
}

/// Whether the same may go well later: the connection is gone, the server stops or starts, or somebody else was first.
#[must_use]
pub fn is_transient(error: &DbError) -> bool {
    match error {
        DbError::Io(_)
        | DbError::Tls(_)
        | DbError::Protocol(_)
        | DbError::PoolTimedOut
        | DbError::WorkerCrashed => true,
        DbError::Database(error) => error.code().is_some_and(|code| {
            let class = code.get(..2).unwrap_or_default();
            // Connection, resources, the operator; a deadlock or a transaction that lost.
            matches!(class, "08" | "53" | "57" | "58") || matches!(&*code, "40001" | "40P01" | "25006")
        }),
        _ => false,
    }
}
