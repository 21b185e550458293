//! Shapes of request bodies, for the document. They are read field by field (`form`), so that every field that does not
//! hold is named; a test sends each of these through the readers.
#![allow(dead_code, reason = "the document describes them, `form` reads them")]

use protocol::device::DeviceRole;
use protocol::order::{OrderStatus, OrderType};
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
