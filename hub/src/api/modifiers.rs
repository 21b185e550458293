//! `/api/modifiers/`

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use protocol::api::{ModifierOut, Page};
use protocol::catalogue::NAME_CHARS_MAX;
use uuid::Uuid;

use super::Hub;
use super::catalogue::{self, Resource, order_by, sort_order};
use super::error::ApiError;
use super::extract::{Asker, Body, PathId};
use super::form::Form;
use super::list::{Query, matches};
use super::requests::ModifierIn;
use crate::ledger::command::{CatalogueCommand, Change, ModifierPatch};
use crate::views::Catalogue;

/// The resource.
struct Modifiers;

impl Resource for Modifiers {
    type Patch = ModifierPatch;
    type Out = ModifierOut;

    fn read(form: &mut Form, is_whole: bool) -> ModifierPatch {
        let patch = ModifierPatch {
            group: form.id("group"),
            name: form.name("name", NAME_CHARS_MAX),
            price: form.amount("price"),
            is_available: form.boolean("is_available"),
            sort_order: sort_order(form),
        };
        if is_whole {
            form.required("name", patch.name.as_ref().map(|_| ()));
            form.required("group", patch.group.as_ref().map(|_| ()));
        }
        patch
    }

    fn command(id: Uuid, change: Change<ModifierPatch>) -> CatalogueCommand {
        CatalogueCommand::Modifier(id, change)
    }

    fn shape(catalogue: &Catalogue, id: Uuid) -> Option<ModifierOut> {
        catalogue.modifiers.get(&id).map(|modifier| {
            ModifierOut::new(modifier, catalogue.groups.get(&modifier.group).map(|group| &**group))
        })
    }
}

/// All modifiers, in the order of the menu.
#[utoipa::path(get, path = "/api/modifiers/", tag = "modifiers",
    params(
        ("group" = Option<Uuid>, Query, description = "Only those of a group."),
        ("is_available" = Option<bool>, Query, description = "Only those that can be had, or only those sold out."),
        ("search" = Option<String>, Query, description = "Words to look for."),
        ("ordering" = Option<String>, Query, description = "Fields to order by; `-` before one goes down."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<ModifierOut>)))]
pub(super) async fn list(
    State(hub): State<Hub>,
    _asker: Asker,
    query: Query,
) -> Result<Json<Page<ModifierOut>>, ApiError> {
    let group = query.id("group")?;
    let is_available = query.boolean("is_available")?;
    let words = query.search();
    let catalogue = hub.ledger.state().catalogue.clone();
    let mut rows: Vec<ModifierOut> = catalogue
        .modifiers
        .values()
        .map(|modifier| {
            ModifierOut::new(modifier, catalogue.groups.get(&modifier.group).map(|group| &**group))
        })
        .filter(|row| group.is_none_or(|group| row.group == group))
        .filter(|row| is_available.is_none_or(|available| row.is_available == available))
        .filter(|row| matches(&words, &[&row.name, &row.group_name]))
        .collect();
    rows.sort_by(|one, other| (one.sort_order, &one.name).cmp(&(other.sort_order, &other.name)));
    order_by(&mut rows, &query.ordering(&["name", "sort_order", "price"]), |field, one, other| match field {
        "name" => one.name.cmp(&other.name),
        "sort_order" => one.sort_order.cmp(&other.sort_order),
        "price" => one.price.cmp(&other.price),
        _ => std::cmp::Ordering::Equal,
    });
    Ok(Json(query.page(rows)?))
}

/// A modifier.
#[utoipa::path(get, path = "/api/modifiers/{id}/", tag = "modifiers",
    params(("id" = Uuid, Path)), responses((status = 200, body = ModifierOut), (status = 404)))]
pub(super) async fn detail(
    State(hub): State<Hub>,
    _asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Json<ModifierOut>, ApiError> {
    catalogue::detail::<Modifiers>(&hub, id)
}

/// Makes one.
#[utoipa::path(post, path = "/api/modifiers/", tag = "modifiers", request_body = ModifierIn,
    responses((status = 201, body = ModifierOut), (status = 400), (status = 409)))]
pub(super) async fn create(State(hub): State<Hub>, asker: Asker, body: Body) -> Result<Response, ApiError> {
    catalogue::create::<Modifiers>(&hub, asker, body).await
}

/// Replaces one.
#[utoipa::path(put, path = "/api/modifiers/{id}/", tag = "modifiers", request_body = ModifierIn,
    params(("id" = Uuid, Path)), responses((status = 200, body = ModifierOut), (status = 400), (status = 404)))]
pub(super) async fn replace(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Response, ApiError> {
    catalogue::update::<Modifiers>(&hub, asker, id, body, true).await
}

/// Changes fields of one.
#[utoipa::path(patch, path = "/api/modifiers/{id}/", tag = "modifiers", request_body = ModifierIn,
    params(("id" = Uuid, Path)), responses((status = 200, body = ModifierOut), (status = 400), (status = 404)))]
pub(super) async fn patch(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Response, ApiError> {
    catalogue::update::<Modifiers>(&hub, asker, id, body, false).await
}

/// Takes one off the menu. Sales that name it keep its name and price.
#[utoipa::path(delete, path = "/api/modifiers/{id}/", tag = "modifiers",
    params(("id" = Uuid, Path)), responses((status = 204), (status = 404), (status = 409)))]
pub(super) async fn remove(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Response, ApiError> {
    catalogue::remove::<Modifiers>(&hub, asker, id).await
}
