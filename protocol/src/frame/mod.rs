//! What a hub and the relay say to each other: one frame is one binary message of their WebSocket.
//!
//! ```text
//! 0  version  u8   of the frames' encoding; another is refused by name
//! 1  packing  u8   0: the payload as it is, 1: compressed with zstd
//! 2  payload       postcard of a `HubFrame` or a `RelayFrame`
//! ```
//!
//! The hub speaks first (`Hello`), the relay answers `Welcome` with what it has and how much it takes, or `Refused`. Then batches of
//! records go up, each answered by an `Ack` once it is committed. Records are carried as the ledger stores them, so that both check the
//! same chain. Enums grow at their ends only; golden bytes in `tests/golden/frames.txt` hold them.

mod packing;

pub use packing::{FRAME_BYTES_MAX, FrameError, decode, encode};

use serde::{Deserialize, Serialize};

use crate::chain::{Cursor, Hash};
use crate::ids::Id;
use crate::outlet::BusinessDay;

/// Version of the encoding. A relay reads this one and the one before it.
pub const FRAME_VERSION: u8 = 1;
/// The path of the uplink below the relay's address.
pub const UPLINK_PATH: &str = "/uplink/v1";
/// Most records of one batch.
pub const BATCH_RECORDS_MAX: usize = 500;
/// Bytes of records after which a batch is full: enough for a thousand sales a minute, little enough to be repeated.
pub const BATCH_BYTES: usize = 256 << 10;

/// What a hub says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum HubFrame<'bytes> {
    /// Who is there, and how far its ledger goes. The first frame of a connection, and only that.
    Hello(Hello),
    /// Records, in order.
    #[serde(borrow)]
    Batch(Batch<'bytes>),
    /// A document was carried out, or refused.
    Applied(Applied),
    /// Nothing else was to be said for a while.
    Heartbeat(Health),
    /// A business day has ended, with these figures.
    Compare(DayFigures),
}

/// What the relay says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelayFrame<'bytes> {
    /// The connection stands.
    Welcome(Welcome),
    /// The connection does not stand, or not any more: the last frame.
    Refused(Refused),
    /// Everything up to here is committed.
    Ack {
        /// The last record that the relay has.
        have: Cursor,
        /// How many records may be on their way, unacknowledged.
        credit: u32,
    },
    /// A record was set aside: it is kept, and counts in no figure. The chain goes on.
    Quarantined {
        /// Which.
        seq: u64,
        /// Why.
        why: String,
    },
    /// A document for this hub.
    #[serde(borrow)]
    Downlink(Downlink<'bytes>),
    /// Nothing else was to be said for a while.
    Heartbeat {
        /// The relay's clock, in milliseconds since 1970.
        now_ms: i64,
    },
    /// What the relay makes of a day's figures.
    Compared(Compared),
}

/// Who is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The program and its version.
    pub software: String,
    /// The outlet that the ledger is of.
    pub outlet: Id,
    /// The ledger's last durable record.
    pub head: Cursor,
    /// The version of each document that was carried out last.
    pub applied: Vec<(DocumentKind, u64)>,
    /// How it is.
    pub health: Health,
}

/// How a hub is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Health {
    /// The ledger's last durable record.
    pub head_seq: u64,
    /// The hub's clock, in milliseconds since 1970.
    pub now_ms: i64,
    /// The clock could not be trusted.
    pub time_unverified: bool,
    /// Bytes that are free for the ledger.
    pub disk_free_bytes: u64,
}

/// A record as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored<'bytes> {
    /// Version of the body's encoding.
    pub version: u8,
    /// More records of the same request follow: they count together or not at all.
    pub more: bool,
    /// The ledger's epoch.
    pub epoch: u32,
    /// Encoded envelope.
    #[serde(borrow, with = "serde_bytes")]
    pub body: &'bytes [u8],
}

/// Records, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch<'bytes> {
    /// The record before the first.
    pub before: Cursor,
    /// From one to `BATCH_RECORDS_MAX`.
    #[serde(borrow)]
    pub records: Vec<Stored<'bytes>>,
    /// The hash of the last: what the receiver's own reckoning must come to.
    pub last: Hash,
}

impl Batch<'_> {
    /// The place of each record, reckoned from the one before it; the last one's hash is not compared with `last` here.
    pub fn cursors(&self) -> impl Iterator<Item = Cursor> {
        self.records.iter().scan(self.before, |at, record| {
            *at = at.next(record.version, record.epoch, record.body);
            Some(*at)
        })
    }

    /// The number of the last record.
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.before.seq + self.records.len() as u64
    }
}

/// The connection stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The last record that the relay has of this outlet.
    pub have: Cursor,
    /// How many records may be on their way, unacknowledged.
    pub credit: u32,
    /// After how many milliseconds of silence each side says something; twice that, and the other takes it for dead.
    pub heartbeat_ms: u32,
    /// The relay's clock, in milliseconds since 1970.
    pub now_ms: i64,
}

/// Why a connection does not stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refused {
    /// The frames are of a version that the relay does not read.
    Version {
        /// The newest that it does.
        newest: u8,
    },
    /// The ledger is another outlet's than the credential.
    OtherOutlet,
    /// A later epoch is the outlet's: this box has been replaced.
    Fenced {
        /// The outlet's epoch.
        epoch: u32,
    },
    /// What was sent does not follow from what the relay has. Nothing of this outlet is taken until somebody has looked.
    Diverged {
        /// The first record that differs.
        seq: u64,
    },
    /// Records are missing before those that were sent.
    Gap {
        /// The last record that the relay has.
        have: Cursor,
    },
    /// A frame that makes no sense.
    Malformed(String),
    /// The relay cannot take anything now.
    Busy {
        /// When it is worth another try, in milliseconds.
        retry_ms: u32,
    },
    /// The credential was revoked while the connection stood.
    Revoked,
}

/// What head office sends down, a version at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DocumentKind {
    /// Categories, products, add-ons, prices.
    Menu,
    /// Promotions.
    Promotions,
    /// Accounts.
    Staff,
    /// The outlet's settings.
    Settings,
}

/// A document for a hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Downlink<'bytes> {
    /// What it is about.
    pub kind: DocumentKind,
    /// Later versions replace earlier ones.
    pub version: u64,
    /// JSON, in the shapes of REST.
    #[serde(borrow, with = "serde_bytes")]
    pub content: &'bytes [u8],
}

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// What it was about.
    pub kind: DocumentKind,
    /// Its version.
    pub version: u64,
    /// Why it was not carried out; none where it was.
    pub refused: Option<String>,
}

/// A business day's figures, up to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayFigures {
    /// Which day.
    pub day: BusinessDay,
    /// The record up to which they hold.
    pub upto: Cursor,
    /// Orders that were not cancelled.
    pub orders: u64,
    /// Orders that were.
    pub cancelled: u64,
    /// Sum of their totals, in minor units.
    pub total: i64,
    /// Sum of what was paid, in minor units.
    pub paid: i64,
}

/// What the relay makes of a day's figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// Which day.
    pub day: BusinessDay,
    /// What differs, in words; none where everything is the same.
    pub differs: Option<String>,
    /// The first record that differs, where it is the records that do.
    pub first_seq: Option<u64>,
}
