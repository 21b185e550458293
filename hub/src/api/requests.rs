//! Shapes of request bodies, for the document. They are read field by field (`form`), so that every field that does not
//! hold is named; a test sends each of these through the readers.
#![allow(dead_code, reason = "the document describes them, `form` reads them")]

use protocol::api::{PromotionKind, PromotionScope, PromotionTrigger};
use protocol::device::DeviceRole;
use protocol::money::RoundingMode;
use protocol::order::{OrderStatus, OrderType};
use protocol::pricing::ServiceBase;
use protocol::staff::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who signs in.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct CredentialsIn {
    #[schema(max_length = 60)]
    username: String,
    #[schema(max_length = 128)]
    password: String,
}

/// Who signs in, on a paired device.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct PinIn {
    user: Uuid,
    /// Four to eight digits.
    #[schema(max_length = 8)]
    pin: String,
}

/// A code that pairs the device that sends it.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct PairIn {
    /// Six digits.
    #[schema(max_length = 20)]
    code: String,
}

/// What a device is to be.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct PairingCodeIn {
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    role: DeviceRole,
    /// Kitchen station whose lines it shows; empty for all.
    #[schema(max_length = 40)]
    station: Option<String>,
}

/// A device to be changed.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct DeviceIn {
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    role: DeviceRole,
    #[schema(max_length = 40)]
    station: Option<String>,
}

/// A refresh token.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct RefreshIn {
    #[schema(max_length = 2000)]
    refresh: String,
}

/// An account to be opened or changed.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct UserIn {
    id: Option<Uuid>,
    /// Lower case, one of its kind.
    #[schema(min_length = 1, max_length = 60)]
    username: String,
    /// What others see; the username where absent.
    #[schema(min_length = 1, max_length = 120)]
    name: Option<String>,
    role: Role,
    /// Needed for a new account that has no PIN.
    #[schema(min_length = 8, max_length = 128)]
    password: Option<String>,
    /// Four to eight digits, for paired devices; `null` takes it away.
    #[schema(pattern = "^[0-9]{4,8}$")]
    pin: Option<String>,
    is_active: Option<bool>,
}

/// Settings of the outlet to be changed.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct OutletIn {
    /// Only while no order is on record.
    number: Option<u32>,
    #[schema(min_length = 1, max_length = 120)]
    name: Option<String>,
    #[schema(max_length = 300)]
    address: Option<String>,
    /// Three capital letters; only while no order is on record.
    #[schema(pattern = "^[A-Z]{3}$")]
    currency: Option<String>,
    /// Only while no order is on record.
    #[schema(maximum = 4)]
    currency_exponent: Option<u8>,
    /// IANA name.
    #[schema(max_length = 60)]
    time_zone: Option<String>,
    #[schema(maximum = 23)]
    business_day_start_hour: Option<u8>,
    /// `id` or `en`.
    #[schema(pattern = "^(id|en)$")]
    language: Option<String>,
    #[schema(maximum = 10_000)]
    service_rate_bp: Option<u32>,
    service_base: Option<ServiceBase>,
    #[schema(maximum = 10_000)]
    tax_rate_bp: Option<u32>,
    tax_included: Option<bool>,
    /// Smallest coin that is given, in minor units; 0 or 1 for none.
    #[schema(minimum = 0, maximum = 1_000_000)]
    cash_rounding_unit: Option<i64>,
    cash_rounding_mode: Option<RoundingMode>,
}

/// The hub's own settings to be changed.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct SettingsIn {
    /// How much of an order a cashier may take off without a manager, in hundredths of a percent.
    #[schema(maximum = 10_000)]
    cashier_discount_max_bp: Option<u32>,
    /// `HH:MM` by the outlet's clock.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    backup_time: Option<String>,
    #[schema(minimum = 1, maximum = 365)]
    backups_kept: Option<u16>,
    /// 0 is for ever.
    #[schema(maximum = 36_500)]
    guests_kept_days: Option<u32>,
}

/// A category to be made or changed.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct CategoryIn {
    /// Made by the client (`UUIDv7`); a new one where absent.
    id: Option<Uuid>,
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// Kitchen station, such as `dapur` or `bar`.
    #[schema(max_length = 40)]
    station: Option<String>,
    sort_order: Option<i32>,
    is_active: Option<bool>,
}

