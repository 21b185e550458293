//! What the ledger stores: one `Envelope` per record.
//!
//! Encoded with postcard, under the record's format version. Enums grow at their end only, and a stored field is
//! never re-used for another meaning; golden bytes in `tests/golden` hold both. Events carry what was decided (the
//! priced bill, the number called out), never something a later version might compute differently.

use serde::{Deserialize, Serialize};

use crate::catalogue::{Category, Modifier, ModifierGroup, Product};
use crate::device::Device;
use crate::guest::Sealed;
use crate::ids::{Id, WireId};
use crate::order::{Item, ItemStatus, OrderStatus, OrderType, Origin, Payment};
use crate::outlet::{BusinessDay, Outlet};
use crate::pricing::{Bill, Discount};
use crate::promotion::{Applied, Promotion};
use crate::settings::Settings;
use crate::staff::{Approval, Session, SessionEnd, User};
use crate::work::{DayEvent, JobRun};

/// Version of the encoding of `Envelope` that is written. Version 1 is read; any other is refused by name.
pub const EVENT_VERSION: u8 = 2;

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// What kind of actor.
    pub kind: ActorKind,
    /// Name shown in the audit trail: a user's, a device's, or the job's.
    pub name: String,
}

impl Actor {
    /// The hub itself.
    #[must_use]
    pub fn system(name: &str) -> Self {
        Self { kind: ActorKind::System, name: name.to_owned() }
    }

    /// Somebody who is signed in.
    #[must_use]
    pub fn user(user: &User) -> Self {
        Self { kind: ActorKind::User(user.id), name: user.name.clone() }
    }

    /// A paired device on which nobody is signed in.
    #[must_use]
    pub fn device(device: &Device) -> Self {
        Self { kind: ActorKind::Device(device.id), name: device.name.clone() }
    }

    /// An old client on the LAN that is not paired.
    #[must_use]
    pub fn lan(name: &str) -> Self {
        Self { kind: ActorKind::Lan, name: name.to_owned() }
    }
}

/// Kinds of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ActorKind {
    /// The hub itself: first start, scheduled work.
    System,
    /// A client on the LAN with no sign-in.
    Lan,
    /// Somebody who is signed in.
    User(Id),
    /// A paired device on which nobody is signed in.
    Device(Id),
}

/// An idempotency key and what it was first used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// BLAKE3 of the key's scope and text, first 16 bytes.
    pub key: [u8; 16],
    /// BLAKE3 of the request's content, first 16 bytes.
    pub content: [u8; 16],
}

/// A fact, with when and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Milliseconds since 1970; never before the record before it.
    pub at_ms: i64,
    /// The clock could not be trusted when this was written.
    pub time_unverified: bool,
    /// Who.
    pub actor: Actor,
    /// On which paired device; none where it was asked from elsewhere.
    pub device: Option<Id>,
    /// Who let the actor do what the actor alone may not.
    pub approval: Option<Approval>,
    /// Keys under which a repeat of the request is recognised.
    pub keys: Vec<Key>,
    /// What.
    pub event: Event,
}

/// As version 1 was written: before devices were paired.
#[derive(Deserialize)]
struct EnvelopeV1 {
    at_ms: i64,
    time_unverified: bool,
    actor: Actor,
    keys: Vec<Key>,
    event: Event,
}

/// Why a stored envelope cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A version that this program does not know.
    #[error("version {0} is not known")]
    Version(u8),
    /// Not what its version says.
    #[error("the content cannot be read")]
    Content,
}

impl Envelope {
    /// Reads what was stored under a version.
    pub fn decode(version: u8, bytes: &[u8]) -> Result<Self, DecodeError> {
        match version {
            1 => {
                let EnvelopeV1 { at_ms, time_unverified, actor, keys, event } = whole(bytes)?;
                Ok(Self { at_ms, time_unverified, actor, device: None, approval: None, keys, event })
            }
            EVENT_VERSION => whole(bytes),
            other => Err(DecodeError::Version(other)),
        }
    }
}

/// Reads everything that is there.
fn whole<'bytes, T: Deserialize<'bytes>>(bytes: &'bytes [u8]) -> Result<T, DecodeError> {
    match postcard::take_from_bytes(bytes) {
        Ok((content, [])) => Ok(content),
        _ => Err(DecodeError::Content),
    }
}

/// Every kind of fact. New kinds are added at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The outlet's settings, at first start and at each change.
    OutletSet(Outlet),
    /// A category was made or changed.
    CategoryPut(Category),
    /// A category was taken off the menu.
    CategoryRemoved(Id),
    /// A modifier group was made or changed.
    ModifierGroupPut(ModifierGroup),
    /// A modifier group was taken off.
    ModifierGroupRemoved(Id),
    /// A modifier was made or changed.
    ModifierPut(Modifier),
    /// A modifier was taken off.
    ModifierRemoved(Id),
    /// A product was made or changed.
    ProductPut(Product),
    /// A product was taken off the menu.
    ProductRemoved(Id),
    /// An order began.
    OrderPlaced(Box<OrderPlaced>),
    /// An order changed.
    OrderChanged(OrderRef, OrderEvent),
    /// Something about who works here.
    Staff(StaffEvent),
    /// Something about what is paired.
    Device(DeviceEvent),
    /// Something about a guest.
    Guest(GuestEvent),
    /// Something about a promotion.
    Promotion(PromotionEvent),
    /// The hub's own settings, at each change.
    SettingsSet(Settings),
    /// Something about a business day.
    Day(DayEvent),
    /// Scheduled work did something, or failed.
    Job(JobRun),
}

