//! An order, its legal states, and how events change it.
//!
//! `Order` is a fold of events: `Order::placed` begins one and `Order::apply` is the only place that changes it.
//! Which step may follow which is one table (`OrderStatus::may_become`).

use serde::{Deserialize, Serialize};

use crate::event::{Actor, OrderEvent, OrderPlaced};
use crate::ids::{Id, WireId};
use crate::money::Minor;
use crate::outlet::BusinessDay;
use crate::pricing::{Bill, Discount, Line};
use crate::promotion::Applied;

/// Most items in one order; a banquet has two hundred.
pub const ITEMS_MAX: usize = 500;
/// Largest quantity of one line.
pub const QUANTITY_MAX: u32 = 9_999;
/// Most modifiers on one line.
pub const MODIFIERS_MAX: usize = 50;
/// Most payments of one order; a split among a large party.
pub const PAYMENTS_MAX: usize = 200;
/// Longest note on an order or a line, in characters.
pub const NOTES_CHARS_MAX: usize = 1_000;

/// Where an order stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Being taken; the kitchen has not heard of it.
    Open,
    /// The kitchen has it.
    Sent,
    /// Someone cooks.
    Preparing,
    /// Every item is ready.
    Ready,
    /// With the guest.
    Served,
    /// Done; nothing changes it but a refund.
    Closed,
    /// Called off.
    Cancelled,
}

impl OrderStatus {
    /// Every status, in order.
    pub const ALL: [Self; 7] =
        [Self::Open, Self::Sent, Self::Preparing, Self::Ready, Self::Served, Self::Closed, Self::Cancelled];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Sent => "sent",
            Self::Preparing => "preparing",
            Self::Ready => "ready",
            Self::Served => "served",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads our own words and the ones that old tills and screens use for the same step.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "open" | "draft" => Self::Open,
            "sent" | "pending" | "new" | "confirmed" => Self::Sent,
            "preparing" | "cooking" | "in_progress" => Self::Preparing,
            "ready" => Self::Ready,
            "served" | "delivered" => Self::Served,
            "closed" | "completed" | "complete" => Self::Closed,
            "cancelled" | "canceled" => Self::Cancelled,
            _ => return None,
        })
    }

    /// Whether nothing more happens to the order.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Closed | Self::Cancelled)
    }

    /// The legal transitions. A recall at the kitchen steps back from ready or served; everything else goes forward,
    /// and steps may be skipped because old screens do. What is not here is refused.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use OrderStatus::{Cancelled, Closed, Open, Preparing, Ready, Sent, Served};
        matches!(
            (self, next),
            (Open, Sent | Preparing | Ready | Served | Closed | Cancelled)
                | (Sent, Preparing | Ready | Served | Closed | Cancelled)
                | (Preparing, Ready | Served | Closed | Cancelled)
                | (Ready, Preparing | Served | Closed | Cancelled)
                | (Served, Preparing | Ready | Closed | Cancelled)
        )
    }
}

/// Where a line stands in the kitchen.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    /// Not sent yet.
    Open,
    /// Waits to be cooked.
    Sent,
    /// Being cooked.
    Preparing,
    /// Ready to be carried.
    Ready,
    /// With the guest.
    Served,
    /// Called off; stays visible, struck through.
    Voided,
}

impl ItemStatus {
    /// The step of an item that goes with a step of its whole order.
    #[must_use]
    pub const fn of_order(status: OrderStatus) -> Option<Self> {
        match status {
            OrderStatus::Open => Some(Self::Open),
            OrderStatus::Sent => Some(Self::Sent),
            OrderStatus::Preparing => Some(Self::Preparing),
            OrderStatus::Ready => Some(Self::Ready),
            OrderStatus::Served | OrderStatus::Closed => Some(Self::Served),
            OrderStatus::Cancelled => None,
        }
    }
}

/// How much of the bill is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Nothing yet.
    #[default]
    Unpaid,
    /// Some.
    Partial,
    /// All.
    Paid,
    /// Given back.
    Refunded,
}

impl PaymentStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Unpaid, Self::Partial, Self::Paid, Self::Refunded];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Partial => "partial",
            Self::Paid => "paid",
            Self::Refunded => "refunded",
        }
    }
}

/// How the guest eats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderType {
    /// At a table.
    #[default]
    DineIn,
    /// Carried away.
    TakeAway,
    /// Brought home.
    Delivery,
}

impl OrderType {
    /// Reads our words and the old tills' spellings of them.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "dine_in" | "dine-in" | "dinein" => Self::DineIn,
            "take_away" | "takeaway" | "take-away" | "take_out" => Self::TakeAway,
            "delivery" => Self::Delivery,
            _ => return None,
        })
    }
}

