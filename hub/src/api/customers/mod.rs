//! `/api/customers/`: guests whom the outlet knows by name, until it is asked to forget them.
//!
//! Reading them all decrypts them all after a start, and a key waits for the disk: both are done beside the thread that
//! answers.

mod write;

use std::cmp::Ordering;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use protocol::api::{CustomerExportOut, CustomerOut, OrderOut, Page};
use protocol::guest::{Guest, Profile};
use protocol::ids::{Id, derived_id};
use uuid::Uuid;

use self::write::{Fields, end, gone, write};
use super::beside::{beside, to_the_end};
use super::catalogue::order_by;
use super::error::ApiError;
use super::extract::{Asker, Body, PathId};
use super::form::Form;
use super::list::{Query, matches};
use super::requests::CustomerIn;
use super::{Hub, new_id};
use crate::hex::hex;

/// A guest, with what is known of them.
type Row = (Arc<Guest>, Option<Arc<Profile>>);

/// Guests, by name; those who were forgotten come last.
#[utoipa::path(get, path = "/api/customers/", tag = "customers",
    params(
        ("search" = Option<String>, Query, description = "Words to look for: name, phone, email."),
        ("is_active" = Option<bool>, Query, description = "Only those who are known, or who were forgotten."),
        ("ordering" = Option<String>, Query, description = "Fields to order by; `-` before one goes down."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<CustomerOut>), (status = 401), (status = 403)))]
pub(super) async fn list(
    State(hub): State<Hub>,
    _asker: Asker,
    query: Query,
) -> Result<Json<Page<CustomerOut>>, ApiError> {
    let page = beside(move || {
        let (words, is_active) = (query.search(), query.boolean("is_active")?);
        let guests: Vec<Arc<Guest>> = hub.ledger.state().guests.values().cloned().collect();
        let mut rows: Vec<Row> = guests
            .into_iter()
            .map(|guest| {
                let profile = hub.guests.profile(&guest);
                (guest, profile)
            })
            .filter(|(_, profile)| is_active.is_none_or(|is_active| profile.is_some() == is_active))
            .filter(|(_, profile)| {
                profile.as_ref().map_or(words.is_empty(), |profile| {
                    matches(&words, &[&profile.name, &profile.phone, &profile.email])
                })
            })
            .collect();
        rows.sort_by_cached_key(|(guest, profile)| {
            (profile.is_none(), profile.as_ref().map(|profile| profile.name.to_lowercase()), guest.id)
        });
        let fields = ["name", "phone", "email", "created_at", "updated_at"];
        order_by(&mut rows, &query.ordering(&fields), compare);
        let page = query.page(rows)?;
        let context = hub.context();
        let out = |(guest, profile): &Row| CustomerOut::of(guest, profile.as_deref(), &context);
        let results = page.results.iter().map(out).collect();
        Ok(Page { count: page.count, next: page.next, previous: page.previous, results })
    });
    Ok(Json(page.await?))
}

fn compare(field: &str, (one, my): &Row, (other, their): &Row) -> Ordering {
    let by = |text: fn(&Profile) -> &str| my.as_deref().map(text).cmp(&their.as_deref().map(text));
    match field {
        "name" => by(|profile| &profile.name),
        "phone" => by(|profile| &profile.phone),
        "email" => by(|profile| &profile.email),
        "created_at" => one.created_ms.cmp(&other.created_ms),
        "updated_at" => one.updated_ms.cmp(&other.updated_ms),
        _ => Ordering::Equal,
    }
}

