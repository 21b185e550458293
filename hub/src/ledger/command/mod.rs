//! What may be asked of the ledger, and how it refuses.
//!
//! A command is already well-formed (its types and sizes were checked where it came in); whether it makes sense is
//! decided against the state (`decide`).

mod guests;
mod outlet;
mod people;
mod promotions;

use protocol::event::{Actor, Key};
use protocol::ids::{Id, WireId};
use protocol::money::{BasisPoints, Minor};
use protocol::order::{ItemStatus, OrderStatus, OrderType, Origin, SoldModifier};
use protocol::outlet::Outlet;
use protocol::pricing::Discount;
use protocol::settings::Settings;
use protocol::staff::Approval;
use protocol::work::{DayTotals, JobRun};
use serde_json::{Map, Value};

pub use self::guests::GuestCommand;
pub use self::outlet::{OutletPatch, SettingsPatch};
pub use self::people::{DeviceCommand, DevicePatch, NewDevice, StaffCommand, UserPatch};
pub use self::promotions::{KindWord, PromotionCommand, PromotionPatch, ScopeWord};

/// A command with who gives it and under which keys a repeat is recognised.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who.
    pub actor: Actor,
    /// On which paired device.
    pub device: Option<Id>,
    /// Who let them.
    pub approval: Option<Approval>,
    /// Keys, each with the hash of the request's content.
    pub keys: Vec<Key>,
    /// What.
    pub command: Command,
}

impl Request {
    /// From somebody who is on no paired device and needs nobody's leave.
    #[must_use]
    pub fn of(actor: Actor, keys: Vec<Key>, command: Command) -> Self {
        Self { actor, device: None, approval: None, keys, command }
    }
}

/// What may be asked.
#[derive(Debug, Clone)]
pub enum Command {
    /// Sets the outlet up.
    SetOutlet(Box<Outlet>),
    /// Changes the outlet's settings.
    ChangeOutlet(Box<OutletPatch>),
    /// Changes the hub's own settings.
    ChangeSettings {
        /// What.
        patch: SettingsPatch,
        /// What holds where nobody has set anything.
        defaults: Settings,
    },
    /// Closes a business day with what its orders came to.
    CloseDay(Box<DayTotals>),
    /// Notes what came of scheduled work.
    NoteRun(Box<JobRun>),
    /// Changes what is sold.
    Catalogue(CatalogueCommand),
    /// Changes who works here, or who is signed in.
    Staff(StaffCommand),
    /// Changes what is paired.
    Device(DeviceCommand),
    /// Changes who is known of the guests.
    Guest(GuestCommand),
    /// Changes promotions, or tells which of them run.
    Promotion(PromotionCommand),
    /// Places an order in our shape, or an old till's row.
    Place(Box<NewOrder>),
    /// Another round.
    AddItems {
        /// Of which order.
        order: Id,
        /// The lines.
        items: Vec<NewItem>,
    },
    /// Calls a line off.
    VoidItem {
        /// Which.
        item: Id,
        /// Why.
        reason: String,
    },
    /// Moves a line in the kitchen.
    MoveItem {
        /// Which.
        item: Id,
        /// Where to.
        status: ItemStatus,
    },
    /// Changes an order's status, table, notes or kind.
    Change {
        /// Which.
        order: Id,
        /// What.
        change: OrderPatch,
    },
    /// Calls an order off.
    Cancel {
        /// Which.
        order: Id,
        /// Why.
        reason: String,
    },
    /// Takes something off a whole order, instead of what was taken off before.
    Discount {
        /// Of which order.
        order: Id,
        /// What.
        discount: Discount,
        /// Why.
        reason: String,
        /// Whoever asks may take off no more than this share of the items; none where they may take off all.
        limit_bp: Option<BasisPoints>,
    },
    /// Says which codes the guest of an order named, instead of those before.
    SetCodes {
        /// Of which order.
        order: Id,
        /// As they were said.
        codes: Vec<String>,
    },
    /// Takes a payment.
    Pay(NewPayment),
    /// An old till's `new_order`.
    OldPlace(Box<OldOrder>),
    /// An old screen's `update_status`, `complete_order` or `cancel_order`.
    OldMove(OldMove),
}

/// An order in our shape.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// Its id as the client wrote it, or a new one.
    pub wire_id: WireId,
    /// Which door it came through.
    pub origin: Origin,
    /// Number of an old till's row, kept as it is.
    pub number: Option<String>,
    /// How the guest eats.
    pub order_type: OrderType,
    /// Table, or empty.
    pub table: String,
    /// Guest, or empty.
    pub customer: String,
    /// For everybody.
    pub notes: String,
    /// Free JSON object as text, or empty.
    pub metadata: String,
    /// `Open` to park it, `Sent` for the kitchen.
    pub status: OrderStatus,
    /// The client's total with the name of its field, to be compared.
    pub expected_total: Option<(&'static str, Minor)>,
    /// Lines.
    pub items: Vec<NewItem>,
    /// An old row that says it is paid: with which tender.
    pub paid_by: Option<String>,
    /// Codes that the guest named.
    pub codes: Vec<String>,
    /// When the client priced it, in milliseconds since 1970, where it says so.
    pub priced_at_ms: Option<i64>,
}

/// A line to be priced.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// Its id.
    pub id: Id,
    /// What.
    pub product: Id,
    /// Under which name the client said what: old rows say `product_id`.
    pub product_field: &'static str,
    /// How many.
    pub quantity: u32,
    /// Modifiers picked.
    pub modifiers: Vec<Id>,
    /// For the cook.
    pub notes: String,
}