/// Which door an order came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// `POST /api/orders/` in our shape.
    Rest,
    /// An old till's sync row: a sale, already shown to the kitchen by the old till's own `new_order`.
    OldRow,
    /// An old till's `new_order`: a ticket for the kitchen. Money is counted from the row, not from it.
    OldSocket,
}

/// A modifier as it was when it was sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoldModifier {
    /// The modifier, where it is one of the catalogue.
    pub id: Option<Id>,
    /// Name at the time.
    pub name: String,
    /// Price of one at the time.
    pub price: Minor,
}

/// A line of an order: name and prices are those of the moment of the sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Identity.
    pub id: Id,
    /// The product, where the line is one of the catalogue.
    pub product: Option<Id>,
    /// Name at the time.
    pub name: String,
    /// Code at the time.
    pub sku: String,
    /// How many.
    pub quantity: u32,
    /// Price of one without modifiers, at the time.
    pub price: Minor,
    /// Modifiers picked.
    pub modifiers: Vec<SoldModifier>,
    /// For the cook.
    pub notes: String,
    /// Who cooks it.
    pub station: String,
    /// Where it stands in the kitchen.
    pub status: ItemStatus,
    /// Line discount.
    pub discount: Discount,
}

impl Item {
    /// The line as pricing sees it. A modifier sum past the range is caught by pricing's own checks.
    #[must_use]
    pub fn line(&self) -> Line {
        let modifiers = self.modifiers.iter().fold(0_i64, |sum, modifier| sum.saturating_add(modifier.price));
        Line { price: self.price, modifiers, quantity: self.quantity, discount: self.discount }
    }

    /// Whether it still counts.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.status != ItemStatus::Voided
    }
}

/// How a guest paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Identity.
    pub id: Id,
    /// `cash`, `card`, `qris`, or another tender that the outlet names.
    pub method: String,
    /// What it settles of the bill, in minor units.
    pub amount: Minor,
    /// What was handed over (cash); equals `amount + rounding` elsewhere.
    pub tendered: Minor,
    /// Cash rounding: what was added to `amount` so that it could be paid in coins.
    pub rounding: Minor,
    /// What went back to the guest.
    pub change: Minor,
    /// Reference of the card terminal or of the transaction.
    pub reference: String,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

/// An order as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Identity, and idempotency key.
    pub id: Id,
    /// The id as its maker wrote it.
    pub wire_id: WireId,
    /// Which door it came through.
    pub origin: Origin,
    /// What is called out; per business day.
    pub order_number: String,
    /// Gapless per outlet; given with the first payment.
    pub receipt_number: Option<u64>,
    /// How the guest eats.
    pub order_type: OrderType,
    /// Table, where there is one.
    pub table: String,
    /// Name or id of the guest, as sent.
    pub customer: String,
    /// For everybody.
    pub notes: String,
    /// Free JSON object of the client, as text.
    pub metadata: String,
    /// Where it stands.
    pub status: OrderStatus,
    /// A status word of an old screen that is none of ours, kept as sent.
    pub status_word: Option<String>,
    /// Why it was cancelled.
    pub cancel_reason: String,
    /// Its lines, voided ones included.
    pub items: Vec<Item>,
    /// Order discount.
    pub discount: Discount,
    /// Every charge.
    pub bill: Bill,
    /// What was paid.
    pub payments: Vec<Payment>,
    /// Business day it belongs to.
    pub business_day: BusinessDay,
    /// When it was placed, in milliseconds since 1970.
    pub created_ms: i64,
    /// When it last changed.
    pub updated_ms: i64,
    /// Who placed it.
    pub created_by: String,
    /// The moment that promotions are judged at, in milliseconds since 1970: when it was priced.
    pub moment_ms: i64,
    /// Codes that the guest named.
    pub codes: Vec<String>,
    /// Promotions that took something off, first to last.
    pub promotions: Vec<Applied>,
    /// Ledger sequence numbers of its events, first to last.
    pub history: Vec<u64>,
}

impl Order {
    /// Ids of its items and payments.
    pub fn part_ids(&self) -> impl Iterator<Item = Id> {
        self.items.iter().map(|item| item.id).chain(self.payments.iter().map(|payment| payment.id))
    }