/// A modifier group to be made or changed.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct ModifierGroupIn {
    id: Option<Uuid>,
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    #[schema(minimum = 0, maximum = 50)]
    min_select: Option<u16>,
    /// No less than `min_select`.
    #[schema(minimum = 1, maximum = 50)]
    max_select: Option<u16>,
    sort_order: Option<i32>,
}

/// A modifier to be made or changed.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct ModifierIn {
    id: Option<Uuid>,
    group: Uuid,
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    #[schema(minimum = 0)]
    price: Option<i64>,
    is_available: Option<bool>,
    sort_order: Option<i32>,
}

/// A product to be made or changed.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct ProductIn {
    id: Option<Uuid>,
    #[schema(max_length = 40)]
    sku: Option<String>,
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    #[schema(max_length = 2000)]
    description: Option<String>,
    category: Uuid,
    #[schema(minimum = 0)]
    price: i64,
    is_available: Option<bool>,
    modifier_groups: Option<Vec<Uuid>>,
    #[schema(max_length = 40)]
    barcode: Option<String>,
    sort_order: Option<i32>,
}

/// A picture in a form.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct PictureIn {
    /// JPEG, PNG or WebP, at most 12 MB and 50 million pixels.
    #[schema(value_type = String, format = Binary)]
    image: Vec<u8>,
}

/// A line to be sold.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct OrderItemIn {
    /// Made by the client; derived from the order's id and the line's place where absent.
    id: Option<Uuid>,
    product: Uuid,
    #[schema(minimum = 1, maximum = 9999)]
    quantity: u32,
    /// Modifiers picked.
    #[schema(max_items = 50)]
    modifiers: Option<Vec<Uuid>>,
    #[schema(max_length = 1000)]
    notes: Option<String>,
}

/// A line to be added to an order.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct OrderItemOf {
    /// The order.
    #[schema(max_length = 128)]
    order: String,
    #[serde(flatten)]
    item: OrderItemIn,
}

/// How an order begins.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PlacedAs {
    /// Parked: the kitchen does not hear of it yet.
    Open,
    /// Cooked.
    Sent,
}

/// An order to be placed.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct OrderIn {
    /// Made by the client (`UUIDv7`); a new one where absent. It is the idempotency key.
    id: Option<Uuid>,
    order_type: Option<OrderType>,
    #[schema(max_length = 40)]
    table: Option<String>,
    #[schema(max_length = 120)]
    customer: Option<String>,
    #[schema(max_length = 1000)]
    notes: Option<String>,
    #[schema(value_type = Option<Object>)]
    metadata: Option<serde_json::Value>,
    /// `sent` (the default) or `open`, to park it.
    status: Option<PlacedAs>,
    /// Codes that the guest named, such as `HEMAT10`.
    #[schema(max_items = 10)]
    codes: Option<Vec<String>>,
    /// When the client priced it (RFC 3339): promotions are judged at that moment. Not later than now, and of the current business day.
    #[schema(format = DateTime)]
    priced_at: Option<String>,
    /// The client's own total; where it differs from the hub's, nothing is placed.
    #[schema(minimum = 0)]
    expected_total: Option<i64>,
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<OrderItemIn>,
}

/// A further round.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct RoundIn {
    /// Made by the client; the round's idempotency key.
    id: Option<Uuid>,
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<OrderItemIn>,
}

/// Changes of an order.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct OrderPatchIn {
    /// Where to: `sent`, `preparing`, `ready`, `served`, `closed`; an order is called off by an address of its own.
    status: Option<OrderStatus>,
    #[schema(max_length = 40)]
    table: Option<String>,
    #[schema(max_length = 1000)]
    notes: Option<String>,
    order_type: Option<OrderType>,
}

/// Where a line can be moved in the kitchen.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum KitchenStep {
    Sent,
    Preparing,
    Ready,
    Served,
}

/// A move of a line in the kitchen.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct OrderItemPatchIn {
    status: KitchenStep,
}

