//! `/api/orders/`

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use protocol::api::{OrderOut, Page};
use protocol::ids::{Id, WireId, derived_id};
use protocol::order::{
    ITEMS_MAX, NOTES_CHARS_MAX, Order, OrderStatus, OrderType, Origin, PaymentStatus, QUANTITY_MAX,
};
use protocol::promotion::CODES_MAX;
use serde_json::{Map, Value};

use super::beside::beside;
use super::error::ApiError;
use super::extract::{Asker, Body};
use super::form::Form;
use super::list::Query;
use super::promotions::CODE_CHARS_MAX;
use super::requests::{OrderIn, OrderPatchIn, ReasonIn, RoundIn};
use super::{Hub, created, ledger_headers, new_id, order_list};
use crate::hex::hex;
use crate::ledger::command::{Command, NewItem, NewOrder, OrderPatch};
use crate::ledger::{Outcome, OutcomeKind};

const TABLE_CHARS_MAX: usize = 40;
const CUSTOMER_CHARS_MAX: usize = 120;
const NUMBER_CHARS_MAX: usize = 40;
pub(super) const REASON_CHARS_MAX: usize = 200;
const METHOD_CHARS_MAX: usize = 40;
const MOMENT_CHARS_MAX: usize = 40;
/// Largest `metadata`, as text; the till's own notes about an order, not a document store.
const METADATA_BYTES_MAX: usize = 4_096;

/// Orders, newest first.
#[utoipa::path(get, path = "/api/orders/", tag = "orders",
    params(
        ("status" = Option<Vec<OrderStatus>>, Query, style = Form, explode = false, description = "One or more states, joined by commas."),
        ("payment_status" = Option<Vec<PaymentStatus>>, Query, style = Form, explode = false, description = "One or more, joined by commas."),
        ("created_after" = Option<String>, Query, description = "RFC 3339, or a date in the outlet's zone."),
        ("created_before" = Option<String>, Query, description = "RFC 3339, or a date in the outlet's zone."),
        ("search" = Option<String>, Query, description = "Number, table, customer or notes."),
        ("ordering" = Option<String>, Query, description = "`created_at`, `updated_at`, `total` or `order_number`; `-` before one goes down."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<OrderOut>, headers(
        ("x-ledger-epoch" = u32, description = "Epoch of the last record contained."),
        ("x-ledger-seq" = u64, description = "Number of the last record contained.")))))]
pub(super) async fn list(State(hub): State<Hub>, _asker: Asker, query: Query) -> Result<Response, ApiError> {
    let read = beside(move || {
        let listing = order_list::listing(&hub, &query)?;
        let rows = order_list::search(&hub, &query, listing.rows)?;
        let page = query.page(order_list::ordered(&hub, &query, rows)?)?;
        let context = hub.context();
        let mut results = Vec::with_capacity(page.results.len());
        for row in page.results {
            results.extend(order_list::read(&hub, row)?.map(|order| OrderOut::new(&order, &context)));
        }
        let page = Page { count: page.count, next: page.next, previous: page.previous, results };
        Ok((listing.cursor, page))
    });
    let (cursor, page) = read.await?;
    Ok((ledger_headers(&cursor), Json(page)).into_response())
}

/// An order.
#[utoipa::path(get, path = "/api/orders/{id}/", tag = "orders", params(("id" = String, Path)),
    responses((status = 200, body = OrderOut), (status = 404)))]
pub(super) async fn detail(
    State(hub): State<Hub>,
    _asker: Asker,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let cursor = hub.ledger.state().cursor;
    let order = hub.views.order(order_id(&id)?)?.ok_or_else(ApiError::not_found)?;
    Ok((ledger_headers(&cursor), Json(OrderOut::new(&order, &hub.context()))).into_response())
}

/// Places an order. 201 once it is on disk; the same id and content again is answered as the first time. The old tills'
/// row (`product_id`, `price`, `total`, …) is taken too.
#[utoipa::path(post, path = "/api/orders/", tag = "orders", request_body = OrderIn,
    responses((status = 201, body = OrderOut), (status = 400), (status = 409), (status = 503), (status = 507)))]
pub(super) async fn create(State(hub): State<Hub>, asker: Asker, body: Body) -> Result<Response, ApiError> {
    let (order, is_clients) = read_order(&body)?;
    let keys = body.keys(is_clients.then(|| order.wire_id.id()));
    let request = asker.0.request(keys, Command::Place(Box::new(order)));
    let outcome = hub.ledger.call(request, body.bytes).await?;
    answer(&hub, &outcome, true)
}

/// Adds a round.
#[utoipa::path(post, path = "/api/orders/{id}/items/", tag = "orders", request_body = RoundIn,
    params(("id" = String, Path)),
    responses((status = 201, body = OrderOut), (status = 400), (status = 404), (status = 409)))]
