//! `/api/categories/`

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use protocol::api::{CategoryOut, Page};
use protocol::catalogue::NAME_CHARS_MAX;
use uuid::Uuid;

use super::Hub;
use super::catalogue::{self, Resource, order_by, sort_order};
use super::error::ApiError;
use super::extract::{Asker, Body, PathId};
use super::form::Form;
use super::list::{Query, matches};
use super::requests::CategoryIn;
use crate::ledger::command::{CatalogueCommand, CategoryPatch, Change};
use crate::views::Catalogue;

/// Longest name of a station, in characters.
const STATION_CHARS_MAX: usize = 40;

/// The resource.
struct Categories;

impl Resource for Categories {
    type Patch = CategoryPatch;
    type Out = CategoryOut;

    fn read(form: &mut Form, is_whole: bool) -> CategoryPatch {
        let patch = CategoryPatch {
            name: form.name("name", NAME_CHARS_MAX),
            station: form.text("station", STATION_CHARS_MAX),
            sort_order: sort_order(form),
            is_active: form.boolean("is_active"),
        };
        if is_whole {
            form.required("name", patch.name.as_ref().map(|_| ()));
        }
        patch
    }

    fn command(id: Uuid, change: Change<CategoryPatch>) -> CatalogueCommand {
        CatalogueCommand::Category(id, change)
    }

    fn shape(catalogue: &Catalogue, id: Uuid) -> Option<CategoryOut> {
        catalogue.categories.get(&id).map(|category| CategoryOut::from(&**category))
    }
}

/// All categories, in the order of the menu.
#[utoipa::path(get, path = "/api/categories/", tag = "categories",
    params(
        ("is_active" = Option<bool>, Query, description = "Only those shown, or only those hidden."),
        ("search" = Option<String>, Query, description = "Words to look for."),
        ("ordering" = Option<String>, Query, description = "Fields to order by; `-` before one goes down."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<CategoryOut>)))]
pub(super) async fn list(
    State(hub): State<Hub>,
    _asker: Asker,
    query: Query,
) -> Result<Json<Page<CategoryOut>>, ApiError> {
    let is_active = query.boolean("is_active")?;
    let words = query.search();
    let catalogue = hub.ledger.state().catalogue.clone();
    let mut rows: Vec<CategoryOut> = catalogue
        .categories
        .values()
        .map(|category| CategoryOut::from(&**category))
        .filter(|row| is_active.is_none_or(|active| row.is_active == active))
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

/// A category.
#[utoipa::path(get, path = "/api/categories/{id}/", tag = "categories",
    params(("id" = Uuid, Path)), responses((status = 200, body = CategoryOut), (status = 404)))]
pub(super) async fn detail(
    State(hub): State<Hub>,
    _asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Json<CategoryOut>, ApiError> {
    catalogue::detail::<Categories>(&hub, id)
}

/// Makes one.
#[utoipa::path(post, path = "/api/categories/", tag = "categories", request_body = CategoryIn,
    responses((status = 201, body = CategoryOut), (status = 400), (status = 409)))]
pub(super) async fn create(State(hub): State<Hub>, asker: Asker, body: Body) -> Result<Response, ApiError> {
    catalogue::create::<Categories>(&hub, asker, body).await
}

/// Replaces one.
#[utoipa::path(put, path = "/api/categories/{id}/", tag = "categories", request_body = CategoryIn,
    params(("id" = Uuid, Path)), responses((status = 200, body = CategoryOut), (status = 400), (status = 404)))]
pub(super) async fn replace(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Response, ApiError> {
    catalogue::update::<Categories>(&hub, asker, id, body, true).await
}

/// Changes fields of one.
#[utoipa::path(patch, path = "/api/categories/{id}/", tag = "categories", request_body = CategoryIn,
    params(("id" = Uuid, Path)), responses((status = 200, body = CategoryOut), (status = 400), (status = 404)))]
pub(super) async fn patch(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Response, ApiError> {
    catalogue::update::<Categories>(&hub, asker, id, body, false).await
}

/// Takes one off the menu. Sales that name it keep its name and price.
#[utoipa::path(delete, path = "/api/categories/{id}/", tag = "categories",
    params(("id" = Uuid, Path)), responses((status = 204), (status = 404), (status = 409)))]
pub(super) async fn remove(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Response, ApiError> {
    catalogue::remove::<Categories>(&hub, asker, id).await
}
