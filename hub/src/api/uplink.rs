//! `/api/hub/uplink/`: whether head office has what this hub has.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::Hub;
use super::extract::Asker;
use crate::uplink::{State as LinkState, Status, Trouble};

/// The uplink.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Uplink)]
pub(super) struct UplinkOut {
    /// `unclaimed`: this hub stands alone. `connecting`: it is tried again. `connected`. `stopped`: head office does not want this hub any
    /// more.
    state: &'static str,
    /// The relay's address.
    relay: Option<String>,
    /// The ledger's last record.
    head_seq: u64,
    /// The last record that the relay is known to have.
    have_seq: Option<u64>,
    /// Records that the relay is not known to have.
    unsent: Option<u64>,
    /// Why records do not go up.
    trouble: Option<TroubleOut>,
    /// Records that the relay has set aside, the latest of them: they are kept there, and count in no figure.
    quarantined: Vec<QuarantinedOut>,
}

/// Why records do not go up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UplinkTrouble)]
struct TroubleOut {
    /// For programs.
    code: &'static str,
    /// In words.
    detail: String,
}

/// A record that the relay has set aside.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UplinkQuarantined)]
struct QuarantinedOut {
    /// Which.
    seq: u64,
    /// Why.
    detail: String,
}

const fn code(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Unreachable(_) => "unreachable",
        Trouble::Unreadable(_) => "ledger_unreadable",
        Trouble::Fenced(_) => "fenced",
        Trouble::Diverged(_) => "diverged",
        Trouble::Behind(_) => "behind",
        Trouble::OtherOutlet => "other_outlet",
        Trouble::Revoked => "revoked",
        Trouble::Version(_) => "version",
        Trouble::Malformed(_) => "malformed",
    }
}

impl From<Status> for UplinkOut {
    fn from(status: Status) -> Self {
        let state = match status.state {
            LinkState::Unclaimed => "unclaimed",
            LinkState::Connecting => "connecting",
            LinkState::Connected => "connected",
            LinkState::Stopped => "stopped",
        };
        let trouble = |trouble: &Trouble| TroubleOut { code: code(trouble), detail: trouble.to_string() };
        let quarantined = status.quarantined.into_iter();
        Self {
            state,
            relay: status.relay,
            head_seq: status.head_seq,
            have_seq: status.have_seq,
            unsent: status.have_seq.map(|have| status.head_seq.saturating_sub(have)),
            trouble: status.trouble.as_ref().map(trouble),
            quarantined: quarantined.map(|one| QuarantinedOut { seq: one.seq, detail: one.why }).collect(),
        }
    }
}

/// Whether head office has what this hub has.
#[utoipa::path(get, path = "/api/hub/uplink/", tag = "hub", responses((status = 200, body = UplinkOut)))]
pub(super) async fn detail(State(hub): State<Hub>, _asker: Asker) -> Json<UplinkOut> {
    let status = hub.uplink.borrow().clone();
    // An uplink that waits for a claim does not follow the ledger.
    let head_seq = hub.ledger.state().cursor.seq;
    Json(Status { head_seq, ..status }.into())
}