pub(super) async fn add_items(
    State(hub): State<Hub>,
    asker: Asker,
    Path(id): Path<String>,
    body: Body,
) -> Result<Response, ApiError> {
    let order = order_id(&id)?;
    let mut form = Form::new(body.json.clone())?;
    let round = form.id("id");
    // Without an id of its own, a round is known by what it says: its lines' ids are made from that.
    let scope = round.unwrap_or_else(|| body.header_key.map_or_else(new_id, Id::from_bytes));
    let items = read_items(&mut form, scope);
    form.finish()?;
    let command = Command::AddItems { order, items };
    let request = asker.0.request(body.keys(round), command);
    let outcome = hub.ledger.call(request, body.bytes).await?;
    answer(&hub, &outcome, true)
}

/// Moves an order, or corrects its table, notes or kind.
#[utoipa::path(patch, path = "/api/orders/{id}/", tag = "orders", request_body = OrderPatchIn,
    params(("id" = String, Path)),
    responses((status = 200, body = OrderOut), (status = 400), (status = 404), (status = 409)))]
pub(super) async fn patch(
    State(hub): State<Hub>,
    asker: Asker,
    Path(id): Path<String>,
    body: Body,
) -> Result<Response, ApiError> {
    let order = order_id(&id)?;
    let mut form = Form::new(body.json.clone())?;
    let change = OrderPatch {
        status: form.choice("status", OrderStatus::from_word),
        table: form.text("table", TABLE_CHARS_MAX),
        notes: form.text("notes", NOTES_CHARS_MAX),
        order_type: form.choice("order_type", OrderType::from_word),
    };
    form.finish()?;
    let command = Command::Change { order, change };
    let request = asker.0.request(body.keys(None), command);
    let outcome = hub.ledger.call(request, body.bytes).await?;
    answer(&hub, &outcome, false)
}

/// Calls an order off.
#[utoipa::path(post, path = "/api/orders/{id}/cancel/", tag = "orders", request_body = ReasonIn,
    params(("id" = String, Path)),
    responses((status = 200, body = OrderOut), (status = 400), (status = 404), (status = 409)))]
pub(super) async fn cancel(
    State(hub): State<Hub>,
    asker: Asker,
    Path(id): Path<String>,
    body: Body,
) -> Result<Response, ApiError> {
    let order = order_id(&id)?;
    let reason = read_reason(&body)?;
    let command = Command::Cancel { order, reason };
    let request = asker.0.request(body.keys(None), command);
    let outcome = hub.ledger.call(request, body.bytes).await?;
    answer(&hub, &outcome, false)
}

/// The order as the outcome left it: for a repeat, as it was then.
pub(super) fn answer(hub: &Hub, outcome: &Outcome, is_create: bool) -> Result<Response, ApiError> {
    let order = order_of(hub, outcome)?;
    Ok(created(is_create, OrderOut::new(&order, &hub.context())))
}

pub(super) fn order_of(hub: &Hub, outcome: &Outcome) -> Result<Arc<Order>, ApiError> {
    let order = match (&outcome.order, outcome.kind) {
        (_, OutcomeKind::Repeat) => hub.views.order_as_of(outcome.subject, outcome.seq)?,
        (Some(order), _) => Some(Arc::clone(order)),
        (None, _) => hub.views.order(outcome.subject)?,
    };
    order.ok_or_else(ApiError::not_found)
}

/// An order's id in an address, in whichever form its maker gave it.
pub(super) fn order_id(text: &str) -> Result<Id, ApiError> {
    WireId::from_text(text).map(|id| id.id()).ok_or_else(ApiError::not_found)
}

pub(super) fn read_reason(body: &Body) -> Result<String, ApiError> {
    let mut form = Form::new(body.json.clone())?;
    let reason = form.name("reason", REASON_CHARS_MAX);
    let reason = form.required("reason", reason).unwrap_or_default();
    form.finish()?;
    Ok(reason)
}

