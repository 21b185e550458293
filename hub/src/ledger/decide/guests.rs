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

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::guest::NONCE_BYTES;
    use std::sync::Arc;

    fn refusal(state: &State, command: &GuestCommand) -> String {
        decide(state, command).unwrap_err().to_string()
    }

    #[test]
    fn who_was_forgotten_is_never_written_down_again() {
        let id = Id::from_u128(1);
        let sealed = Sealed { nonce: [1; NONCE_BYTES], bytes: vec![1] };
        let mut state = State::default();
        for command in [GuestCommand::Change(id, sealed.clone()), GuestCommand::Forget(id)] {
            assert_eq!(decide(&state, &command), Err(Refusal::NotFound("guest")));
        }
        assert_eq!(decide(&state, &GuestCommand::Create(id, sealed.clone())), Ok(put(id, &sealed)));
        let mut know = |sealed| {
            let guest = Guest { id, sealed, created_ms: 1, updated_ms: 1 };
            state.guests.insert(id, Arc::new(guest));
            state.clone()
        };
        let known = know(Some(sealed.clone()));
        assert_eq!(decide(&known, &GuestCommand::Change(id, sealed.clone())), Ok(put(id, &sealed)));
        let forgotten = append(vec![Event::Guest(GuestEvent::Forgotten(id))], id);
        assert_eq!(decide(&known, &GuestCommand::Forget(id)), Ok(forgotten));
        assert!(refusal(&known, &GuestCommand::Create(id, sealed.clone())).contains("There is"));
        let gone = know(None);
        assert!(refusal(&gone, &GuestCommand::Create(id, sealed.clone())).contains("There is"));
        assert!(refusal(&gone, &GuestCommand::Change(id, sealed)).contains("forgotten"));
        assert_eq!(decide(&gone, &GuestCommand::Forget(id)), Ok(Decision::Nothing { subject: id }));
    }
}
