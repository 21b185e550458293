//! Orders, their lines and their payments, as REST answers them.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{AppliedOut, Context};
use crate::order::{Item, ItemStatus, Order, OrderStatus, OrderType, Payment, PaymentStatus, SoldModifier};
use crate::outlet::business_date;

/// A modifier on a line, as sold.
#[derive(Debug, Serialize, ToSchema)]
pub struct SoldModifierOut {
    /// The modifier, where it is one of the catalogue.
    pub id: Option<Uuid>,
    /// Name at the time.
    pub name: String,
    /// Price of one at the time.
    pub price: i64,
}

impl From<&SoldModifier> for SoldModifierOut {
    fn from(modifier: &SoldModifier) -> Self {
        Self { id: modifier.id, name: modifier.name.clone(), price: modifier.price }
    }
}

/// A line of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderItem)]
pub struct ItemOut {
    /// Identity.
    pub id: Uuid,
    /// The product, where the line is one of the catalogue.
    pub product: Option<Uuid>,
    /// Name at the time.
    pub name: String,
    /// Code at the time.
    pub sku: String,
    /// How many.
    pub quantity: u32,
    /// Price of one without modifiers, at the time.
    pub price: i64,
    /// Modifiers picked.
    pub modifiers: Vec<SoldModifierOut>,
    /// `(price + modifiers) × quantity`.
    pub line_total: i64,
    /// For the cook.
    pub notes: String,
    /// Who cooks it.
    pub station: String,
    /// Where it stands in the kitchen.
    pub status: ItemStatus,
}

impl From<&Item> for ItemOut {
    fn from(item: &Item) -> Self {
        Self {
            id: item.id,
            product: item.product,
            name: item.name.clone(),
            sku: item.sku.clone(),
            quantity: item.quantity,
            price: item.price,
            modifiers: item.modifiers.iter().map(Into::into).collect(),
            line_total: item.line().gross().unwrap_or(i64::MAX),
            notes: item.notes.clone(),
            station: item.station.clone(),
            status: item.status,
        }
    }
}

/// A line, with the order that it belongs to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderItemRow)]
pub struct ItemRow {
    /// The order's id, in the type in which it came.
    #[schema(value_type = String)]
    pub order: Value,
    /// The line.
    #[serde(flatten)]
    pub item: ItemOut,
}

/// A payment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Payment)]
pub struct PaymentOut {
    /// Identity.
    pub id: Uuid,
    /// The order's id, in the type in which it came.
    #[schema(value_type = String)]
    pub order: Value,
    /// `cash`, `card`, `qris` or another tender.
    pub method: String,
    /// What it settles.
    pub amount: i64,
    /// What was handed over.
    pub tendered: i64,
    /// Cash rounding.
    pub rounding: i64,
    /// What went back.
    pub change: i64,
    /// Reference of the terminal.
    pub reference: String,
    /// `paid`.
    pub status: &'static str,
    /// The order's receipt number.
    pub receipt_number: Option<u64>,
    /// When.
    pub created_at: String,
}

impl PaymentOut {
    /// A payment of an order.
    #[must_use]
    pub fn new(payment: &Payment, order: &Order, context: &Context) -> Self {
        Self::of(payment, order.wire_id.to_json(), order.receipt_number, context)
    }

    /// A payment by its order's id and receipt number.
    #[must_use]
    pub fn of(payment: &Payment, order: Value, receipt_number: Option<u64>, context: &Context) -> Self {
        Self {
            id: payment.id,
            order,
            method: payment.method.clone(),
            amount: payment.amount,
            tendered: payment.tendered,
            rounding: payment.rounding,
            change: payment.change,
            reference: payment.reference.clone(),
            status: "paid",
            receipt_number,
            created_at: context.time(payment.at_ms),
        }
    }
}

