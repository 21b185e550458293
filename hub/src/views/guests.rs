//! Whom the outlet knows: guests, as far as the records tell. What is personal stays encrypted here (`crate::guests`).

use std::collections::HashMap;
use std::sync::Arc;

use protocol::event::GuestEvent;
use protocol::guest::Guest;
use protocol::ids::Id;

/// Folds an event; answers the id of what it changed.
pub(super) fn apply(guests: &mut HashMap<Id, Arc<Guest>>, at_ms: i64, event: &GuestEvent) -> Id {
    match event {
        GuestEvent::Put { guest: id, sealed } => {
            let created_ms = guests.get(id).map_or(at_ms, |before| before.created_ms);
            let guest = Guest { id: *id, sealed: Some(sealed.clone()), created_ms, updated_ms: at_ms };
            guests.insert(*id, Arc::new(guest));
            *id
        }
        GuestEvent::Forgotten(id) => {
            // That there was somebody stays: nobody else may come under this id.
            if let Some(guest) = guests.get_mut(id) {
                *guest = Arc::new(Guest { sealed: None, updated_ms: at_ms, ..(**guest).clone() });
            }
            *id
        }
    }
}
