//! `/healthz` (the process answers), `/readyz` (it takes sales), `/metrics` (Prometheus): the first two for anyone, the last, which
//! tells how much is sold, for this machine and for whoever may see reports.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use protocol::staff::Permission;
use serde_json::json;

use crate::api::audience;
use crate::api::error::ApiError;
use crate::auth::Gate;
use crate::ledger::{Ledger, Status};
use crate::server::Peer;

/// What the health routes look at.
#[derive(Debug, Clone)]
struct Health {
    gate: Gate,
    metrics: Option<PrometheusHandle>,
}

/// Starts counting; call once in a process.
pub fn start_metrics() -> Option<PrometheusHandle> {
    let builder = PrometheusBuilder::new()
        .set_buckets(&[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0])
        .ok()?;
    let handle = builder.install_recorder().ok()?;
    metrics::describe_counter!("outlet_hub_orders_total", "Orders placed since the start");
    metrics::describe_histogram!("outlet_hub_order_seconds", "From an order's arrival to its barrier");
    metrics::describe_counter!("outlet_hub_live_lagging_total", "Screens disconnected because they lagged");
    metrics::describe_gauge!("outlet_hub_ledger_seq", "The last record");
    metrics::describe_gauge!("outlet_hub_ledger_queued_bytes", "What waits for the ledger's writer");
    metrics::describe_gauge!("outlet_hub_ledger_writable", "1 while the ledger takes writes");
    metrics::describe_gauge!("outlet_hub_orders_hot", "Orders in memory");
    metrics::describe_gauge!("outlet_hub_connections", "Connections at this moment, on every port");
    metrics::describe_counter!(
        "outlet_hub_connections_refused_total",
        "Connections closed: there were too many"
    );
    metrics::describe_gauge!(
        "outlet_hub_certificate_expires_seconds",
        "When the certificate of HTTPS ends, in seconds since 1970"
    );
    Some(handle)
}

/// The three routes.
pub fn router(gate: Gate, metrics: Option<PrometheusHandle>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(render))
        .with_state(Health { gate, metrics })
}

/// The state of the ledger in words, and whether sales are taken.
pub fn readiness(ledger: &Ledger) -> (bool, serde_json::Value) {
    let seq = ledger.state().cursor.seq;
    match ledger.status() {
        Status::Writable => (true, json!({"ready": true, "ledger_seq": seq})),
        Status::Trouble(trouble) => {
            (false, json!({"ready": false, "ledger_seq": seq, "code": "storage", "detail": trouble.detail}))
        }
        Status::Damaged(damage) => {
            let detail = damage.to_string();
            (false, json!({"ready": false, "ledger_seq": seq, "code": "ledger_damaged", "detail": detail}))
        }
    }
}

async fn ready(State(health): State<Health>) -> Response {
    let (is_ready, body) = readiness(&health.gate.ledger);
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(body)).into_response()
}

async fn render(State(health): State<Health>, request: Request) -> Response {
    if let Err(error) = may_see(&health.gate, &request) {
        return error.into_response();
    }
    let Some(metrics) = &health.metrics else { return StatusCode::NOT_FOUND.into_response() };
    let ledger = &health.gate.ledger;
    let (seq, hot) = {
        let state = ledger.state();
        (state.cursor.seq, state.orders.len())
    };
    metrics::gauge!("outlet_hub_ledger_seq").set(seq as f64);
    metrics::gauge!("outlet_hub_orders_hot").set(hot as f64);
    metrics::gauge!("outlet_hub_ledger_queued_bytes").set(ledger.queued_bytes() as f64);
    let is_writable = ledger.status() == Status::Writable;
    metrics::gauge!("outlet_hub_ledger_writable").set(if is_writable { 1.0 } else { 0.0 });
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render()).into_response()
}

fn may_see(gate: &Gate, request: &Request) -> Result<(), ApiError> {
    let peer = request.extensions().get::<Peer>();
    if peer.is_some_and(|peer| peer.address.ip().to_canonical().is_loopback()) {
        return Ok(());
    }
    let shown = audience::shown(request.headers())?;
    Ok(gate.who(peer, shown)?.require(Permission::SeeReports)?)
}
