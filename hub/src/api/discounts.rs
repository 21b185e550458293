//! `/api/orders/{id}/discount/`: what is taken off a whole order.

use axum::extract::{Path, State};
use axum::response::Response;
use protocol::api::OrderOut;
use protocol::pricing::Discount;
use protocol::staff::Permission;

use super::Hub;
use super::error::ApiError;
use super::extract::{Asker, Body};
use super::form::Form;
use super::orders::{REASON_CHARS_MAX, answer, order_id};
use super::requests::DiscountIn;
use crate::ledger::LedgerError;
use crate::ledger::command::{Command, Refusal};

/// Takes something off an order, instead of what was taken off before; nothing with `percent_bp` 0. Past the outlet's limit it takes
/// a manager's leave.
#[utoipa::path(post, path = "/api/orders/{id}/discount/", tag = "orders", request_body = DiscountIn,
    params(("id" = String, Path)),
    responses((status = 200, body = OrderOut), (status = 400), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn discount(
    State(hub): State<Hub>,
    asker: Asker,
    Path(id): Path<String>,
    body: Body,
) -> Result<Response, ApiError> {
    let order = order_id(&id)?;
    let mut form = Form::new(body.json.clone())?;
    let percent_bp = form.integer("percent_bp", 0, 10_000);
    let amount = form.amount("amount");
    let reason = form.name("reason", REASON_CHARS_MAX);
    let discount = match (percent_bp, amount) {
        (Some(0), None) => Discount::None,
        (Some(bp), None) => Discount::Percent(bp as _),
        (None, Some(amount)) if amount > 0 => Discount::Amount(amount),
        (None, Some(_)) => {
            form.error("amount", "Ensure this value is greater than 0.");
            Discount::None
        }
        _ => {
            form.error("percent_bp", "Either percent_bp or amount, and not both.");
            Discount::None
        }
    };
    let reason = form.required("reason", reason).unwrap_or_default();
    form.finish()?;
    let who = asker.0;
    let is_free = who.may(Permission::DiscountPastLimit);
    let limit_bp = (!is_free).then_some(hub.settings().cashier_discount_max_bp);
    let command = Command::Discount { order, discount, reason, limit_bp };
    match hub.ledger.call(who.request(body.keys(None), command), body.bytes).await {
        Ok(outcome) => answer(&hub, &outcome, false),
        Err(LedgerError::Refused(Refusal::PastLimit { .. })) => {
            // What would help: a manager's leave, or the encrypted address for a manager.
            let denied = who.require(Permission::DiscountPastLimit);
            hub.gate.record_refusal(&who, "POST /api/orders/{id}/discount/ past the limit");
            Err(denied.map_or_else(ApiError::from, |()| ApiError::forbidden()))
        }
        Err(error) => Err(error.into()),
    }
}
