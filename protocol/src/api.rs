//! REST shapes, as the hub answers them. Amounts are integers in the currency's minor unit; times are RFC 3339
//! with the outlet's offset; ids are UUID strings (old clients' order ids keep their own type).

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::catalogue::{Category, Modifier, ModifierGroup, Product};
use crate::money::RoundingMode;
use crate::order::{Item, ItemStatus, Order, OrderStatus, OrderType, Payment, PaymentStatus, SoldModifier};
use crate::outlet::{Outlet, business_date};
use crate::pricing::ServiceBase;
use crate::staff::{Role, User};
use uuid::Uuid;

/// What every answer about orders needs of the outlet: its number, currency and zone.
#[derive(Debug, Clone)]
pub struct Context {
    /// Number in the replaced system.
    pub outlet_number: u32,
    /// ISO 4217 code.
    pub currency: String,
    /// Digits behind the decimal point.
    pub currency_exponent: u8,
    /// For times with an offset.
    pub tz: TimeZone,
}

impl Context {
    /// Of an outlet.
    #[must_use]
    pub fn of(outlet: &Outlet) -> Self {
        Self {
            outlet_number: outlet.number,
            currency: outlet.currency.clone(),
            currency_exponent: outlet.currency_exponent,
            tz: outlet.tz(),
        }
    }