/// Why something is called off.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct ReasonIn {
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// What is taken off a whole order: a share or an amount, and never both.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum DiscountIn {
    /// A share.
    Share {
        /// Share of the items, in hundredths of a percent; 0 takes nothing off any more.
        #[schema(minimum = 0, maximum = 10_000)]
        percent_bp: u32,
        #[schema(min_length = 1, max_length = 200)]
        reason: String,
    },
    /// An amount.
    Amount {
        /// In minor units.
        #[schema(minimum = 1)]
        amount: i64,
        #[schema(min_length = 1, max_length = 200)]
        reason: String,
    },
}

/// Codes that the guest of an order named, instead of those before.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct CodesIn {
    #[schema(max_items = 10)]
    codes: Vec<String>,
}

/// A part of a bundle: either a product or a category.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct PromotionPartIn {
    product: Option<Uuid>,
    category: Option<Uuid>,
    #[schema(minimum = 1, maximum = 100)]
    quantity: u32,
}

/// A promotion to be made or changed.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct PromotionIn {
    /// Made by the client (`UUIDv7`); a new one where absent.
    id: Option<Uuid>,
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    #[schema(max_length = 500)]
    description: Option<String>,
    kind: PromotionKind,
    /// A percentage takes off so much; `buy_get` so much of those that are got, all where absent.
    #[schema(minimum = 1, maximum = 10_000)]
    percent_bp: Option<u32>,
    /// What is taken off, or the price of one bundle.
    #[schema(minimum = 0)]
    amount: Option<i64>,
    #[schema(minimum = 1, maximum = 100)]
    buy_quantity: Option<u32>,
    #[schema(minimum = 1, maximum = 100)]
    get_quantity: Option<u32>,
    #[schema(max_items = 10)]
    parts: Option<Vec<PromotionPartIn>>,
    /// The whole order where absent.
    scope: Option<PromotionScope>,
    #[schema(max_items = 100)]
    categories: Option<Vec<Uuid>>,
    #[schema(max_items = 100)]
    products: Option<Vec<Uuid>>,
    /// By itself where absent.
    trigger: Option<PromotionTrigger>,
    /// 3 to 30 letters, digits or `-`; compared without case, unique among those switched on.
    #[schema(max_length = 30, pattern = "^([A-Za-z0-9-]{3,30})?$")]
    code: Option<String>,
    /// ISO weekdays, Monday 1; empty for every day.
    #[schema(max_items = 7)]
    days: Option<Vec<u8>>,
    /// `HH:MM`; both times or none.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    start_time: Option<String>,
    /// `HH:MM`; at or before `start_time` it runs past midnight, and belongs to the day on which it began.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    end_time: Option<String>,
    #[schema(format = Date)]
    start_date: Option<String>,
    #[schema(format = Date)]
    end_date: Option<String>,
    #[schema(minimum = 0)]
    min_spend: Option<i64>,
    #[schema(minimum = 1)]
    max_uses: Option<u32>,
    is_exclusive: Option<bool>,
    #[schema(minimum = -1000, maximum = 1000)]
    priority: Option<i32>,
    is_active: Option<bool>,
}

/// A guest to be written down or changed.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct CustomerIn {
    id: Option<Uuid>,
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    #[schema(max_length = 40)]
    phone: Option<String>,
    /// Empty, or something with an `@` in it; only a letter to it would tell whether it is one.
    #[schema(
        max_length = 254,
        pattern = r"^([^\s@\u0000-\u001f\u007f-\u009f]+@[^\s@\u0000-\u001f\u007f-\u009f]+)?$"
    )]
    email: Option<String>,
    #[schema(max_length = 1000)]
    notes: Option<String>,
}

/// A payment to be taken.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct PaymentIn {
    /// Made by the client; the payment's idempotency key.
    id: Option<Uuid>,
    /// The order.
    #[schema(max_length = 128)]
    order: String,
    /// `cash`, `card`, `qris`, or another tender that the outlet names.
    #[schema(min_length = 1, max_length = 40)]
    method: String,
    /// What it settles; all that is due where absent.
    #[schema(minimum = 0)]
    amount: Option<i64>,
    /// What is handed over; exactly what is asked where absent.
    #[schema(minimum = 0)]
    tendered: Option<i64>,
    #[schema(max_length = 120)]
    reference: Option<String>,
}
