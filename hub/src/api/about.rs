//! `/api/hub/`: what a stranger may know, enough to find the way in.

use std::net::IpAddr;

use axum::extract::State;
use axum::{Extension, Json};
use protocol::api::HubOut;

use super::Hub;
use crate::discovery;
use crate::server::Peer;

/// What does not change while the hub runs.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Whether this is the demo's restaurant.
    pub is_demo: bool,
    /// Port of the plain pages.
    pub http_port: u16,
    /// Port of the encrypted pages.
    pub https_port: Option<u16>,
    /// `<name>.local`, where it is announced.
    pub host_name: Option<String>,
    /// SHA-256 of the certificate to be trusted.
    pub ca_sha256: Option<String>,
}

/// This hub, as anybody may see it.
#[utoipa::path(get, path = "/api/hub/", tag = "hub", responses((status = 200, body = HubOut)))]
pub(super) async fn about(State(hub): State<Hub>, peer: Option<Extension<Peer>>) -> Json<HubOut> {
    let outlet = hub.ledger.state().outlet.clone();
    let peer = peer.map(|Extension(peer)| peer);
    let addresses = discovery::addresses().into_iter().filter(IpAddr::is_ipv4);
    let About { is_demo, http_port, https_port, host_name, ca_sha256 } = (*hub.about).clone();
    Json(HubOut {
        name: outlet.as_ref().map(|outlet| outlet.name.clone()),
        outlet_number: outlet.as_ref().map(|outlet| outlet.number),
        has_owner: hub.ledger.state().staff.has_owner(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        is_demo,
        is_secure: peer.is_some_and(|peer| peer.is_secure()),
        needs_secure: !hub.gate.is_safe(peer.as_ref()),
        http_port,
        https_port,
        host_name,
        addresses: addresses.map(|address| address.to_string()).collect(),
        ca_sha256,
    })
}