/// Changes of an order; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct OrderPatch {
    /// Where to.
    pub status: Option<OrderStatus>,
    /// Table.
    pub table: Option<String>,
    /// Notes.
    pub notes: Option<String>,
    /// Kind.
    pub order_type: Option<OrderType>,
}

/// A payment to be taken.
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// Its id.
    pub id: Id,
    /// Of which order.
    pub order: Id,
    /// Tender.
    pub method: String,
    /// What it settles; all that is due where `None`.
    pub amount: Option<Minor>,
    /// What is handed over; exactly what is asked where `None`.
    pub tendered: Option<Minor>,
    /// Reference of the terminal.
    pub reference: String,
}

/// An old till's order.
#[derive(Debug, Clone)]
pub struct OldOrder {
    /// Its id as sent.
    pub wire_id: WireId,
    /// Number as sent.
    pub number: String,
    /// How the guest eats, where it says.
    pub order_type: OrderType,
    /// Table as sent.
    pub table: String,
    /// Notes as sent.
    pub notes: String,
    /// Status word as sent.
    pub status: Option<String>,
    /// Lines as sent.
    pub items: Vec<OldItem>,
    /// Total as sent, in minor units.
    pub total: Option<Minor>,
    /// The whole payload, as `MessagePack`.
    pub raw: Vec<u8>,
}

/// A line as an old till sent it.
#[derive(Debug, Clone)]
pub struct OldItem {
    /// Product id or code that it names, where it names one.
    pub product: Option<String>,
    /// Name as sent.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// Price of one as sent, in minor units.
    pub price: Minor,
    /// Modifiers as sent.
    pub modifiers: Vec<SoldModifier>,
    /// Notes as sent.
    pub notes: String,
}

/// An old screen's change.
#[derive(Debug, Clone)]
pub struct OldMove {
    /// Which order.
    pub wire_id: WireId,
    /// Which event.
    pub kind: OldMoveKind,
    /// The whole payload, as `MessagePack`.
    pub raw: Vec<u8>,
}

/// The old screens' events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OldMoveKind {
    /// `update_status` with its word.
    Update(String),
    /// `complete_order`.
    Complete,
    /// `cancel_order` with its reason.
    Cancel(String),
}

/// Changes of what is sold. What a patch leaves `None` stays, or takes its default in a new entry.
#[derive(Debug, Clone)]
pub enum CatalogueCommand {
    /// A category.
    Category(Id, Change<CategoryPatch>),
    /// A modifier group.
    Group(Id, Change<GroupPatch>),
    /// A modifier.
    Modifier(Id, Change<ModifierPatch>),
    /// A product.
    Product(Id, Change<ProductPatch>),
}

/// How an entry changes.
#[derive(Debug, Clone)]
pub enum Change<Patch> {
    /// It is new.
    Create(Patch),
    /// It is there and changes.
    Update(Patch),
    /// It goes.
    Remove,
}

/// Fields of a category.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the fields of `protocol::catalogue::Category`")]
pub struct CategoryPatch {
    pub name: Option<String>,
    pub station: Option<String>,
    pub sort_order: Option<i32>,
    pub is_active: Option<bool>,
}

/// Fields of a modifier group.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the fields of `protocol::catalogue::ModifierGroup`")]
pub struct GroupPatch {
    pub name: Option<String>,
    pub min_select: Option<u16>,
    pub max_select: Option<u16>,
    pub sort_order: Option<i32>,
}

/// Fields of a modifier.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the fields of `protocol::catalogue::Modifier`")]
pub struct ModifierPatch {
    pub group: Option<Id>,
    pub name: Option<String>,
    pub price: Option<Minor>,
    pub is_available: Option<bool>,
    pub sort_order: Option<i32>,
}

/// Fields of a product.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the fields of `protocol::catalogue::Product`")]
pub struct ProductPatch {
    pub sku: Option<String>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub category: Option<Id>,
    pub price: Option<Minor>,
    pub image: Option<Option<String>>,
    pub is_available: Option<bool>,
    pub modifier_groups: Option<Vec<Id>>,
    pub barcode: Option<String>,
    pub sort_order: Option<i32>,
}

/// Why a command changes nothing.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// Fields that do not hold, as `{"field": ["message"]}`, nested for items.
    #[error("invalid: {0:?}")]
    Invalid(Map<String, Value>),
    /// It is about something that is not there.
    #[error("{0} does not exist")]
    NotFound(&'static str),
    /// It does not fit what is there.
    #[error("{detail}")]
    Conflict {
        /// A stable word for programs.
        code: &'static str,
        /// For people.
        detail: String,
    },
    /// Too many wrong tries: the next one is listened to later.
    #[error("too many wrong tries; try again in {seconds} s")]
    Wait {
        /// How much later.
        seconds: u64,
    },
    /// The account is closed, or the session has ended.
    #[error("not signed in any more")]
    SignedOut,
    /// The device was never paired, or not any more.
    #[error("this device is not paired, or not any more")]
    NotPaired,
    /// More is to be taken off than whoever asks may.
    #[error("more than {percent} % needs a manager")]
    PastLimit {
        /// How much they may, in percent.
        percent: BasisPoints,
    },
    /// Nobody has set the outlet up yet.
    #[error("the outlet is not set up yet")]
    NotSetUp,
}

impl Refusal {
    /// One field with one message.
    pub fn field(name: &str, message: impl Into<String>) -> Self {
        Self::Invalid(Map::from_iter([(name.to_owned(), Value::from(vec![message.into()]))]))
    }

    /// A conflict.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict { code, detail: detail.into() }
    }
}