/// An order, every charge a field.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderOut {
    /// Identity, in the type in which it came (a UUID string from our own tills).
    #[schema(value_type = String)]
    pub id: Value,
    /// Identity as the hub keeps it: equals `id` where that is a UUID.
    pub uuid: Uuid,
    /// The outlet's number.
    pub outlet_id: u32,
    /// What is called out.
    pub order_number: String,
    /// Gapless number of the receipt, once anything is paid.
    pub receipt_number: Option<u64>,
    /// How the guest eats.
    pub order_type: OrderType,
    /// Table, or empty.
    pub table: String,
    /// Guest, or empty.
    pub customer: String,
    /// For everybody.
    pub notes: String,
    /// Free JSON object.
    #[schema(value_type = Object)]
    pub metadata: Value,
    /// Where it stands; a word of an old screen that is none of ours is passed on as sent.
    pub status: String,
    /// Where it stands, in our words.
    pub state: OrderStatus,
    /// How much is settled.
    pub payment_status: PaymentStatus,
    /// Why it was cancelled, or empty.
    pub cancel_reason: String,
    /// ISO 4217 code of every amount here.
    pub currency: String,
    /// Digits behind the decimal point.
    pub currency_exponent: u8,
    /// Lines, voided ones included.
    pub items: Vec<ItemOut>,
    /// Item lines before discounts.
    pub subtotal: i64,
    /// All discounts, promotions included.
    pub discount: i64,
    /// What promotions took off; contained in `discount`.
    pub promotion_discount: i64,
    /// Promotions that took something off, first to last.
    pub promotions: Vec<AppliedOut>,
    /// Codes that the guest named.
    pub codes: Vec<String>,
    /// Service charge.
    pub service_charge: i64,
    /// Tax.
    pub tax: i64,
    /// The tax is contained in the prices.
    pub tax_included: bool,
    /// Cash rounding of all payments.
    pub rounding: i64,
    /// What is to be paid, before cash rounding.
    pub total: i64,
    /// What is settled.
    pub paid: i64,
    /// What is not.
    pub due: i64,
    /// Payments, first to last.
    pub payments: Vec<PaymentOut>,
    /// Date on which its business day began.
    pub business_day: String,
    /// When it was placed.
    pub created_at: String,
    /// When it last changed.
    pub updated_at: String,
    /// Who placed it.
    pub created_by: String,
}

impl OrderOut {
    /// An order as the outside sees it.
    #[must_use]
    pub fn new(order: &Order, context: &Context) -> Self {
        let rounding = order.payments.iter().fold(0_i64, |sum, payment| sum.saturating_add(payment.rounding));
        Self {
            id: order.wire_id.to_json(),
            uuid: order.id,
            outlet_id: context.outlet_number,
            order_number: order.order_number.clone(),
            receipt_number: order.receipt_number,
            order_type: order.order_type,
            table: order.table.clone(),
            customer: order.customer.clone(),
            notes: order.notes.clone(),
            metadata: serde_json::from_str(&order.metadata).unwrap_or_else(|_| Value::Object(<_>::default())),
            status: order.status_word.clone().unwrap_or_else(|| order.status.word().to_owned()),
            state: order.status,
            payment_status: order.payment_status(),
            cancel_reason: order.cancel_reason.clone(),
            currency: context.currency.clone(),
            currency_exponent: context.currency_exponent,
            items: order.items.iter().map(Into::into).collect(),
            subtotal: order.bill.subtotal,
            discount: order.bill.discount,
            promotion_discount: order.promoted(),
            promotions: order.promotions.iter().map(Into::into).collect(),
            codes: order.codes.clone(),
            service_charge: order.bill.service,
            tax: order.bill.tax,
            tax_included: order.bill.tax_included,
            rounding,
            total: order.bill.total,
            paid: order.paid(),
            due: order.due(),
            payments: order.payments.iter().map(|payment| PaymentOut::new(payment, order, context)).collect(),
            business_day: business_date(order.business_day).to_string(),
            created_at: context.time(order.created_ms),
            updated_at: context.time(order.updated_ms),
            created_by: order.created_by.clone(),
        }
    }
}
