//! Whom the outlet knows.

use protocol::event::{Event, GuestEvent};
use protocol::guest::{Guest, Sealed};
use protocol::ids::Id;

use super::{Decision, append};
use crate::ledger::command::{GuestCommand, Refusal};
use crate::views::State;

pub(super) fn decide(state: &State, command: &GuestCommand) -> Result<Decision, Refusal> {
    match command {
        GuestCommand::Create(id, sealed) => match state.guests.get(id) {
            None => Ok(put(*id, sealed)),
            Some(_) => Err(Refusal::conflict("exists", "There is a guest with this id.")),
        },
        GuestCommand::Change(id, sealed) => {
            let guest = known(state, *id)?;
            if guest.sealed.is_none() {
                return Err(Refusal::conflict("forgotten", "This guest was forgotten, for good."));
            }
            Ok(put(*id, sealed))
        }
        GuestCommand::Forget(id) => {
            if known(state, *id)?.sealed.is_none() {
                return Ok(Decision::Nothing { subject: *id });
            }
            Ok(append(vec![Event::Guest(GuestEvent::Forgotten(*id))], *id))
        }
    }
}

fn known(state: &State, id: Id) -> Result<&Guest, Refusal> {
    state.guests.get(&id).map(|guest| &**guest).ok_or(Refusal::NotFound("guest"))
}

fn put(id: Id, sealed: &Sealed) -> Decision {
    append(vec![Event::Guest(GuestEvent::Put { guest: id, sealed: sealed.clone() })], id)
}
