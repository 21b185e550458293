//! Who may say what on a live connection: one table of every event, and the one place where it is enforced.

use protocol::event::Actor;
use protocol::staff::Permission as P;
use rmpv::Value;
use socketioxide::extract::SocketRef;

use crate::api::error::ApiError;
use crate::auth::gate::{Holder, Shown};
use crate::auth::{Denied, Gate, Who};
use crate::server::Peer;

/// The events that clients may send, beside `identify`, which changes nothing.
pub const EVENTS: [&str; 5] =
    ["subscribe_outlet", "new_order", "update_status", "complete_order", "cancel_order"];

/// What an event asks for; none for one that is nobody's.
#[must_use]
pub fn audience(event: &str) -> Option<P> {
    Some(match event {
        "subscribe_outlet" => P::SeeOrders,
        "new_order" => P::Sell,
        "update_status" | "complete_order" => P::Cook,
        "cancel_order" => P::Void,
        _ => return None,
    })
}

/// Who may use an event, as the ledger names them.
#[derive(Debug, Clone)]
pub(super) enum Sender {
    /// A person or a paired device.
    Known(Box<Who>),
    /// A client that was never paired, where the configuration lets those in.
    Unpaired,
}

impl Sender {
    /// What they ask of the ledger.
    pub(super) fn request(
        &self,
        keys: Vec<protocol::event::Key>,
        command: crate::ledger::command::Command,
    ) -> crate::ledger::command::Request {
        match self {
            Self::Known(who) => who.request(keys, command),
            Self::Unpaired => crate::ledger::command::Request::of(Actor::lan("socket"), keys, command),
        }
    }
}

/// A refusal, as a detail and a code.
pub(super) type Words = (String, &'static str);

/// Reads what a client shows as it connects, as `auth: {device, token}`; with neither it is nobody.
pub(super) fn holder(gate: &Gate, socket: &SocketRef, auth: &Value) -> Result<Holder, Words> {
    let text = |name: &str| {
        let fields = auth.as_map()?;
        fields.iter().find(|(key, _)| key.as_str() == Some(name)).and_then(|(_, value)| value.as_str())
    };
    let shown = Shown { token: text("token"), device_key: text("device") };
    let peer = socket.req_parts().extensions.get::<Peer>().copied();
    let who = gate.who(peer.as_ref(), shown).map_err(words)?;
    let device = who.device.as_ref().map(|device| device.id);
    Ok(Holder { session: who.session, device, is_safe: who.is_safe })
}

/// Whether the client of a socket may use an event now.
pub(super) fn admit(
    gate: &Gate,
    socket: &SocketRef,
    event: &str,
    allow_unpaired: bool,
) -> Result<Sender, Words> {
    let permission = audience(event).ok_or_else(|| words(Denied::Forbidden))?;
    let holder = holder_of(socket);
    if holder.session.is_none() && holder.device.is_none() {
        return if allow_unpaired { Ok(Sender::Unpaired) } else { Err(not_paired()) };
    }
    let who = gate.still(&holder).map_err(words)?;
    who.require(permission).map_err(|denied| {
        gate.record_refusal(&who, event);
        words(denied)
    })?;
    Ok(Sender::Known(Box::new(who)))
}

/// Whether a screen that hears of orders still may; none of those who were never anybody lose anything.
pub(super) fn may_still_hear(gate: &Gate, socket: &SocketRef) -> Result<(), Words> {
    let holder = holder_of(socket);
    if holder.session.is_none() && holder.device.is_none() {
        return Ok(());
    }
    gate.still(&holder).and_then(|who| who.require(P::SeeOrders)).map_err(words)
}

/// Who a socket belongs to.
pub(super) fn holder_of(socket: &SocketRef) -> Holder {
    socket.extensions.get::<Holder>().unwrap_or_default()
}

fn not_paired() -> Words {
    let detail = "this device is not paired; pair it with a code from the manager's page, or let unpaired ones in with \
                  `socketio.allow_unpaired` in the hub's configuration";
    (detail.to_owned(), "not_paired")
}

fn words(denied: Denied) -> Words {
    ApiError::from(denied).words()
}