/// Promotions. New kinds are added at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PromotionEvent {
    /// A promotion was made or changed.
    Put(Box<Promotion>),
    /// A promotion was taken away.
    Removed(Id),
    /// A promotion has begun to run: its time has come, or it was given back.
    Started(Id),
    /// A promotion does not run any more: its time is over, or it is used up.
    Ended(Id),
}

/// Accounts and sessions. New kinds are added at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StaffEvent {
    /// An account was made or changed.
    UserPut(User),
    /// Somebody signed in.
    SessionBegan(Session),
    /// A session was refreshed; as it now is.
    SessionRefreshed(Session),
    /// A session ended.
    SessionEnded {
        /// Which.
        session: Id,
        /// Whose.
        user: Id,
        /// Why.
        why: SessionEnd,
    },
    /// Somebody tried to sign in and did not know how.
    SignInRefused {
        /// As whom.
        user: Id,
    },
    /// An account got a PIN, or lost it.
    PinSet {
        /// Whose.
        user: Id,
        /// argon2id of it, as a PHC string; none where there is none any more.
        pin: Option<String>,
    },
    /// A wrong PIN, on the envelope's device.
    PinRefused {
        /// As whom.
        user: Id,
    },
    /// The actor asked for something that is not theirs to ask.
    AccessRefused {
        /// For what: a method and a route, or an event.
        what: String,
    },
}

/// Paired devices. New kinds are added at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceEvent {
    /// A device was paired or changed.
    Put(Device),
    /// A device lost its rights.
    Revoked(Id),
    /// Somebody tried a code that pairs nothing.
    PairingRefused,
}

/// Guests. What is personal is in here only encrypted, because a record is never taken back. New kinds are added at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum GuestEvent {
    /// A guest was made or changed.
    Put {
        /// Who.
        guest: Id,
        /// All that is personal, as it now is.
        sealed: Sealed,
    },
    /// A guest is to be known no more: their key is destroyed.
    Forgotten(Id),
}

/// Names an order in an event, with all that a screen needs to say which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRef {
    /// Identity.
    pub id: Id,
    /// The id as its maker wrote it, for echoing.
    pub wire_id: WireId,
    /// What is called out.
    pub number: String,
}

/// The beginning of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPlaced {
    /// Which.
    pub order: OrderRef,
    /// Which door it came through.
    pub origin: Origin,
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
    /// First status.
    pub status: OrderStatus,
    /// A status word that is none of ours, as sent.
    pub status_word: Option<String>,
    /// Lines as priced.
    pub items: Vec<Item>,
    /// Order discount.
    pub discount: Discount,
    /// The bill as priced.
    pub bill: Bill,
    /// Business day.
    pub business_day: BusinessDay,
    /// What an old client sent, as `MessagePack`, passed on unchanged to screens.
    pub raw: Option<Vec<u8>>,
}

/// Through which door an order was moved: the old screens hear each under the name it always had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Via {
    /// REST, or the hub itself.
    Hub,
    /// The old `update_status`.
    UpdateStatus,
    /// The old `complete_order`.
    CompleteOrder,
    /// The old `cancel_order`.
    CancelOrder,
}

/// A change of an order. New kinds are added at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderEvent {
    /// Another round.
    ItemsAdded {
        /// The new lines.
        items: Vec<Item>,
        /// The whole bill with them.
        bill: Bill,
        /// Where the order stands with them: a served order goes back to the kitchen.
        status: OrderStatus,
    },
    /// A line was called off.
    ItemVoided {
        /// Which.
        item: Id,
        /// Its name, for the screen.
        name: String,
        /// How many were called off.
        quantity: u32,
        /// Why.
        reason: String,
        /// The whole bill without it.
        bill: Bill,
    },
    /// A line moved in the kitchen.
    ItemStatus {
        /// Which.
        item: Id,
        /// Its new state.
        status: ItemStatus,
        /// What that makes of the order.
        order_status: OrderStatus,
    },
    /// The whole order moved.
    Status {
        /// Where to.
        status: OrderStatus,
        /// A word that is none of ours, as sent.
        word: Option<String>,
        /// Why, for a cancellation.
        reason: String,
        /// Through which door.
        via: Via,
        /// What an old client sent, as `MessagePack`.
        raw: Option<Vec<u8>>,
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
        payment: Payment,
        /// The order's receipt number: new with the first payment, the same with the others.
        receipt_number: u64,
    },
    /// Something was taken off the whole order, or is not any more.
    Discounted {
        /// The order's discount now.
        discount: Discount,
        /// Why.
        reason: String,
        /// The whole bill with it.
        bill: Bill,
    },
    /// What the order has of promotions, where that is new.
    Promoted {
        /// The moment that promotions are judged at, in milliseconds since 1970.
        moment_ms: i64,
        /// Codes that the guest named.
        codes: Vec<String>,
        /// What each promotion takes off now.
        applied: Vec<Applied>,
        /// The whole bill with them.
        bill: Bill,
    },
}
