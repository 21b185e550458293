//! What the four catalogue resources share: writing, and answering with the entry as it now is.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use protocol::ids::Id;
use serde::Serialize;

use super::error::ApiError;
use super::extract::{Asker, Body};
use super::form::Form;
use super::{Hub, created};
use crate::ledger::OutcomeKind;
use crate::ledger::command::{CatalogueCommand, Command, Request};
use crate::views::Catalogue;

/// Reads the entry's id from the body, or makes one. Answers whether the client made it.
pub(super) fn id_of(form: &mut Form) -> (Id, bool) {
    match form.id("id") {
        Some(id) => (id, true),
        None => (super::new_id(), false),
    }
}

/// Sends a command and answers with the entry, shaped by `shape`.
pub(super) async fn write<T: Serialize>(
    hub: &Hub,
    asker: Asker,
    body: &Body,
    id: Option<Id>,
    command: CatalogueCommand,
    shape: impl Fn(&Catalogue, Id) -> Option<T>,
) -> Result<Response, ApiError> {
    let is_create = creates(&command);
    let request = Request { actor: asker.0, keys: body.keys(id), command: Command::Catalogue(command) };
    let outcome = hub.ledger.call(request, body.bytes).await?;
    let entry = shape(&hub.ledger.state().catalogue, outcome.subject).ok_or_else(ApiError::not_found)?;
    Ok(created(is_create && outcome.kind != OutcomeKind::Nothing, entry))
}

fn creates(command: &CatalogueCommand) -> bool {
    use crate::ledger::command::Change::Create;
    matches!(
        command,
        CatalogueCommand::Category(_, Create(_))
            | CatalogueCommand::Group(_, Create(_))
            | CatalogueCommand::Modifier(_, Create(_))
            | CatalogueCommand::Product(_, Create(_))
    )
}

/// Takes an entry off the menu: 204.
pub(super) async fn remove(hub: &Hub, asker: Asker, command: CatalogueCommand) -> Result<Response, ApiError> {
    let request = Request { actor: asker.0, keys: Vec::new(), command: Command::Catalogue(command) };
    hub.ledger.call(request, 0).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Orders rows by the fields asked for, else as they stand on the menu.
pub(super) fn order_by<T>(
    rows: &mut [T],
    ordering: &[(&str, bool)],
    compare: impl Fn(&str, &T, &T) -> std::cmp::Ordering,
) {
    rows.sort_by(|one, other| {
        ordering
            .iter()
            .map(|(field, down)| {
                let order = compare(field, one, other);
                if *down { order.reverse() } else { order }
            })
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
}

/// A place on the menu.
pub(super) fn sort_order(form: &mut Form) -> Option<i32> {
    form.integer("sort_order", i64::from(i32::MIN), i64::from(i32::MAX)).map(|place| place as i32)
}