    /// The order that an `OrderPlaced` event begins.
    #[must_use]
    pub fn placed(seq: u64, at_ms: i64, actor: &Actor, placed: &OrderPlaced) -> Self {
        Self {
            id: placed.order.id,
            wire_id: placed.order.wire_id.clone(),
            origin: placed.origin,
            order_number: placed.order.number.clone(),
            receipt_number: None,
            order_type: placed.order_type,
            table: placed.table.clone(),
            customer: placed.customer.clone(),
            notes: placed.notes.clone(),
            metadata: placed.metadata.clone(),
            status: placed.status,
            status_word: placed.status_word.clone(),
            cancel_reason: String::new(),
            items: placed.items.clone(),
            discount: placed.discount,
            bill: placed.bill,
            payments: Vec::new(),
            business_day: placed.business_day,
            created_ms: at_ms,
            updated_ms: at_ms,
            created_by: actor.name.clone(),
            moment_ms: at_ms,
            codes: Vec::new(),
            promotions: Vec::new(),
            history: vec![seq],
        }
    }

    /// What later events make of it. The decision was made before the event was written; this only records it.
    pub fn apply(&mut self, seq: u64, at_ms: i64, event: &OrderEvent) {
        match event {
            OrderEvent::ItemsAdded { items, bill, status } => {
                self.items.extend(items.iter().cloned());
                self.bill = *bill;
                self.status = *status;
            }
            OrderEvent::ItemVoided { item, bill, .. } => {
                self.set_item(*item, ItemStatus::Voided);
                self.bill = *bill;
            }
            OrderEvent::ItemStatus { item, status, order_status } => {
                self.set_item(*item, *status);
                self.status = *order_status;
            }
            OrderEvent::Status { status, word, reason, .. } => {
                self.set_status(*status, word.as_ref(), reason);
            }
            OrderEvent::Edited { table, notes, order_type } => {
                self.table.clone_from(table);
                self.notes.clone_from(notes);
                self.order_type = *order_type;
            }
            OrderEvent::Paid { payment, receipt_number } => {
                self.payments.push(payment.clone());
                self.receipt_number = Some(*receipt_number);
            }
            OrderEvent::Discounted { discount, bill, .. } => {
                self.discount = *discount;
                self.bill = *bill;
            }
            OrderEvent::Promoted { moment_ms, codes, applied, bill } => {
                self.moment_ms = *moment_ms;
                self.codes.clone_from(codes);
                self.promotions.clone_from(applied);
                self.bill = *bill;
            }
        }
        self.updated_ms = at_ms;
        self.history.push(seq);
    }

    /// Sum of what payments settle.
    #[must_use]
    pub fn paid(&self) -> Minor {
        self.payments.iter().fold(0_i64, |sum, payment| sum.saturating_add(payment.amount))
    }

    /// What promotions took off.
    #[must_use]
    pub fn promoted(&self) -> Minor {
        self.promotions.iter().fold(0_i64, |sum, applied| sum.saturating_add(applied.amount))
    }

    /// What is still to be paid.
    #[must_use]
    pub fn due(&self) -> Minor {
        (self.bill.total - self.paid()).max(0)
    }

    /// How much of the bill is settled.
    #[must_use]
    pub fn payment_status(&self) -> PaymentStatus {
        match self.paid() {
            paid if self.payments.is_empty() || paid == 0 && self.bill.total > 0 => PaymentStatus::Unpaid,
            paid if paid >= self.bill.total => PaymentStatus::Paid,
            _ => PaymentStatus::Partial,
        }
    }

    /// The status that the items' states make together, for an order that is with the kitchen.
    #[must_use]
    pub fn status_of_items(items: &[Item], current: OrderStatus) -> OrderStatus {
        if current.is_final() || current == OrderStatus::Open {
            return current;
        }
        let live = items.iter().filter(|item| item.is_live()).map(|item| item.status);
        let (Some(slowest), Some(fastest)) = (live.clone().min(), live.max()) else { return current };
        match slowest {
            ItemStatus::Served => OrderStatus::Served,
            ItemStatus::Ready => OrderStatus::Ready,
            _ if fastest >= ItemStatus::Preparing => OrderStatus::Preparing,
            _ => OrderStatus::Sent,
        }
    }

    fn set_item(&mut self, id: Id, status: ItemStatus) {
        if let Some(item) = self.items.iter_mut().find(|item| item.id == id) {
            item.status = status;
        }
    }

    fn set_status(&mut self, status: OrderStatus, word: Option<&String>, reason: &str) {
        self.status = status;
        self.status_word = word.cloned();
        reason.clone_into(&mut self.cancel_reason);
        if let Some(step) = ItemStatus::of_order(status) {
            for item in self.items.iter_mut().filter(|item| item.is_live()) {
                item.status = step;
            }
        }
    }
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
