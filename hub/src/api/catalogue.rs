//! What the four catalogue resources share. Each says what it is (`Resource`); its handlers are the table's rows and call
//! these.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use protocol::ids::Id;
use serde::Serialize;

use super::error::ApiError;
use super::extract::{Asker, Body};
use super::form::Form;
use super::{Hub, created, new_id};
use crate::ledger::command::{CatalogueCommand, Change, Command};
use crate::ledger::{Outcome, OutcomeKind};
use crate::views::Catalogue;

/// A kind of catalogue entry.
pub(super) trait Resource {
    /// Its fields as a client may set them.
    type Patch;
    /// Its shape in answers.
    type Out: Serialize;

    /// Reads fields. A whole entry must have the required ones; an update may leave any out.
    fn read(form: &mut Form, is_whole: bool) -> Self::Patch;
    /// The command that carries a change out.
    fn command(id: Id, change: Change<Self::Patch>) -> CatalogueCommand;
    /// The entry as it is.
    fn shape(catalogue: &Catalogue, id: Id) -> Option<Self::Out>;
}

/// Answers with one entry.
pub(super) fn detail<R: Resource>(hub: &Hub, id: Id) -> Result<Json<R::Out>, ApiError> {
    R::shape(&hub.ledger.state().catalogue, id).map(Json).ok_or_else(ApiError::not_found)
}

/// Makes an entry, under the client's id or a new one.
pub(super) async fn create<R: Resource>(hub: &Hub, asker: Asker, body: Body) -> Result<Response, ApiError> {
    let mut form = Form::new(body.json.clone())?;
    let given = form.id("id");
    let patch = R::read(&mut form, true);
    form.finish()?;
    let command = R::command(given.unwrap_or_else(new_id), Change::Create(patch));
    let outcome = send(hub, asker, &body, given, command).await?;
    answer::<R>(hub, &outcome, true)
}

/// Changes an entry: all of it, or the fields given.
pub(super) async fn update<R: Resource>(
    hub: &Hub,
    asker: Asker,
    id: Id,
    body: Body,
    is_whole: bool,
) -> Result<Response, ApiError> {
    let mut form = Form::new(body.json.clone())?;
    let patch = R::read(&mut form, is_whole);
    form.finish()?;
    let outcome = send(hub, asker, &body, None, R::command(id, Change::Update(patch))).await?;
    answer::<R>(hub, &outcome, false)
}

/// Takes an entry off the menu: 204.
pub(super) async fn remove<R: Resource>(hub: &Hub, asker: Asker, id: Id) -> Result<Response, ApiError> {
    let command = Command::Catalogue(R::command(id, Change::Remove));
    hub.ledger.call(asker.0.request(Vec::new(), command), 0).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn send(
    hub: &Hub,
    asker: Asker,
    body: &Body,
    given: Option<Id>,
    command: CatalogueCommand,
) -> Result<Outcome, ApiError> {
    let request = asker.0.request(body.keys(given), Command::Catalogue(command));
    Ok(hub.ledger.call(request, body.bytes).await?)
}

fn answer<R: Resource>(hub: &Hub, outcome: &Outcome, is_create: bool) -> Result<Response, ApiError> {
    let entry = R::shape(&hub.ledger.state().catalogue, outcome.subject).ok_or_else(ApiError::not_found)?;
    Ok(created(is_create && outcome.kind != OutcomeKind::Nothing, entry))
}

/// Orders rows by the fields asked for, else as they stand.
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
