//! `/healthz` (the process answers), `/readyz` (ledgers are taken), `/metrics` (Prometheus): the last for this machine, unless the
//! configuration says otherwise.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::{Value, json};

use crate::api::Peer;
use crate::db::{Db, migrations};
use crate::ingest::Ingest;

/// How long the database may take to say that it is there.
const READY_WITHIN: Duration = Duration::from_secs(3);

/// What the health routes look at.
#[derive(Debug, Clone)]
pub struct Health {
    /// The database.
    pub db: Db,
    /// How ledgers come in.
    pub ingest: Arc<Ingest>,
    /// Turns true when the node stops.
    pub draining: Arc<AtomicBool>,
    /// What is counted.
    pub metrics: Option<PrometheusHandle>,
    /// Whether everybody may see it.
    pub metrics_for_all: bool,
}

/// Starts counting; call once in a process.
pub fn start_metrics() -> Option<PrometheusHandle> {
    let builder = PrometheusBuilder::new()
        .set_buckets(&[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0])
        .ok()?;
    let handle = builder.install_recorder().ok()?;
    metrics::describe_gauge!("cloud_relay_hubs_connected", "Hubs connected to this node");
    metrics::describe_gauge!("cloud_relay_connections", "Connections at this moment");
    metrics::describe_gauge!("cloud_relay_queued_bytes", "Records that wait for the database, in bytes");
    metrics::describe_counter!("cloud_relay_events_total", "Records committed");
    metrics::describe_counter!("cloud_relay_groups_total", "Transactions in which they were");
    metrics::describe_histogram!(
        "cloud_relay_commit_seconds",
        "How long such a transaction takes, with every retry"
    );
    metrics::describe_counter!("cloud_relay_commit_retries_total", "Transactions that were tried again");
    metrics::describe_counter!("cloud_relay_quarantined_total", "Records that could not be read");
    metrics::describe_counter!("cloud_relay_refused_total", "Connections that were ended with words");
    metrics::describe_counter!("cloud_relay_diverged_total", "Outlets that were stopped");
    Some(handle)
}

/// The three routes.
pub fn router(health: Health) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(render))
        .with_state(health)
}

/// Whether the database is there and of the version that this program needs; with words.
async fn readiness(health: &Health) -> (bool, Value) {
    if health.draining.load(Ordering::Relaxed) {
        return (false, json!({"ready": false, "code": "draining", "detail": "the node stops"}));
    }
    let refused =
        |code: &str, detail: String| (false, json!({"ready": false, "code": code, "detail": detail}));
    match tokio::time::timeout(READY_WITHIN, migrations::version(&health.db)).await {
        Ok(Ok(version)) if version >= migrations::newest() => {
            (true, json!({"ready": true, "schema": version}))
        }
        Ok(Ok(version)) => refused(
            "schema",
            format!("version {version} of {}: run `cloud-relay migrate`", migrations::newest()),
        ),
        Ok(Err(error)) => {
            log::warn!("readyz: {error}");
            refused("database", "the database does not answer".to_owned())
        }
        Err(_) => refused("database", "the database does not answer in time".to_owned()),
    }
}

async fn ready(State(health): State<Health>) -> Response {
    let (is_ready, body) = readiness(&health).await;
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(body)).into_response()
}

async fn render(
    State(health): State<Health>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Response {
    // A proxy on this machine asks for others.
    let is_forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    let is_here = peer.0.ip().to_canonical().is_loopback() && !is_forwarded;
    if !is_here && !health.metrics_for_all {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Some(metrics) = &health.metrics else { return StatusCode::NOT_FOUND.into_response() };
    let queued = health.ingest.options.queue_bytes_max as usize - health.ingest.room.available_permits();
    metrics::gauge!("cloud_relay_queued_bytes").set(queued as f64);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render()).into_response()
}
