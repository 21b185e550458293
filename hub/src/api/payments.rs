//! `/api/payments/`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use protocol::api::{Context, Page, PaymentOut};
use protocol::ids::{Id, WIRE_ID_BYTES_MAX, WireId};
use protocol::order::Order;
use uuid::Uuid;

use super::error::ApiError;
use super::extract::{Asker, Body, PathId};
use super::form::Form;
use super::list::Query;
use super::orders::{listing, order_id, order_of};
use super::requests::PaymentIn;
use super::{Hub, created, ledger_headers, new_id};
use crate::ledger::command::{Command, NewPayment};

const METHOD_CHARS_MAX: usize = 40;
const REFERENCE_CHARS_MAX: usize = 120;

/// Payments, of the newest orders first.
#[utoipa::path(get, path = "/api/payments/", tag = "payments",
    params(
        ("order" = Option<String>, Query, description = "Only those of an order."),
        ("method" = Option<String>, Query, description = "Only those by a tender."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<PaymentOut>)))]
pub(super) async fn list(State(hub): State<Hub>, _asker: Asker, query: Query) -> Result<Response, ApiError> {
    let context = hub.context();
    let mut rows = Vec::new();
    let cursor = if let Some(text) = query.get("order") {
        let cursor = hub.ledger.state().cursor;
        rows.extend(hub.views.order(order_id(text)?)?.iter().flat_map(|order| rows_of(order, &context)));
        cursor
    } else {
        let listing = listing(&hub, &query)?;
        for (entry, hot) in listing.rows {
            let order = hot.map_or_else(|| hub.views.order(entry.id), |order| Ok(Some(order)))?;
            rows.extend(order.iter().flat_map(|order| rows_of(order, &context)));
        }
        listing.cursor
    };
    if let Some(method) = query.get("method") {
        rows.retain(|row| row.method == method);
    }
    Ok((ledger_headers(&cursor), Json(query.page(rows)?)).into_response())
}

fn rows_of(order: &Order, context: &Context) -> Vec<PaymentOut> {
    order.payments.iter().map(|payment| PaymentOut::new(payment, order, context)).collect()
}

/// A payment.
#[utoipa::path(get, path = "/api/payments/{id}/", tag = "payments", params(("id" = Uuid, Path)),
    responses((status = 200, body = PaymentOut), (status = 404)))]
pub(super) async fn detail(
    State(hub): State<Hub>,
    _asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Json<PaymentOut>, ApiError> {
    let order = hub.views.order_of(id)?.ok_or_else(ApiError::not_found)?;
    find(&hub, &order, id).map(Json)
}

fn find(hub: &Hub, order: &Order, id: Id) -> Result<PaymentOut, ApiError> {
    let payment = order.payments.iter().find(|payment| payment.id == id).ok_or_else(ApiError::not_found)?;
    Ok(PaymentOut::new(payment, order, &hub.context()))
}

/// Takes a payment. The first of an order gives it its receipt number.
#[utoipa::path(post, path = "/api/payments/", tag = "payments", request_body = PaymentIn,
    responses((status = 201, body = PaymentOut), (status = 400), (status = 409), (status = 503), (status = 507)))]
pub(super) async fn create(State(hub): State<Hub>, asker: Asker, body: Body) -> Result<Response, ApiError> {
    let mut form = Form::new(body.json.clone())?;
    let given = form.id("id");
    let id = given.unwrap_or_else(|| body.header_key.map_or_else(new_id, Id::from_bytes));
    let order = form.text("order", WIRE_ID_BYTES_MAX);
    let order = form.required("order", order);
    let method = form.name("method", METHOD_CHARS_MAX);
    let method = form.required("method", method).unwrap_or_default();
    let amount = form.amount("amount");
    let tendered = form.amount("tendered");
    let reference = form.text("reference", REFERENCE_CHARS_MAX).unwrap_or_default();
    form.finish()?;
    let order = order.as_deref().and_then(WireId::from_text).map(|id| id.id()).unwrap_or_default();
    let payment = NewPayment { id, order, method, amount, tendered, reference };
    let request = asker.0.request(body.keys(given), Command::Pay(payment));
    let outcome = hub.ledger.call(request, body.bytes).await?;
    Ok(created(true, find(&hub, &*order_of(&hub, &outcome)?, id)?))
}