    /// A time as text, with the outlet's offset and milliseconds.
    #[must_use]
    pub fn time(&self, at_ms: i64) -> String {
        let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        at.to_zoned(self.tz.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// How many there are in all.
    pub count: usize,
    /// Address of the next page.
    pub next: Option<String>,
    /// Address of the page before.
    pub previous: Option<String>,
    /// This page.
    pub results: Vec<T>,
}

/// An error that is not about a field.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorOut {
    /// What happened, whether anything is lost, what to do.
    pub detail: String,
    /// A stable word for programs.
    pub code: String,
}

/// Tokens of whoever signed in, and what they are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Token)]
pub struct TokenOut {
    /// Shown with each request, as `Authorization: Bearer`; good for 15 minutes.
    pub access: String,
    /// Exchanged for the next pair, once; good for 7 days.
    pub refresh: String,
    /// What they may do.
    pub role: Role,
    /// The tenant; the outlet's own id while the hub stands alone.
    pub tenant_id: Uuid,
    /// Number of the outlet in the replaced system.
    pub outlet_id: u32,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserOut {
    /// Identity.
    pub id: Uuid,
    /// What is typed to sign in.
    pub username: String,
    /// What others see.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub is_active: bool,
}

impl From<&User> for UserOut {
    fn from(user: &User) -> Self {
        let User { id, username, name, role, is_active, .. } = user.clone();
        Self { id, username, name, role, is_active }
    }
}

/// A category.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Category)]
pub struct CategoryOut {
    /// Identity.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Kitchen station.
    pub station: String,
    /// Position.
    pub sort_order: i32,
    /// Shown on tills.
    pub is_active: bool,
}

impl From<&Category> for CategoryOut {
    fn from(category: &Category) -> Self {
        Self {
            id: category.id,
            name: category.name.clone(),
            station: category.station.clone(),
            sort_order: category.sort_order,
            is_active: category.is_active,
        }
    }
}

/// A product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Product)]
pub struct ProductOut {
    /// Identity.
    pub id: Uuid,
    /// The outlet's own code.
    pub sku: String,
    /// Name.
    pub name: String,
    /// For kiosks.
    pub description: String,
    /// Its category.
    pub category: Uuid,
    /// The category's name.
    pub category_name: String,
    /// Price of one in minor units.
    pub price: i64,
    /// Path of its picture.
    pub image: Option<String>,
    /// False while sold out.
    pub is_available: bool,
    /// Groups from which modifiers are picked.
    pub modifier_groups: Vec<Uuid>,
    /// Code of a scanner.
    pub barcode: String,
    /// Kitchen station, from its category.
    pub station: String,
    /// Position within its category.
    pub sort_order: i32,
}

impl ProductOut {
    /// A product with what its category adds.
    #[must_use]
    pub fn new(product: &Product, category: Option<&Category>) -> Self {
        Self {
            id: product.id,
            sku: product.sku.clone(),
            name: product.name.clone(),
            description: product.description.clone(),
            category: product.category,
            category_name: category.map(|category| category.name.clone()).unwrap_or_default(),
            price: product.price,
            image: product.image.clone(),
            is_available: product.is_available,
            modifier_groups: product.modifier_groups.clone(),
            barcode: product.barcode.clone(),
            station: category.map(|category| category.station.clone()).unwrap_or_default(),
            sort_order: product.sort_order,
        }
    }
}

/// A modifier group.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModifierGroup)]
pub struct ModifierGroupOut {
    /// Identity.
    pub id: Uuid,
    /// The question.
    pub name: String,
    /// Fewest picks.
    pub min_select: u16,
    /// Most picks.
    pub max_select: u16,
    /// Position.
    pub sort_order: i32,
}

impl From<&ModifierGroup> for ModifierGroupOut {
    fn from(group: &ModifierGroup) -> Self {
        Self {
            id: group.id,
            name: group.name.clone(),
            min_select: group.min_select,
            max_select: group.max_select,
            sort_order: group.sort_order,
        }
    }
}

/// A modifier.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Modifier)]
pub struct ModifierOut {
    /// Identity.
    pub id: Uuid,
    /// Its group.
    pub group: Uuid,
    /// The group's name.
    pub group_name: String,
    /// Name.
    pub name: String,
    /// Added to the price of one.
    pub price: i64,
    /// False while sold out.
    pub is_available: bool,
    /// Position within its group.
    pub sort_order: i32,
}

impl ModifierOut {
    /// A modifier with its group's name.
    #[must_use]
    pub fn new(modifier: &Modifier, group: Option<&ModifierGroup>) -> Self {
        Self {
            id: modifier.id,
            group: modifier.group,
            group_name: group.map(|group| group.name.clone()).unwrap_or_default(),
            name: modifier.name.clone(),
            price: modifier.price,
            is_available: modifier.is_available,
            sort_order: modifier.sort_order,
        }
    }
}

/// The outlet's settings that a till needs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Outlet)]
pub struct OutletOut {
    /// Number in the replaced system; the Socket.IO outlet id.
    pub id: u32,
    /// Identity.
    pub uuid: Uuid,
    /// Name on receipts.
    pub name: String,
    /// Address on receipts.
    pub address: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Digits behind the decimal point.
    pub currency_exponent: u8,
    /// IANA name.
    pub time_zone: String,
    /// Hour at which a business day begins.
    pub business_day_start_hour: u8,
    /// `id` or `en`.
    pub language: String,
    /// Service charge.
    pub service_rate_bp: u32,
    /// What it is taken from.
    pub service_base: ServiceBase,
    /// Tax.
    pub tax_rate_bp: u32,
    /// Prices contain the tax.
    pub tax_included: bool,
    /// Smallest coin.
    pub cash_rounding_unit: i64,
    /// Direction.
    pub cash_rounding_mode: RoundingMode,
}

impl From<&Outlet> for OutletOut {
    fn from(outlet: &Outlet) -> Self {
        let charges = outlet.charges;
        Self {
            id: outlet.number,
            uuid: outlet.id,
            name: outlet.name.clone(),
            address: outlet.address.clone(),
            currency: outlet.currency.clone(),
            currency_exponent: outlet.currency_exponent,
            time_zone: outlet.time_zone.clone(),
            business_day_start_hour: outlet.business_day_start_hour,
            language: outlet.language.clone(),
            service_rate_bp: charges.service_rate_bp,
            service_base: charges.service_base,
            tax_rate_bp: charges.tax_rate_bp,
            tax_included: charges.tax_included,
            cash_rounding_unit: charges.cash_rounding_unit,
            cash_rounding_mode: charges.cash_rounding_mode,
        }
    }
}

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
    /// All discounts.
    pub discount: i64,
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
