//! Taking payments: what they settle, cash rounding, change, receipt numbers.

use protocol::event::{Event, OrderEvent, OrderPlaced};
use protocol::ids::derived_id;
use protocol::money::{self, Minor};
use protocol::order::{OrderStatus, PAYMENTS_MAX, Payment};
use protocol::outlet::Outlet;

use super::kitchen::status_event;
use super::{Decision, View, append, changed};
use crate::ledger::command::{NewPayment, Refusal};

/// The tender that is rounded to coins and gives change.
const CASH: &str = "cash";

pub(super) fn pay(view: &View<'_>, new: &NewPayment) -> Result<Decision, Refusal> {
    let outlet = view.outlet()?;
    let order = view.order(new.order).map_err(|_| {
        Refusal::field("order", format!("Invalid pk \"{}\" - object does not exist.", new.order))
    })?;
    let due = order.due();
    if order.status.is_final() || (due == 0 && !order.payments.is_empty()) {
        let detail = format!("Order {} is {}; nothing is due.", order.order_number, order.status.word());
        return Err(Refusal::conflict("nothing_due", detail));
    }
    if order.payments.len() >= PAYMENTS_MAX {
        return Err(Refusal::field("order", format!("An order takes at most {PAYMENTS_MAX} payments.")));
    }
    let amount = new.amount.unwrap_or(due);
    if amount > due {
        return Err(Refusal::field("amount", format!("Only {due} is due, not {amount}.")));
    }
    if amount == 0 && due > 0 {
        return Err(Refusal::field("amount", "Ensure this value is greater than or equal to 1."));
    }
    let payment = settle(view, outlet, new, amount)?;
    let receipt_number = order.receipt_number.unwrap_or(view.state.counters.receipt + 1);
    let mut events = vec![changed(&order, OrderEvent::Paid { payment, receipt_number })];
    if amount == due && order.status == OrderStatus::Served {
        events.push(status_event(&order, OrderStatus::Closed, ""));
    }
    Ok(append(events, order.id))
}

fn settle(view: &View<'_>, outlet: &Outlet, new: &NewPayment, amount: Minor) -> Result<Payment, Refusal> {
    let charges = &outlet.charges;
    let is_cash = new.method == CASH;
    let rounding = if is_cash {
        money::cash_rounding(amount, charges.cash_rounding_unit, charges.cash_rounding_mode)
            .map_err(|error| Refusal::field("amount", error.to_string()))?
    } else {
        0
    };
    let asked = amount + rounding;
    let tendered = new.tendered.unwrap_or(asked);
    if tendered < asked {
        return Err(Refusal::field("tendered", format!("{tendered} does not cover {asked}.")));
    }
    if !is_cash && tendered != asked {
        return Err(Refusal::field("tendered", "Only cash gives change."));
    }
    Ok(Payment {
        id: new.id,
        method: new.method.clone(),
        amount,
        tendered,
        rounding,
        change: tendered - asked,
        reference: new.reference.clone(),
        at_ms: view.now.at_ms,
    })
}

/// The payment that an old till's row stands for: it says `paid` and, at best, by what.
pub(super) fn of_old_row(view: &View<'_>, placed: &OrderPlaced, method: &str) -> Event {
    let amount = placed.bill.total;
    let payment = Payment {
        id: derived_id("payment", &placed.order.id.to_string()),
        method: method.to_owned(),
        amount,
        tendered: amount,
        rounding: 0,
        change: 0,
        reference: String::new(),
        at_ms: view.now.at_ms,
    };
    let receipt_number = view.state.counters.receipt + 1;
    Event::OrderChanged(placed.order.clone(), OrderEvent::Paid { payment, receipt_number })
}
