//! What screens hear: each ledger record that concerns them becomes one message, a pure function of the record.
//!
//! A message has the name that the old screens know (`order_created`, `order_updated`, `order_completed`,
//! `order_cancelled`) or, for what they never knew, `catalogue_changed`, which travels in `ledger` alone. Because
//! nothing but the record goes in, a message rebuilt from the ledger for a screen that was away is the same,
//! byte for byte, as the one that was sent live.

use serde::Serialize;
use serde_json::Value;

use crate::api::{
    AppliedOut, CategoryOut, Context, ItemOut, ModifierGroupOut, ModifierOut, OrderOut, OutletOut,
    PaymentOut, ProductOut,
};
use crate::event::{Envelope, Event, OrderEvent, OrderRef, PromotionEvent, Via};

use crate::order::{ItemStatus, Order, OrderStatus, OrderType};
use crate::pricing::Bill;
use uuid::Uuid;

/// A message for every screen of the outlet.
#[derive(Debug)]
pub struct Message<'record> {
    /// Event name on the wire.
    pub name: &'static str,
    /// Whether old screens know the event; otherwise it travels in `ledger` alone.
    pub is_contract: bool,
    /// Its content.
    pub payload: Payload<'record>,
}

/// The content of a message.
#[derive(Debug)]
pub enum Payload<'record> {
    /// What an old client sent, as `MessagePack`, to be passed on unchanged.
    Raw(&'record [u8]),
    /// An order as placed.
    Order(Box<OrderOut>),
    /// A change of an order.
    Change(Box<OrderChange>),
    /// A change of what is sold.
    Catalogue(CatalogueChange),
}

/// A change of an order: which order, what changed, and the figures that follow from it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OrderChange {
    /// The order's id, in the type in which it came.
    #[schema(value_type = String)]
    pub id: Value,
    /// The outlet's number.
    pub outlet_id: u32,
    /// What is called out.
    pub order_number: String,
    /// Where the order stands now, where the change moved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<OrderStatus>,
    /// What changed.
    pub change: Change,
    /// When.
    pub updated_at: String,
}

/// What changed in an order.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// Another round.
    ItemsAdded {
        /// The new lines.
        items: Vec<ItemOut>,
        /// The whole bill's total with them.
        total: i64,
    },
    /// A line was called off.
    ItemVoided {
        /// Which.
        item: Uuid,
        /// Its name.
        name: String,
        /// How many.
        quantity: u32,
        /// Why.
        reason: String,
        /// The whole bill's total without it.
        total: i64,
    },
    /// A line moved in the kitchen.
    ItemStatus {
        /// Which.
        item: Uuid,
        /// Its new state.
        item_status: ItemStatus,
    },
    /// The whole order moved.
    Status {
        /// Why, for a cancellation.
        reason: String,
    },
    /// Table, notes or kind were corrected.
    Edited {
        /// The table now.
        table: String,
        /// The notes now.
        notes: String,
        /// The kind now.
        order_type: OrderType,
    },
    /// The guest paid.
    Paid {
        /// The payment.
        payment: Box<PaymentOut>,
    },
    /// Something was taken off the whole order, or is not any more.
    Discounted {
        /// Why.
        reason: String,
        /// All discounts now.
        discount: i64,
        /// The whole bill's total with them.
        total: i64,
    },
    /// Promotions take something off, or do not any more.
    Promoted {
        /// Codes that the guest named.
        codes: Vec<String>,
        /// What each takes off now.
        promotions: Vec<AppliedOut>,
        /// All discounts now.
        discount: i64,
        /// The whole bill's total with them.
        total: i64,
    },
}

/// A change of what is sold.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum CatalogueChange {
    /// The outlet's settings.
    Outlet(Box<OutletOut>),
    /// A category was made or changed.
    Category(CategoryOut),
    /// A category was taken off.
    CategoryRemoved(Uuid),
    /// A modifier group was made or changed.
    ModifierGroup(ModifierGroupOut),
    /// A modifier group was taken off.
    ModifierGroupRemoved(Uuid),
    /// A modifier was made or changed; its group's name is left empty here.
    Modifier(ModifierOut),
    /// A modifier was taken off.
    ModifierRemoved(Uuid),
    /// A product was made or changed; its category's name and station are left empty here.
    Product(Box<ProductOut>),
    /// A product was taken off.
    ProductRemoved(Uuid),
    /// A promotion was made or changed, has begun to run, or does not any more. What it says now is asked for: not every screen may know
    /// a code.
    Promotion(Uuid),
    /// A promotion was taken away.
    PromotionRemoved(Uuid),
}

