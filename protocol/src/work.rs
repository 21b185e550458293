//! What the hub does by itself: its jobs, what came of their runs, and business days that are over.

use serde::{Deserialize, Serialize};

use crate::money::Minor;
use crate::outlet::BusinessDay;

/// Longest message of a run, in characters.
pub const MESSAGE_CHARS_MAX: usize = 500;

/// Scheduled work. Later ones are added at the end: the place of each is stored.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = JobName)]
pub enum Job {
    /// Tells tills which promotions began and ended.
    Promotions,
    /// Writes down what a business day that is over came to.
    DayClose,
    /// Copies the ledger and the pictures.
    Backup,
    /// Forgets what is kept no longer.
    Retention,
    /// Looks whether the certificate still fits.
    Certificate,
}

impl Job {
    /// Every job.
    pub const ALL: [Self; 5] =
        [Self::Promotions, Self::DayClose, Self::Backup, Self::Retention, Self::Certificate];

    /// Its word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Promotions => "promotions",
            Self::DayClose => "day_close",
            Self::Backup => "backup",
            Self::Retention => "retention",
            Self::Certificate => "certificate",
        }
    }

    /// The job of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|job| job.word() == word)
    }
}

/// A figure or a word of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    /// How many.
    Number(i64),
    /// Which.
    Text(String),
}

/// A run of a job that did something, or that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRun {
    /// Which job.
    pub job: Job,
    /// When it began, by the machine's clock, in milliseconds since 1970.
    pub started_ms: i64,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
    /// Whether it did what it is there for.
    pub is_ok: bool,
    /// What came of it, in a sentence.
    pub message: String,
    /// Figures, each with its name.
    pub facts: Vec<(String, Fact)>,
}

/// Business days. New kinds are added at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DayEvent {
    /// A business day is over: no order belongs to it any more that did not.
    Closed(Box<DayTotals>),
}

/// What a business day's orders came to, as they stood when it was closed. Tickets of old tills (`Origin::OldSocket`) are
/// not sales and not in here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTotals {
    /// Which day.
    pub day: BusinessDay,
    /// Orders that were not called off.
    pub orders: u32,
    /// Orders that were.
    pub cancelled: u32,
    /// Dishes and drinks of the orders that were not: lines times quantity, without what was called off.
    pub items: u64,
    /// Their lines before discounts.
    pub subtotal: Minor,
    /// All their discounts, as a positive amount.
    pub discount: Minor,
    /// Their service charges.
    pub service: Minor,
    /// Their taxes, those contained in prices too.
    pub tax: Minor,
    /// What was to be paid for them, before cash rounding.
    pub total: Minor,
    /// What their payments settled.
    pub paid: Minor,
    /// What was added to cash payments so that they could be paid in coins.
    pub rounding: Minor,
    /// Orders on which something was still to happen.
    pub open_orders: u32,
    /// What was paid by each tender, by its name.
    pub tenders: Vec<TenderTotal>,
    /// The lowest receipt number among them.
    pub first_receipt: Option<u64>,
    /// The highest.
    pub last_receipt: Option<u64>,
    /// The ledger's epoch at the close.
    pub epoch: u32,
    /// The record of the day's first order.
    pub first_seq: u64,
    /// The last record before the close that was about an order of the day.
    pub last_seq: u64,
}

/// What was paid by one tender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderTotal {
    /// `cash`, `card`, `qris`, or another that the outlet names.
    pub method: String,
    /// Payments.
    pub count: u32,
    /// What they settled, in minor units; cash rounding is apart.
    pub amount: Minor,
}
