//! `/api/payments/`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use protocol::api::{Page, PaymentOut};
use protocol::ids::{Id, WIRE_ID_BYTES_MAX, WireId};
use protocol::order::{Order, OrderStatus, Payment, PaymentStatus};
use uuid::Uuid;

use super::beside::beside;
use super::catalogue::order_by;
use super::error::ApiError;
use super::extract::{Asker, Body, PathId};
use super::form::Form;
use super::list::{Query, matches};
use super::order_list::parts;
use super::orders::order_of;
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
        ("status" = Option<Vec<OrderStatus>>, Query, style = Form, explode = false, description = "Only those of orders in these states, joined by commas."),
        ("payment_status" = Option<Vec<PaymentStatus>>, Query, style = Form, explode = false, description = "Only those of orders that are settled so, joined by commas."),
        ("created_after" = Option<String>, Query, description = "Taken from then on: RFC 3339, or a date in the outlet's zone."),
        ("created_before" = Option<String>, Query, description = "Taken before then."),
        ("search" = Option<String>, Query, description = "Words to look for: tender, reference, receipt number."),
        ("ordering" = Option<String>, Query, description = "`created_at`, `amount`, `method`; `-` before one goes down."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<PaymentOut>)))]
pub(super) async fn list(State(hub): State<Hub>, _asker: Asker, query: Query) -> Result<Response, ApiError> {
    let read = beside(move || {
        let (words, method, context) = (query.search(), query.get("method"), hub.context());
        let from_ms = query.time_ms("created_after", &context.tz)?.unwrap_or(i64::MIN);
        let to_ms = query.time_ms("created_before", &context.tz)?.unwrap_or(i64::MAX);
        // Nothing is paid before it is ordered, but it may be long after.
        let (cursor, mut rows) = parts(&hub, &query, i64::MIN, to_ms, |order| {
            let receipt = order.receipt_number.map(|number| number.to_string()).unwrap_or_default();
            let is_wanted = |payment: &&Payment| {
                (from_ms..to_ms).contains(&payment.at_ms)
                    && method.is_none_or(|method| payment.method == method)
                    && matches(&words, &[&payment.method, &payment.reference, &receipt])
            };
            let out = |payment: &Payment| (payment.at_ms, PaymentOut::new(payment, order, &context));
            order.payments.iter().filter(is_wanted).map(out).collect()
        })?;
        let ordering = query.ordering(&["created_at", "amount", "method"]);
        order_by(&mut rows, &ordering, |field, (at, one), (other_at, other)| match field {
            "created_at" => at.cmp(other_at),
            "amount" => one.amount.cmp(&other.amount),
            "method" => one.method.cmp(&other.method),
            _ => std::cmp::Ordering::Equal,
        });
        Ok((cursor, query.page(rows.into_iter().map(|(_, row)| row).collect())?))
    });
    let (cursor, page) = read.await?;
    Ok((ledger_headers(&cursor), Json(page)).into_response())
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