/// A guest. Of one who was forgotten nothing is left but that there was one.
#[utoipa::path(get, path = "/api/customers/{id}/", tag = "customers", params(("id" = Uuid, Path)),
    responses((status = 200, body = CustomerOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn detail(
    State(hub): State<Hub>,
    _asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Json<CustomerOut>, ApiError> {
    Ok(Json(out(&hub, id)?))
}

/// Writes a guest down.
#[utoipa::path(post, path = "/api/customers/", tag = "customers", request_body = CustomerIn,
    responses((status = 201, body = CustomerOut), (status = 400), (status = 401), (status = 403), (status = 409),
        (status = 410)))]
pub(super) async fn create(State(hub): State<Hub>, asker: Asker, body: Body) -> Result<Response, ApiError> {
    let mut form = Form::new(body.json.clone())?;
    let given = form.id("id");
    let fields = Fields::read(&mut form, true);
    form.finish()?;
    // A repeat under a header's key must come to the same guest, whose key has blinded what the first one said.
    let from_header = || body.header_key.map(|key| derived_id("guest", &hex(&key)));
    let id = given.or_else(from_header).unwrap_or_else(new_id);
    write(hub, asker, &body, given, id, fields, true).await
}

/// Changes all of a guest.
#[utoipa::path(put, path = "/api/customers/{id}/", tag = "customers", request_body = CustomerIn,
    params(("id" = Uuid, Path)),
    responses((status = 200, body = CustomerOut), (status = 400), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 410)))]
pub(super) async fn replace(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Response, ApiError> {
    let mut form = Form::new(body.json.clone())?;
    let fields = Fields::read(&mut form, true);
    form.finish()?;
    write(hub, asker, &body, None, id, fields, false).await
}

/// Changes fields of a guest.
#[utoipa::path(patch, path = "/api/customers/{id}/", tag = "customers", request_body = CustomerIn,
    params(("id" = Uuid, Path)),
    responses((status = 200, body = CustomerOut), (status = 400), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 410)))]
pub(super) async fn patch(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Response, ApiError> {
    let mut form = Form::new(body.json.clone())?;
    let fields = Fields::read(&mut form, false);
    form.finish()?;
    write(hub, asker, &body, None, id, fields, false).await
}

/// Forgets a guest, for good: 204.
#[utoipa::path(delete, path = "/api/customers/{id}/", tag = "customers", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn remove(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Response, ApiError> {
    end(hub, asker, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Forgets a guest, for good. Their orders stay, and name nobody.
#[utoipa::path(post, path = "/api/customers/{id}/forget/", tag = "customers", params(("id" = Uuid, Path)),
    responses((status = 200, body = CustomerOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn forget(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Json<CustomerOut>, ApiError> {
    end(hub.clone(), asker, id).await?;
    Ok(Json(out(&hub, id)?))
}

/// All that the outlet holds of a guest: who they are, and the orders that name them by their id.
#[utoipa::path(get, path = "/api/customers/{id}/export/", tag = "customers", params(("id" = Uuid, Path)),
    responses((status = 200, body = CustomerExportOut), (status = 401), (status = 403), (status = 404),
        (status = 410)))]
pub(super) async fn export(
    State(hub): State<Hub>,
    _asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Json<CustomerExportOut>, ApiError> {
    if out(&hub, id)?.forgotten {
        return Err(gone());
    }
    // To its end: whoever gives up and asks again waits, instead of reading everything beside the first.
    let export = to_the_end(async move {
        let guests = Arc::clone(&hub.guests);
        let _turn = guests.exporting.lock().await;
        beside(move || read_all(&hub, id)).await
    });
    Ok(Json(export.await?))
}

fn read_all(hub: &Hub, id: Id) -> Result<CustomerExportOut, ApiError> {
    let context = hub.context();
    let mut orders = Vec::new();
    for (entry, hot) in hub.views.list(i64::MIN, i64::MAX, |_| true)?.rows {
        let order = hot.map_or_else(|| hub.views.order(entry.id), |order| Ok(Some(order)))?;
        let of_guest = order.filter(|order| Id::try_parse(order.customer.trim()) == Ok(id));
        orders.extend(of_guest.map(|order| OrderOut::new(&order, &context)));
    }
    // Read last: whoever was forgotten meanwhile is.
    let customer = out(hub, id)?;
    if customer.forgotten { Err(gone()) } else { Ok(CustomerExportOut { customer, orders }) }
}

fn out(hub: &Hub, id: Id) -> Result<CustomerOut, ApiError> {
    let guest = hub.ledger.state().guests.get(&id).cloned().ok_or_else(ApiError::not_found)?;
    Ok(CustomerOut::of(&guest, hub.guests.profile(&guest).as_deref(), &hub.context()))
}
