//! Promotions: what they are, when they run, and what they take off an order.
//!
//! Pure: the moment, the order's lines and the promotions come in, and what each takes off goes out. The same rules run in the
//! browser; both pass `tests/golden/promotions.json`.
//!
//! - here: what a promotion is;
//! - [`schedule`]: when it runs;
//! - [`weigh`]: which of those that run are applied to an order;
//! - `take`: what one of them takes off.

pub mod schedule;
mod take;
pub mod weigh;

use serde::{Deserialize, Serialize};

use crate::ids::Id;
use crate::money::{BasisPoints, Minor};

pub use self::schedule::{Schedule, Standing, State};
pub use self::weigh::{Applied, Priced, Weighed, weigh};

/// Most promotions of an outlet: each order is weighed against all that run.
pub const PROMOTIONS_MAX: usize = 500;
/// Most codes on one order.
pub const CODES_MAX: usize = 10;
/// Shortest and longest code, in characters.
pub const CODE_CHARS: std::ops::RangeInclusive<usize> = 3..=30;
/// Most that a buy-and-get promotion may ask for, or give.
pub const GROUP_QUANTITY_MAX: u32 = 100;
/// Most parts of a bundle.
pub const PARTS_MAX: usize = 10;
/// Furthest priority from 0.
pub const PRIORITY_MAX: i32 = 1_000;
/// Longest description, in characters: with its lists a promotion still is one entry of the views' store.
pub const DESCRIPTION_CHARS_MAX: usize = 500;

/// A promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promotion {
    /// Identity.
    pub id: Id,
    /// Name on till and receipt.
    pub name: String,
    /// For whoever manages it.
    pub description: String,
    /// What it takes off.
    pub kind: Kind,
    /// What it takes that off; the whole order for a bundle, which names its own parts.
    pub scope: Scope,
    /// What a guest says to get it; none where everybody gets it.
    pub code: Option<String>,
    /// When it runs.
    pub schedule: Schedule,
    /// What the lines must come to after their own discounts; 0 for nothing.
    pub min_spend: Minor,
    /// How many orders may have it; none for any number.
    pub max_uses: Option<u32>,
    /// It goes with no other.
    pub is_exclusive: bool,
    /// Higher ones come first.
    pub priority: i32,
    /// Switched on.
    pub is_active: bool,
}

impl Promotion {
    /// Whether a code means this one; codes are compared without case.
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        self.code.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(code))
    }

    /// Whether as many orders have it as may.
    #[must_use]
    pub fn is_used_up(&self, uses: u32) -> bool {
        self.max_uses.is_some_and(|max| uses >= max)
    }

    /// Its place among others, first to last: by priority, then by id, so that every machine agrees.
    #[must_use]
    pub fn place(&self) -> (std::cmp::Reverse<i32>, Id) {
        (std::cmp::Reverse(self.priority), self.id)
    }
}

/// Whether a text can be a code: letters, digits and `-`.
#[must_use]
pub fn is_code(text: &str) -> bool {
    CODE_CHARS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// What a promotion takes off. New kinds are added at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A share, in basis points.
    Percent(BasisPoints),
    /// A fixed amount.
    Amount(Minor),
    /// Of so many bought, so many more are cheaper.
    BuyGet {
        /// How many are paid in full.
        buy: u32,
        /// How many more are got.
        get: u32,
        /// What is taken off those, in basis points: 10,000 for free.
        rate_bp: BasisPoints,
    },
    /// These together cost so much.
    Bundle {
        /// Price of one bundle.
        price: Minor,
        /// What is in one.
        parts: Vec<Part>,
    },
}

/// A part of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What fits.
    pub of: PartOf,
    /// How many of it.
    pub quantity: u32,
}

/// What fits a part of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PartOf {
    /// This product.
    Product(Id),
    /// Any product of this category.
    Category(Id),
}

/// What a promotion looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// Every line.
    Order,
    /// Lines of these categories.
    Categories(Vec<Id>),
    /// Lines of these products.
    Products(Vec<Id>),
}

impl Scope {
    /// Whether a line is within.
    #[must_use]
    pub fn has(&self, line: &Priced) -> bool {
        match self {
            Self::Order => true,
            Self::Categories(ids) => line.category.is_some_and(|id| ids.contains(&id)),
            Self::Products(ids) => line.product.is_some_and(|id| ids.contains(&id)),
        }
    }
}
