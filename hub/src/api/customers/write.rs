//! How guests are written down, changed and forgotten: each to its end, one at a time.

use std::io;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use protocol::catalogue::NAME_CHARS_MAX;
use protocol::guest::{EMAIL_CHARS_MAX, NOTES_CHARS_MAX, PHONE_CHARS_MAX, Profile};
use protocol::ids::Id;

use super::super::beside::{beside, to_the_end};
use super::super::error::ApiError;
use super::super::extract::{Asker, Body};
use super::super::form::Form;
use super::super::{Hub, created};
use super::out;
use crate::ledger::command::{Command, GuestCommand};
use crate::ledger::{LedgerError, OutcomeKind, StorageTrouble};

/// What a request says of a guest; what is `None` stays.
#[derive(Default)]
pub(super) struct Fields {
    name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    notes: Option<String>,
}

impl Fields {
    /// All of them, where the guest is made or replaced, or those that are given.
    pub(super) fn read(form: &mut Form, is_whole: bool) -> Self {
        let name = form.name("name", NAME_CHARS_MAX);
        if is_whole {
            form.required("name", name.as_ref());
        }
        let email = form.text("email", EMAIL_CHARS_MAX).map(|email| email.trim().to_owned());
        if email.as_ref().is_some_and(|email| !email.is_empty() && !is_email(email)) {
            form.error("email", "Enter a valid email address.");
        }
        let phone = form.text("phone", PHONE_CHARS_MAX).map(|phone| phone.trim().to_owned());
        let notes = form.text("notes", NOTES_CHARS_MAX);
        if !is_whole {
            return Self { name, phone, email, notes };
        }
        let told = |text: Option<String>| Some(text.unwrap_or_default());
        Self { name, phone: told(phone), email: told(email), notes: told(notes) }
    }

    fn over(self, before: Profile) -> Profile {
        Profile {
            name: self.name.unwrap_or(before.name),
            phone: self.phone.unwrap_or(before.phone),
            email: self.email.unwrap_or(before.email),
            notes: self.notes.unwrap_or(before.notes),
        }
    }
}

/// Whether it looks like one; whether it is one, only a letter to it would tell.
fn is_email(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    let is_clean = !text.chars().any(|character| character.is_whitespace() || character.is_control());
    is_clean && parts.is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !user.contains('@'))
}

/// Writes a guest down as the request says.
pub(super) async fn write(
    hub: Hub,
    asker: Asker,
    body: &Body,
    given: Option<Id>,
    id: Id,
    fields: Fields,
    is_new: bool,
) -> Result<Response, ApiError> {
    let (mut keys, bytes) = (body.keys(given), body.bytes);
    to_the_end(async move {
        let _turn = hub.guests.turn.lock().await;
        let guest = hub.ledger.state().guests.get(&id).cloned();
        let before = match guest {
            // Without their key they are forgotten: nobody may be written down in their place.
            Some(guest) => (*hub.guests.profile(&guest).ok_or_else(gone)?).clone(),
            None if is_new => Profile::default(),
            None => return Err(ApiError::not_found()),
        };
        let profile = fields.over(before.clone());
        if !is_new && profile == before {
            return Ok(created(false, out(&hub, id)?));
        }
        let guests = Arc::clone(&hub.guests);
        let sealing = beside(move || {
            let sealed = guests.seal(id, &profile, &mut keys).map_err(|error| refused(&error))?;
            Ok((sealed, keys))
        });
        let (sealed, keys) = sealing.await?;
        let command =
            if is_new { GuestCommand::Create(id, sealed) } else { GuestCommand::Change(id, sealed) };
        let outcome = hub.ledger.call(asker.0.request(keys, Command::Guest(command)), bytes).await?;
        Ok(created(is_new && outcome.kind != OutcomeKind::Nothing, out(&hub, outcome.subject)?))
    })
    .await
}

/// Forgets a guest: on record, and then their key.
pub(super) async fn end(hub: Hub, asker: Asker, id: Id) -> Result<(), ApiError> {
    to_the_end(async move {
        let _turn = hub.guests.turn.lock().await;
        let command = Command::Guest(GuestCommand::Forget(id));
        hub.ledger.call(asker.0.request(Vec::new(), command), 0).await?;
        // Where an earlier request was cut off here, this one goes on.
        let guests = Arc::clone(&hub.guests);
        beside(move || {
            guests.destroy(id).map_err(|error| {
                log::error!("guest: the key is still there guest.id={id}: {error}");
                let detail = "The guest was forgotten, but the hub's disk still holds their key: ask again, or start the hub again.";
                ApiError::Plain(StatusCode::SERVICE_UNAVAILABLE, "key_not_destroyed", detail.to_owned())
            })
        })
        .await?;
        log::info!("guest: forgotten guest.id={id}");
        Ok(())
    })
    .await
}

fn refused(error: &io::Error) -> ApiError {
    LedgerError::Storage(StorageTrouble::of(error)).into()
}

pub(super) fn gone() -> ApiError {
    let detail = "This guest was forgotten, for good.".to_owned();
    ApiError::Plain(StatusCode::GONE, "forgotten", detail)
}
