//! `/api/order-items/`: the lines of orders.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use protocol::api::{ItemOut, ItemRow, Page};
use protocol::ids::{Id, WireId};
use protocol::order::{Item, ItemStatus, Order, OrderStatus, PaymentStatus};
use serde_json::{Value, json};
use uuid::Uuid;

use super::beside::beside;
use super::catalogue::order_by;
use super::error::ApiError;
use super::extract::{Asker, Body, PathId};
use super::form::Form;
use super::list::{Query, matches};
use super::order_list::parts;
use super::orders::{order_of, read_items, read_reason};
use super::requests::{OrderItemOf, OrderItemPatchIn, ReasonIn};
use super::{Hub, created, ledger_headers, new_id};
use crate::ledger::command::Command;

/// Lines, of the newest orders first.
#[utoipa::path(get, path = "/api/order-items/", tag = "order-items",
    params(
        ("order" = Option<String>, Query, description = "Only those of an order."),
        ("product" = Option<Uuid>, Query, description = "Only those of a product."),
        ("status" = Option<Vec<OrderStatus>>, Query, style = Form, explode = false, description = "Only those of orders in these states, joined by commas."),
        ("payment_status" = Option<Vec<PaymentStatus>>, Query, style = Form, explode = false, description = "Only those of orders that are settled so, joined by commas."),
        ("created_after" = Option<String>, Query, description = "Of orders placed from then on: RFC 3339, or a date in the outlet's zone."),
        ("created_before" = Option<String>, Query, description = "Of orders placed before then."),
        ("search" = Option<String>, Query, description = "Words to look for: name, sku."),
        ("ordering" = Option<String>, Query, description = "`name`, `quantity`, `price`; `-` before one goes down."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<ItemRow>)))]
pub(super) async fn list(State(hub): State<Hub>, _asker: Asker, query: Query) -> Result<Response, ApiError> {
    let read = beside(move || {
        let (words, product, tz) = (query.search(), query.id("product")?, hub.context().tz);
        let from_ms = query.time_ms("created_after", &tz)?.unwrap_or(i64::MIN);
        let to_ms = query.time_ms("created_before", &tz)?.unwrap_or(i64::MAX);
        let (cursor, mut rows) = parts(&hub, &query, from_ms, to_ms, |order| {
            let mut rows = rows_of(order);
            rows.retain(|row| product.is_none() || row.item.product == product);
            rows.retain(|row| matches(&words, &[&row.item.name, &row.item.sku]));
            rows
        })?;
        let ordering = query.ordering(&["name", "quantity", "price"]);
        order_by(&mut rows, &ordering, |field, one, other| match field {
            "name" => one.item.name.cmp(&other.item.name),
            "quantity" => one.item.quantity.cmp(&other.item.quantity),
            "price" => one.item.price.cmp(&other.item.price),
            _ => std::cmp::Ordering::Equal,
        });
        Ok((cursor, query.page(rows)?))
    });
    let (cursor, page) = read.await?;
    Ok((ledger_headers(&cursor), Json(page)).into_response())
}

fn rows_of(order: &Order) -> Vec<ItemRow> {
    order.items.iter().map(|item| row(order, item)).collect()
}

fn row(order: &Order, item: &Item) -> ItemRow {
    ItemRow { order: order.wire_id.to_json(), item: ItemOut::from(item) }
}

/// A line.
#[utoipa::path(get, path = "/api/order-items/{id}/", tag = "order-items", params(("id" = Uuid, Path)),
    responses((status = 200, body = ItemRow), (status = 404)))]
pub(super) async fn detail(
    State(hub): State<Hub>,
    _asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Json<ItemRow>, ApiError> {
    let order = hub.views.order_of(id)?.ok_or_else(ApiError::not_found)?;
    find(&order, id).map(Json)
}

fn find(order: &Order, id: Id) -> Result<ItemRow, ApiError> {
    let item = order.items.iter().find(|item| item.id == id).ok_or_else(ApiError::not_found)?;
    Ok(row(order, item))
}

/// Adds one line to an order.
#[utoipa::path(post, path = "/api/order-items/", tag = "order-items", request_body = OrderItemOf,
    responses((status = 201, body = ItemRow), (status = 404)))]
pub(super) async fn create(State(hub): State<Hub>, asker: Asker, body: Body) -> Result<Response, ApiError> {
    let mut outer = Form::new(body.json.clone())?;
    let text = outer.text("order", protocol::ids::WIRE_ID_BYTES_MAX);
    let text = outer.required("order", text);
    let given = outer.id("id");
    outer.finish()?;
    let order = text.as_deref().and_then(WireId::from_text).map(|id| id.id()).unwrap_or_default();
    let mut form = Form::new(json!({ "items": [body.json] }))?;
    let items =
        read_items(&mut form, given.unwrap_or_else(|| body.header_key.map_or_else(new_id, Id::from_bytes)));
    if let Err(ApiError::Invalid(mut errors)) = form.finish() {
        // There is one line here: its errors are the request's own.
        let nested = errors.get_mut("items").and_then(|items| items.get_mut(0)).map(Value::take);
        return Err(ApiError::Invalid(
            nested.and_then(|nested| nested.as_object().cloned()).unwrap_or(errors),
        ));
    }
    let item = items.first().map(|item| item.id).unwrap_or_default();
    let request = asker.0.request(body.keys(given), Command::AddItems { order, items });
    let outcome = hub.ledger.call(request, body.bytes).await?;
    Ok(created(true, find(&*order_of(&hub, &outcome)?, item)?))
}

/// Moves a line in the kitchen.
#[utoipa::path(patch, path = "/api/order-items/{id}/", tag = "order-items", request_body = OrderItemPatchIn,
    params(("id" = Uuid, Path)),
    responses((status = 200, body = ItemRow), (status = 400), (status = 404), (status = 409)))]
pub(super) async fn patch(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Response, ApiError> {
    let mut form = Form::new(body.json.clone())?;
    let status = form.choice("status", |word| {
        OrderStatus::from_word(word)
            .filter(|status| *status != OrderStatus::Closed)
            .and_then(ItemStatus::of_order)
    });
    let status = form.required("status", status).unwrap_or(ItemStatus::Sent);
    form.finish()?;
    let command = Command::MoveItem { item: id, status };
    let request = asker.0.request(body.keys(None), command);
    let outcome = hub.ledger.call(request, body.bytes).await?;
    Ok(created(false, find(&*order_of(&hub, &outcome)?, id)?))
}

/// Calls a line off. It stays visible, struck through.
#[utoipa::path(post, path = "/api/order-items/{id}/void/", tag = "order-items", request_body = ReasonIn,
    params(("id" = Uuid, Path)),
    responses((status = 200, body = ItemRow), (status = 400), (status = 404), (status = 409)))]
pub(super) async fn void(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Response, ApiError> {
    let reason = read_reason(&body)?;
    let command = Command::VoidItem { item: id, reason };
    let request = asker.0.request(body.keys(None), command);
    let outcome = hub.ledger.call(request, body.bytes).await?;
    Ok(created(false, find(&*order_of(&hub, &outcome)?, id)?))
}
