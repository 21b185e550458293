//! What may be asked about promotions.

use protocol::ids::Id;
use protocol::money::{BasisPoints, Minor};
use protocol::promotion::Part;

use super::Change;

/// Promotions.
#[derive(Debug, Clone)]
pub enum PromotionCommand {
    /// One is made, changed or taken away.
    Change(Id, Box<Change<PromotionPatch>>),
    /// Whatever has begun to run, or has stopped, since it was last told is to be told.
    Sweep,
}

/// What a promotion takes off, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the kinds of `protocol::promotion::Kind`")]
pub enum KindWord {
    Percent,
    Amount,
    BuyGet,
    Bundle,
}

/// What a promotion looks at, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the scopes of `protocol::promotion::Scope`")]
pub enum ScopeWord {
    Order,
    Category,
    Product,
}

/// Fields of a promotion, each by itself; what is `None` stays. The fields that may be empty say so within.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the fields of `protocol::promotion::Promotion`, as they are written")]
pub struct PromotionPatch {
    pub name: Option<String>,
    pub description: Option<String>,
    pub kind: Option<KindWord>,
    pub percent_bp: Option<Option<BasisPoints>>,
    pub amount: Option<Option<Minor>>,
    pub buy: Option<Option<u32>>,
    pub get: Option<Option<u32>>,
    pub parts: Option<Vec<Part>>,
    pub scope: Option<ScopeWord>,
    pub categories: Option<Vec<Id>>,
    pub products: Option<Vec<Id>>,
    /// Whether it takes a code.
    pub by_code: Option<bool>,
    pub code: Option<String>,
    pub days: Option<Vec<u8>>,
    pub start_time: Option<Option<u16>>,
    pub end_time: Option<Option<u16>>,
    pub start_date: Option<Option<i32>>,
    pub end_date: Option<Option<i32>>,
    pub min_spend: Option<Minor>,
    pub max_uses: Option<Option<u32>>,
    pub is_exclusive: Option<bool>,
    pub priority: Option<i32>,
    pub is_active: Option<bool>,
}
