//! What old tills and screens send, taken as they mean it.
//!
//! They skip steps and use words of their own. An order of theirs is a ticket for the kitchen: its lines and its total
//! are taken as sent.

use protocol::event::{Event, OrderEvent, OrderPlaced, OrderRef, Via};
use protocol::ids::{Id, derived_id};
use protocol::money::{Minor, Overflow, sum};
use protocol::order::{Item, ItemStatus, OrderStatus, Origin};
use protocol::pricing::{Bill, Discount};

use super::kitchen::legal;
use super::{Decision, View, append, changed, refuse_final};
use crate::ledger::command::{OldItem, OldMove, OldMoveKind, OldOrder, Refusal};

pub(super) fn place(view: &View<'_>, old: &OldOrder) -> Result<Decision, Refusal> {
    let id = old.wire_id.id();
    if view.order(id).is_ok() {
        return Err(Refusal::conflict(
            "idempotency_conflict",
            "An order with this id exists, with other content.",
        ));
    }
    let items: Vec<Item> = old.items.iter().enumerate().map(|(at, item)| line(view, id, at, item)).collect();
    let lines = items.iter().map(|item| item.line().gross()).collect::<Result<Vec<Minor>, Overflow>>();
    let subtotal = lines
        .and_then(sum)
        .map_err(|Overflow| Refusal::field("items", "The total is larger than can be kept exactly."))?;
    let total = old.total.unwrap_or(subtotal);
    let known = old.status.as_deref().and_then(OrderStatus::from_word);
    let placed = OrderPlaced {
        order: OrderRef { id, wire_id: old.wire_id.clone(), number: old.number.clone() },
        origin: Origin::OldSocket,
        order_type: old.order_type,
        table: old.table.clone(),
        customer: String::new(),
        notes: old.notes.clone(),
        metadata: String::new(),
        // Whatever a till says of an order it has just sent, the kitchen begins with it.
        status: OrderStatus::Sent,
        status_word: old.status.clone().filter(|_| known.is_none()),
        items,
        discount: Discount::None,
        bill: Bill { subtotal, discount: 0, service: 0, tax: 0, tax_included: true, total },
        business_day: view.business_day()?,
        raw: Some(old.raw.clone()),
    };
    Ok(append(vec![Event::OrderPlaced(Box::new(placed))], id))
}

pub(super) fn change(view: &View<'_>, old: &OldMove) -> Result<Decision, Refusal> {
    let id = old.wire_id.id();
    let order = view.order(id)?;
    let (status, word, reason, via) = match &old.kind {
        OldMoveKind::Complete => (OrderStatus::Closed, None, String::new(), Via::CompleteOrder),
        OldMoveKind::Cancel(reason) => (OrderStatus::Cancelled, None, reason.clone(), Via::CancelOrder),
        OldMoveKind::Update(word) => match OrderStatus::from_word(word) {
            Some(status) => (status, None, String::new(), Via::UpdateStatus),
            None => (order.status, Some(word.clone()), String::new(), Via::UpdateStatus),
        },
    };
    refuse_final(&order)?;
    let is_same = status == order.status && word == order.status_word;
    if is_same {
        return Ok(Decision::Nothing { subject: id });
    }
    if word.is_none() && status != order.status {
        legal(&order, status)?;
        // Stepping back is for our own screens' recall; an old screen that does so is out of date.
        if status < order.status {
            let detail = format!("Order {} is {} already.", order.order_number, order.status.word());
            return Err(Refusal::conflict("illegal_transition", detail));
        }
    }
    if status == OrderStatus::Cancelled && order.paid() > 0 {
        let detail = format!("Order {} is paid; it takes a refund to call it off.", order.order_number);
        return Err(Refusal::conflict("already_paid", detail));
    }
    let event = OrderEvent::Status { status, word, reason, via, raw: Some(old.raw.clone()) };
    Ok(append(vec![changed(&order, event)], id))
}

fn line(view: &View<'_>, order: Id, at: usize, old: &OldItem) -> Item {
    let catalogue = &view.state.catalogue;
    let product = old.product.as_ref().and_then(|named| {
        let by_id = Id::try_parse(named).ok().and_then(|id| catalogue.products.get(&id));
        by_id.or_else(|| {
            catalogue.products.values().find(|product| !named.is_empty() && product.sku == *named)
        })
    });
    let category = product.and_then(|product| catalogue.categories.get(&product.category));
    let name = match product {
        Some(product) if old.name.is_empty() => product.name.clone(),
        _ => old.name.clone(),
    };
    Item {
        id: derived_id("item", &format!("{order}/{at}")),
        product: product.map(|product| product.id),
        name,
        sku: product.map(|product| product.sku.clone()).unwrap_or_default(),
        quantity: old.quantity,
        price: old.price,
        modifiers: old.modifiers.clone(),
        notes: old.notes.clone(),
        station: category.map(|category| category.station.clone()).unwrap_or_default(),
        status: ItemStatus::Sent,
        discount: Discount::None,
    }
}
