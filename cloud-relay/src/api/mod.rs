//! What the relay answers over HTTP.

pub mod claim;
pub mod error;
pub mod rate;
pub mod uplink;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::{get, post};
use protocol::frame::UPLINK_PATH;

use crate::config::{Claim, Http};
use crate::ingest::Ingest;
use rate::Rate;

/// Largest body that is read.
const BODY_BYTES_MAX: usize = 16 << 10;

/// Who is at the other end of a request's connection; in the extensions of every request.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// What the routes share.
#[derive(Debug, Clone)]
pub struct Shared {
    /// How ledgers come in.
    pub ingest: Arc<Ingest>,
    /// Attempts to exchange a code.
    pub attempts: Arc<Rate>,
    /// Whether a proxy says who asks.
    pub behind_proxy: bool,
}

impl Shared {
    /// What the routes share, with these settings.
    #[must_use]
    pub fn new(ingest: &Arc<Ingest>, http: &Http, claim: Claim) -> Self {
        Self {
            ingest: Arc::clone(ingest),
            attempts: Arc::new(Rate::new(claim.attempts_per_minute)),
            behind_proxy: http.behind_proxy,
        }
    }
}

/// The routes for hubs.
pub fn router(shared: Shared) -> Router {
    Router::new()
        .route("/api/hubs/claim/", post(claim::claim))
        .route(UPLINK_PATH, get(uplink::upgrade))
        .fallback(|| async { error::ApiError::NotFound })
        .layer(axum::extract::DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(shared)
}

/// The address of whoever asks. A proxy puts it behind what it was told, so that the last is the one to be believed.
#[must_use]
pub fn asked_by(peer: Peer, headers: &HeaderMap, behind_proxy: bool) -> std::net::IpAddr {
    let told = headers.get_all("x-forwarded-for").iter().next_back();
    let told = told.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    told.filter(|_| behind_proxy).unwrap_or(peer.0.ip()).to_canonical()
}