/// Reads either shape; answers whether the client made the id.
fn read_order(body: &Body) -> Result<(NewOrder, bool), ApiError> {
    let mut form = Form::new(body.json.clone())?;
    let is_old = is_old_row(&body.json);
    let given = match form.take("id") {
        None => None,
        Some(Value::String(text)) => WireId::from_text(&text),
        Some(Value::Number(number)) if is_old => number.as_i64().map(WireId::Int),
        Some(_) => {
            form.error("id", "Must be a valid UUID.");
            None
        }
    };
    if !is_old && given.as_ref().is_some_and(|id| !matches!(id, WireId::Uuid(_))) {
        form.error("id", "Must be a valid UUID.");
    }
    // An old row has no id: the same row sent again is the same sale.
    let is_known = given.is_some() || is_old;
    let wire_id = given.unwrap_or_else(|| {
        WireId::Uuid(if is_old { derived_id("old row", &hex(&body.content)) } else { new_id() })
    });
    let items = read_items(&mut form, wire_id.id());
    let total_field = if is_old { "total" } else { "expected_total" };
    let total = form.amount(total_field);
    let payment_status = form.text("payment_status", METHOD_CHARS_MAX).filter(|_| is_old);
    let method = form.text("payment_method", METHOD_CHARS_MAX).filter(|_| is_old);
    let is_paid = payment_status.as_deref() == Some("paid");
    let status = if is_old {
        old_status(form.text("status", NUMBER_CHARS_MAX).as_deref(), is_paid)
    } else {
        let read = |word: &str| OrderStatus::from_word(word).filter(|status| *status <= OrderStatus::Sent);
        form.choice("status", read).unwrap_or(OrderStatus::Sent)
    };
    let order = NewOrder {
        origin: if is_old { Origin::OldRow } else { Origin::Rest },
        number: form.text("order_number", NUMBER_CHARS_MAX).filter(|number| is_old && !number.is_empty()),
        order_type: form.choice("order_type", OrderType::from_word).unwrap_or_default(),
        table: form.text("table", TABLE_CHARS_MAX).unwrap_or_default(),
        customer: form.text("customer", CUSTOMER_CHARS_MAX).unwrap_or_default(),
        notes: form.text("notes", NOTES_CHARS_MAX).unwrap_or_default(),
        metadata: read_metadata(&mut form),
        status,
        expected_total: total.map(|total| (total_field, total)),
        items,
        paid_by: is_paid.then(|| method.unwrap_or_else(|| "other".to_owned())),
        codes: if is_old { None } else { form.texts("codes", CODES_MAX, CODE_CHARS_MAX) }.unwrap_or_default(),
        priced_at_ms: if is_old { None } else { read_priced_at(&mut form) },
        wire_id,
    };
    form.finish()?;
    Ok((order, is_known))
}

/// When the client priced an order.
fn read_priced_at(form: &mut Form) -> Option<i64> {
    let text = form.text("priced_at", MOMENT_CHARS_MAX)?;
    let at = text.parse::<jiff::Timestamp>().ok();
    if at.is_none() {
        form.error(
            "priced_at",
            "Datetime has wrong format. Use RFC 3339, such as 2026-11-22T16:30:00+07:00.",
        );
    }
    at.map(jiff::Timestamp::as_millisecond)
}

/// An old row names its products by `product_id`.
fn is_old_row(json: &Value) -> bool {
    let items = json.get("items").and_then(Value::as_array);
    items.is_some_and(|items| items.iter().any(|item| item.get("product_id").is_some()))
}

/// A row is a sale that has happened: paid ones are closed, the others stay open for a till to settle. The kitchen heard
/// of them by the old till's own event.
fn old_status(word: Option<&str>, is_paid: bool) -> OrderStatus {
    match word.and_then(OrderStatus::from_word) {
        Some(OrderStatus::Cancelled) => OrderStatus::Cancelled,
        _ if is_paid => OrderStatus::Closed,
        _ => OrderStatus::Open,
    }
}

fn read_metadata(form: &mut Form) -> String {
    match form.take("metadata") {
        None => String::new(),
        Some(value @ Value::Object(_)) => {
            let text = value.to_string();
            if text.len() > METADATA_BYTES_MAX {
                form.error(
                    "metadata",
                    format!("Ensure this field has no more than {METADATA_BYTES_MAX} bytes."),
                );
            }
            text
        }
        Some(_) => {
            form.error("metadata", "Expected a dictionary of items.");
            String::new()
        }
    }
}

/// Reads lines. A line without an id of its own gets one made from `scope` and its place, so that a repeat makes the
/// same.
pub(super) fn read_items(form: &mut Form, scope: Id) -> Vec<NewItem> {
    let list = form.list("items", ITEMS_MAX);
    let Some(values) = form.required("items", list) else { return Vec::new() };
    let mut items = Vec::with_capacity(values.len());
    let mut errors = Vec::with_capacity(values.len());
    for (at, value) in values.into_iter().enumerate() {
        match read_item(value, scope, at) {
            Ok(item) => {
                items.push(item);
                errors.push(Value::Object(Map::new()));
            }
            Err(error) => errors.push(Value::Object(error)),
        }
    }
    if items.len() < errors.len() {
        form.nested("items", Value::Array(errors));
    }
    items
}

fn read_item(value: Value, scope: Id, at: usize) -> Result<NewItem, Map<String, Value>> {
    let mut form = match Form::new(value) {
        Ok(form) => form,
        Err(ApiError::Invalid(errors)) => return Err(errors),
        Err(other) => return Err(Map::from_iter([("non_field_errors".to_owned(), other.words().0.into())])),
    };
    let id = form.id("id").unwrap_or_else(|| derived_id("item", &format!("{scope}/{at}")));
    let field = if form.has("product_id") { "product_id" } else { "product" };
    let product = form.id(field);
    let product = form.required(field, product);
    let quantity = form.integer("quantity", 1, i64::from(QUANTITY_MAX));
    let quantity = form.required("quantity", quantity);
    let modifiers = form.ids("modifiers").unwrap_or_default();
    let notes = form.text("notes", NOTES_CHARS_MAX).unwrap_or_default();
    match (product, quantity) {
        (Some(product), Some(quantity)) if form.is_clean() => {
            Ok(NewItem { id, product, product_field: field, quantity: quantity as u32, modifiers, notes })
        }
        _ => Err(form.into_errors()),
    }
}