/// The message that a record makes for screens, or none.
#[must_use]
pub fn message<'record>(
    seq: u64,
    envelope: &'record Envelope,
    context: &Context,
) -> Option<Message<'record>> {
    let at = || context.time(envelope.at_ms);
    Some(match &envelope.event {
        Event::OrderPlaced(placed) => {
            let order = || Order::placed(seq, envelope.at_ms, &envelope.actor, placed);
            // An old till's sync row is no ticket: the same till shows it to the kitchen by its own `new_order`.
            if placed.origin == crate::order::Origin::OldRow {
                return None;
            }
            let payload = match &placed.raw {
                Some(raw) => Payload::Raw(raw),
                None => Payload::Order(Box::new(OrderOut::new(&order(), context))),
            };
            Message { name: "order_created", is_contract: true, payload }
        }
        Event::OrderChanged(order, event) => changed(order, event, context, at()),
        other => Message {
            name: "catalogue_changed",
            is_contract: false,
            payload: Payload::Catalogue(catalogue(other)?),
        },
    })
}

fn changed<'record>(
    order: &OrderRef,
    event: &'record OrderEvent,
    context: &Context,
    at: String,
) -> Message<'record> {
    let total = |bill: &Bill| bill.total;
    let (status, change) = match event {
        OrderEvent::ItemsAdded { items, bill, status } => (
            Some(*status),
            Change::ItemsAdded { items: items.iter().map(Into::into).collect(), total: total(bill) },
        ),
        OrderEvent::ItemVoided { item, name, quantity, reason, bill } => (
            None,
            Change::ItemVoided {
                item: *item,
                name: name.clone(),
                quantity: *quantity,
                reason: reason.clone(),
                total: total(bill),
            },
        ),
        OrderEvent::ItemStatus { item, status, order_status } => {
            (Some(*order_status), Change::ItemStatus { item: *item, item_status: *status })
        }
        OrderEvent::Status { status, reason, via, raw, .. } => {
            let name = match (via, status) {
                (Via::CompleteOrder, _) | (Via::Hub, OrderStatus::Closed) => "order_completed",
                (Via::CancelOrder, _) | (Via::Hub, OrderStatus::Cancelled) => "order_cancelled",
                (Via::UpdateStatus | Via::Hub, _) => "order_updated",
            };
            if let Some(raw) = raw {
                return Message { name, is_contract: true, payload: Payload::Raw(raw) };
            }
            let change = Change::Status { reason: reason.clone() };
            return of_change(name, order, Some(*status), change, context, at);
        }
        OrderEvent::Edited { table, notes, order_type } => {
            (None, Change::Edited { table: table.clone(), notes: notes.clone(), order_type: *order_type })
        }
        OrderEvent::Paid { payment, receipt_number } => {
            let payment = PaymentOut::of(payment, order.wire_id.to_json(), Some(*receipt_number), context);
            (None, Change::Paid { payment: Box::new(payment) })
        }
        OrderEvent::Discounted { reason, bill, .. } => {
            (None, Change::Discounted { reason: reason.clone(), discount: bill.discount, total: total(bill) })
        }
        OrderEvent::Promoted { codes, applied, bill, .. } => (
            None,
            Change::Promoted {
                codes: codes.clone(),
                promotions: applied.iter().map(Into::into).collect(),
                discount: bill.discount,
                total: total(bill),
            },
        ),
    };
    of_change("order_updated", order, status, change, context, at)
}

fn of_change<'record>(
    name: &'static str,
    order: &OrderRef,
    status: Option<OrderStatus>,
    change: Change,
    context: &Context,
    updated_at: String,
) -> Message<'record> {
    let change = OrderChange {
        id: order.wire_id.to_json(),
        outlet_id: context.outlet_number,
        order_number: order.number.clone(),
        status,
        change,
        updated_at,
    };
    Message { name, is_contract: true, payload: Payload::Change(Box::new(change)) }
}

fn catalogue(event: &Event) -> Option<CatalogueChange> {
    Some(match event {
        Event::OutletSet(outlet) => CatalogueChange::Outlet(Box::new(outlet.into())),
        Event::CategoryPut(category) => CatalogueChange::Category(category.into()),
        Event::CategoryRemoved(id) => CatalogueChange::CategoryRemoved(*id),
        Event::ModifierGroupPut(group) => CatalogueChange::ModifierGroup(group.into()),
        Event::ModifierGroupRemoved(id) => CatalogueChange::ModifierGroupRemoved(*id),
        Event::ModifierPut(modifier) => CatalogueChange::Modifier(ModifierOut::new(modifier, None)),
        Event::ModifierRemoved(id) => CatalogueChange::ModifierRemoved(*id),
        Event::ProductPut(product) => CatalogueChange::Product(Box::new(ProductOut::new(product, None))),
        Event::ProductRemoved(id) => CatalogueChange::ProductRemoved(*id),
        Event::Promotion(event) => match event {
            PromotionEvent::Put(promotion) => CatalogueChange::Promotion(promotion.id),
            PromotionEvent::Started(id) | PromotionEvent::Ended(id) => CatalogueChange::Promotion(*id),
            PromotionEvent::Removed(id) => CatalogueChange::PromotionRemoved(*id),
        },
        Event::OrderPlaced(_)
        | Event::OrderChanged(..)
        | Event::Staff(_)
        | Event::Device(_)
        | Event::Guest(_)
        | Event::SettingsSet(_)
        | Event::Day(_)
        | Event::Job(_) => return None,
    })
}
