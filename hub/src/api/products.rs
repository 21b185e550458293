//! `/api/products/`

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use protocol::api::{Page, ProductOut};
use protocol::catalogue::{DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX};
use uuid::Uuid;

use super::Hub;
use super::catalogue::{self, Resource, order_by, sort_order};
use super::error::ApiError;
use super::extract::{Asker, Body, PathId};
use super::form::Form;
use super::kept::Answer;
use super::list::{Query, matches};
use super::requests::ProductIn;
use crate::ledger::command::{CatalogueCommand, Change, ProductPatch};
use crate::views::Catalogue;

/// Longest code, in characters.
const CODE_CHARS_MAX: usize = 40;

/// The resource.
pub(super) struct Products;

impl Resource for Products {
    type Patch = ProductPatch;
    type Out = ProductOut;

    fn read(form: &mut Form, is_whole: bool) -> ProductPatch {
        let patch = ProductPatch {
            sku: form.text("sku", CODE_CHARS_MAX),
            name: form.name("name", NAME_CHARS_MAX),
            description: form.text("description", DESCRIPTION_CHARS_MAX),
            category: form.id("category"),
            price: form.amount("price"),
            image: None,
            is_available: form.boolean("is_available"),
            modifier_groups: form.ids("modifier_groups"),
            barcode: form.text("barcode", CODE_CHARS_MAX),
            sort_order: sort_order(form),
        };
        if is_whole {
            form.required("name", patch.name.as_ref().map(|_| ()));
            form.required("category", patch.category.as_ref().map(|_| ()));
            form.required("price", patch.price.as_ref().map(|_| ()));
        }
        patch
    }

    fn command(id: Uuid, change: Change<ProductPatch>) -> CatalogueCommand {
        CatalogueCommand::Product(id, change)
    }

    fn shape(catalogue: &Catalogue, id: Uuid) -> Option<ProductOut> {
        catalogue.products.get(&id).map(|product| {
            ProductOut::new(product, catalogue.categories.get(&product.category).map(|category| &**category))
        })
    }
}

/// All products, in the order of the menu.
#[utoipa::path(get, path = "/api/products/", tag = "products",
    params(
        ("category" = Option<Uuid>, Query, description = "Only those of a category."),
        ("is_available" = Option<bool>, Query, description = "Only those that can be had, or only those sold out."),
        ("min_price" = Option<i64>, Query, description = "Only those at this price or above."),
        ("max_price" = Option<i64>, Query, description = "Only those at this price or below."),
        ("search" = Option<String>, Query, description = "Words to look for."),
        ("ordering" = Option<String>, Query, description = "Fields to order by; `-` before one goes down."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<ProductOut>)))]
pub(super) async fn list(State(hub): State<Hub>, _asker: Asker, query: Query) -> Result<Answer, ApiError> {
    let catalogue = hub.ledger.state().catalogue.clone();
    if let Some(answer) = hub.kept.answer(&catalogue, query.asked()) {
        return Ok(answer);
    }
    let page = page(&catalogue, &query)?;
    let answer = Answer::new(serde_json::to_vec(&page).expect("rows are JSON"));
    hub.kept.keep(&catalogue, query.asked(), &answer);
    Ok(answer)
}

/// The rows that a list's filters keep, in their order.
fn page(catalogue: &Catalogue, query: &Query) -> Result<Page<ProductOut>, ApiError> {
    let category = query.id("category")?;
    let is_available = query.boolean("is_available")?;
    let (min_price, max_price) = (query.at_least("min_price")?, query.number("max_price")?);
    let words = query.search();
    let mut rows: Vec<ProductOut> = catalogue
        .products
        .values()
        .map(|product| {
            ProductOut::new(product, catalogue.categories.get(&product.category).map(|category| &**category))
        })
        .filter(|row| category.is_none_or(|category| row.category == category))
        .filter(|row| is_available.is_none_or(|available| row.is_available == available))
        .filter(|row| {
            min_price.is_none_or(|min| row.price >= min) && max_price.is_none_or(|max| row.price <= max)
        })
        .filter(|row| matches(&words, &[&row.name, &row.sku, &row.description, &row.barcode]))
        .collect();
    rows.sort_by(|one, other| (one.sort_order, &one.name).cmp(&(other.sort_order, &other.name)));
    order_by(
        &mut rows,
        &query.ordering(&["name", "sort_order", "price", "sku", "category_name"]),
        |field, one, other| match field {
            "name" => one.name.cmp(&other.name),
            "sort_order" => one.sort_order.cmp(&other.sort_order),
            "price" => one.price.cmp(&other.price),
            "sku" => one.sku.cmp(&other.sku),
            "category_name" => one.category_name.cmp(&other.category_name),
            _ => std::cmp::Ordering::Equal,
        },
    );
    query.page(rows)
}

/// A product.
#[utoipa::path(get, path = "/api/products/{id}/", tag = "products",
    params(("id" = Uuid, Path)), responses((status = 200, body = ProductOut), (status = 404)))]
pub(super) async fn detail(
    State(hub): State<Hub>,
    _asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Json<ProductOut>, ApiError> {
    catalogue::detail::<Products>(&hub, id)
}

/// Makes one.
#[utoipa::path(post, path = "/api/products/", tag = "products", request_body = ProductIn,
    responses((status = 201, body = ProductOut), (status = 400), (status = 409)))]
pub(super) async fn create(State(hub): State<Hub>, asker: Asker, body: Body) -> Result<Response, ApiError> {
    catalogue::create::<Products>(&hub, asker, body).await
}

/// Replaces one.
#[utoipa::path(put, path = "/api/products/{id}/", tag = "products", request_body = ProductIn,
    params(("id" = Uuid, Path)), responses((status = 200, body = ProductOut), (status = 400), (status = 404)))]
pub(super) async fn replace(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Response, ApiError> {
    catalogue::update::<Products>(&hub, asker, id, body, true).await
}

/// Changes fields of one.
#[utoipa::path(patch, path = "/api/products/{id}/", tag = "products", request_body = ProductIn,
    params(("id" = Uuid, Path)), responses((status = 200, body = ProductOut), (status = 400), (status = 404)))]
pub(super) async fn patch(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Response, ApiError> {
    catalogue::update::<Products>(&hub, asker, id, body, false).await
}

/// Takes one off the menu. Sales that name it keep its name and price.
#[utoipa::path(delete, path = "/api/products/{id}/", tag = "products",
    params(("id" = Uuid, Path)), responses((status = 204), (status = 404), (status = 409)))]
pub(super) async fn remove(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Response, ApiError> {
    catalogue::remove::<Products>(&hub, asker, id).await
}
