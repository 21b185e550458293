//! Moving orders and lines through the kitchen, correcting them, calling them off.

use protocol::event::{Event, OrderEvent, Via};
use protocol::ids::Id;
use protocol::order::{Item, ItemStatus, Order, OrderStatus, Origin, PaymentStatus};

use super::{Decision, View, append, changed, refuse_final};
use crate::ledger::command::{OrderPatch, Refusal};

pub(super) fn change(view: &View<'_>, id: Id, patch: &OrderPatch) -> Result<Decision, Refusal> {
    let order = view.order(id)?;
    let mut events = Vec::new();
    let edited = OrderEvent::Edited {
        table: patch.table.clone().unwrap_or_else(|| order.table.clone()),
        notes: patch.notes.clone().unwrap_or_else(|| order.notes.clone()),
        order_type: patch.order_type.unwrap_or(order.order_type),
    };
    let current = OrderEvent::Edited {
        table: order.table.clone(),
        notes: order.notes.clone(),
        order_type: order.order_type,
    };
    if edited != current {
        refuse_final(&order)?;
        events.push(changed(&order, edited));
    }
    if let Some(status) = patch.status.filter(|status| *status != order.status) {
        events.extend(moved(&order, status)?);
    }
    if events.is_empty() {
        return Ok(Decision::Nothing { subject: id });
    }
    Ok(append(events, id))
}

pub(super) fn cancel(view: &View<'_>, id: Id, reason: &str) -> Result<Decision, Refusal> {
    let order = view.order(id)?;
    if order.status == OrderStatus::Cancelled {
        return Ok(Decision::Nothing { subject: id });
    }
    legal(&order, OrderStatus::Cancelled)?;
    if order.paid() > 0 {
        let detail = format!("Order {} is paid; it takes a refund to call it off.", order.order_number);
        return Err(Refusal::conflict("already_paid", detail));
    }
    Ok(append(vec![status_event(&order, OrderStatus::Cancelled, reason)], id))
}

pub(super) fn move_item(view: &View<'_>, item_id: Id, status: ItemStatus) -> Result<Decision, Refusal> {
    let order = view.order_of(item_id, "order item")?;
    refuse_final(&order)?;
    let Some(item) = order.items.iter().find(|item| item.id == item_id) else {
        return Err(Refusal::NotFound("order item"));
    };
    if item.status == status {
        return Ok(Decision::Nothing { subject: order.id });
    }
    let is_legal = item.is_live()
        && matches!(
            status,
            ItemStatus::Sent | ItemStatus::Preparing | ItemStatus::Ready | ItemStatus::Served
        );
    if !is_legal {
        return Err(Refusal::field("status", format!("{} cannot be moved there.", item.name)));
    }
    let items: Vec<Item> = order
        .items
        .iter()
        .cloned()
        .map(|mut other| {
            if other.id == item_id {
                other.status = status;
            }
            other
        })
        .collect();
    let order_status = Order::status_of_items(&items, order.status);
    let mut events = vec![changed(&order, OrderEvent::ItemStatus { item: item_id, status, order_status })];
    events.extend(closing(&order, order_status));
    Ok(append(events, order.id))
}

fn moved(order: &Order, status: OrderStatus) -> Result<Vec<Event>, Refusal> {
    legal(order, status)?;
    match status {
        OrderStatus::Cancelled => {
            return Err(Refusal::field(
                "status",
                "An order is called off with a reason, by its cancel action.",
            ));
        }
        OrderStatus::Closed
            if order.origin == Origin::Rest && order.payment_status() != PaymentStatus::Paid =>
        {
            let detail =
                format!("Order {} cannot be closed: {} is not paid.", order.order_number, order.due());
            return Err(Refusal::conflict("not_paid", detail));
        }
        _ => {}
    }
    let mut events = vec![status_event(order, status, "")];
    events.extend(closing(order, status));
    Ok(events)
}

/// An order that is served and paid is done. So is a served ticket of an old till, whose money is counted elsewhere.
fn closing(order: &Order, status: OrderStatus) -> Option<Event> {
    let is_settled = order.payment_status() == PaymentStatus::Paid || order.origin == Origin::OldSocket;
    (status == OrderStatus::Served && is_settled).then(|| status_event(order, OrderStatus::Closed, ""))
}

pub(super) fn status_event(order: &Order, status: OrderStatus, reason: &str) -> Event {
    let event =
        OrderEvent::Status { status, word: None, reason: reason.to_owned(), via: Via::Hub, raw: None };
    changed(order, event)
}

pub(super) fn legal(order: &Order, status: OrderStatus) -> Result<(), Refusal> {
    if order.status.may_become(status) {
        return Ok(());
    }
    let detail = format!(
        "Order {} is {} and cannot become {}.",
        order.order_number,
        order.status.word(),
        status.word()
    );
    Err(Refusal::conflict("illegal_transition", detail))
}
