//! `POST /api/hubs/claim/`: a code for a credential.

use std::time::Instant;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use protocol::frame::UPLINK_PATH;
use serde::Deserialize;
use serde_json::json;

use super::error::ApiError;
use super::{Peer, Shared, asked_by};
use crate::auth::claim_code::{ClaimCode, Claimed};

#[derive(Debug, Deserialize)]
struct Asked {
    code: String,
    #[serde(default)]
    software: String,
    outlet: Option<AskedOutlet>,
}

/// What the hub calls its outlet: shown to whoever looks which box has claimed.
#[derive(Debug, Deserialize)]
struct AskedOutlet {
    #[serde(default)]
    name: String,
    number: u32,
}

/// Exchanges a code.
pub async fn claim(
    State(shared): State<Shared>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let address = asked_by(peer, &headers, shared.behind_proxy);
    if let Err(wait) = shared.attempts.attempt(address, Instant::now()) {
        return Err(ApiError::TooMany(wait.as_secs() + 1));
    }
    let asked: Asked = serde_json::from_slice(&body).map_err(|error| ApiError::Body(error.to_string()))?;
    let refused = || ApiError::Field("code", "The code is wrong, used or expired.".to_owned());
    let code = ClaimCode::parse(&asked.code).ok_or_else(refused)?;
    let called = asked.outlet.map(|outlet| format!("{} {}", outlet.number, outlet.name)).unwrap_or_default();
    let claimed = code.exchange(&shared.ingest.pool, &short(&asked.software), &short(&called)).await?;
    let Claimed { credential, outlet } = claimed.ok_or_else(refused)?;
    log::info!(
        "tenant.id" = credential.tenant.to_string().as_str(),
        "outlet.id" = outlet.to_string().as_str(),
        "hub.id" = credential.hub.to_string().as_str();
        "a hub has claimed"
    );
    let answer = json!({
        "tenant_id": credential.tenant,
        "outlet_id": outlet,
        "hub_id": credential.hub,
        "secret": credential.secret(),
        "uplink_path": UPLINK_PATH,
    });
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// A line of a sensible length: the database takes no zero bytes, and a list no line breaks.
fn short(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(100).collect()
}
