//! `/api/modifier-groups/`

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use protocol::api::{ModifierGroupOut, Page};
use protocol::catalogue::NAME_CHARS_MAX;
use uuid::Uuid;

use super::Hub;
use super::catalogue::{self, Resource, order_by, sort_order};
use super::error::ApiError;
use super::extract::{Asker, Body, PathId};
use super::form::Form;
use super::list::{Query, matches};
use super::requests::ModifierGroupIn;
use crate::ledger::command::{CatalogueCommand, Change, GroupPatch};
use crate::views::Catalogue;

/// Most picks of one group; a line holds no more modifiers.
const SELECT_MAX: i64 = protocol::order::MODIFIERS_MAX as i64;

/// The resource.
struct ModifierGroups;

impl Resource for ModifierGroups {
    type Patch = GroupPatch;
    type Out = ModifierGroupOut;

    fn read(form: &mut Form, is_whole: bool) -> GroupPatch {
        let patch = GroupPatch {
            name: form.name("name", NAME_CHARS_MAX),
            min_select: form.integer("min_select", 0, SELECT_MAX).map(|count| count as u16),
            max_select: form.integer("max_select", 1, SELECT_MAX).map(|count| count as u16),
            sort_order: sort_order(form),
        };
        if is_whole {
            form.required("name", patch.name.as_ref().map(|_| ()));
        }
        patch
    }

    fn command(id: Uuid, change: Change<GroupPatch>) -> CatalogueCommand {
        CatalogueCommand::Group(id, change)
    }

    fn shape(catalogue: &Catalogue, id: Uuid) -> Option<ModifierGroupOut> {
        catalogue.groups.get(&id).map(|group| ModifierGroupOut::from(&**group))
    }
}

/// All modifier groups, in the order of the menu.
#[utoipa::path(get, path = "/api/modifier-groups/", tag = "modifier-groups",
    params(
        ("search" = Option<String>, Query, description = "Words to look for."),
        ("ordering" = Option<String>, Query, description = "Fields to order by; `-` before one goes down."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<ModifierGroupOut>)))]
pub(super) async fn list(
    State(hub): State<Hub>,
    _asker: Asker,
    query: Query,
) -> Result<Json<Page<ModifierGroupOut>>, ApiError> {
    let words = query.search();
    let catalogue = hub.ledger.state().catalogue.clone();
    let mut rows: Vec<ModifierGroupOut> = catalogue
        .groups
        .values()
        .map(|group| ModifierGroupOut::from(&**group))
        .filter(|row| matches(&words, &[&row.name]))
        .collect();
    rows.sort_by(|one, other| (one.sort_order, &one.name).cmp(&(other.sort_order, &other.name)));
    order_by(&mut rows, &query.ordering(&["name", "sort_order"]), |field, one, other| match field {
        "name" => one.name.cmp(&other.name),
        "sort_order" => one.sort_order.cmp(&other.sort_order),
        _ => std::cmp::Ordering::Equal,
    });
    Ok(Json(query.page(rows)?))
}

/// A modifier group.
#[utoipa::path(get, path = "/api/modifier-groups/{id}/", tag = "modifier-groups",
    params(("id" = Uuid, Path)), responses((status = 200, body = ModifierGroupOut), (status = 404)))]
pub(super) async fn detail(
    State(hub): State<Hub>,
    _asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Json<ModifierGroupOut>, ApiError> {
    catalogue::detail::<ModifierGroups>(&hub, id)
}

/// Makes one.
#[utoipa::path(post, path = "/api/modifier-groups/", tag = "modifier-groups", request_body = ModifierGroupIn,
    responses((status = 201, body = ModifierGroupOut), (status = 400), (status = 409)))]
pub(super) async fn create(State(hub): State<Hub>, asker: Asker, body: Body) -> Result<Response, ApiError> {
    catalogue::create::<ModifierGroups>(&hub, asker, body).await
}

/// Replaces one.
#[utoipa::path(put, path = "/api/modifier-groups/{id}/", tag = "modifier-groups", request_body = ModifierGroupIn,
    params(("id" = Uuid, Path)), responses((status = 200, body = ModifierGroupOut), (status = 400), (status = 404)))]
pub(super) async fn replace(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Response, ApiError> {
    catalogue::update::<ModifierGroups>(&hub, asker, id, body, true).await
}

/// Changes fields of one.
#[utoipa::path(patch, path = "/api/modifier-groups/{id}/", tag = "modifier-groups", request_body = ModifierGroupIn,
    params(("id" = Uuid, Path)), responses((status = 200, body = ModifierGroupOut), (status = 400), (status = 404)))]
pub(super) async fn patch(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Response, ApiError> {
    catalogue::update::<ModifierGroups>(&hub, asker, id, body, false).await
}

/// Takes one off the menu. Sales that name it keep its name and price.
#[utoipa::path(delete, path = "/api/modifier-groups/{id}/", tag = "modifier-groups",
    params(("id" = Uuid, Path)), responses((status = 204), (status = 404), (status = 409)))]
pub(super) async fn remove(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Response, ApiError> {
    catalogue::remove::<ModifierGroups>(&hub, asker, id).await
}
