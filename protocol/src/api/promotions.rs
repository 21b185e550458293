//! Promotions, and what they took off orders, as REST answers them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Context;
use crate::money::Minor;
use crate::outlet::business_date;
use crate::promotion::{Applied, Kind, Part, PartOf, Promotion, Scope, Standing, State};

/// A part of a bundle: either a product or any product of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PromotionPart)]
pub struct PartOut {
    /// The product.
    pub product: Option<Uuid>,
    /// The category.
    pub category: Option<Uuid>,
    /// How many of it.
    pub quantity: u32,
}

impl From<&Part> for PartOut {
    fn from(part: &Part) -> Self {
        let (product, category) = match part.of {
            PartOf::Product(id) => (Some(id), None),
            PartOf::Category(id) => (None, Some(id)),
        };
        Self { product, category, quantity: part.quantity }
    }
}

/// What a promotion takes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromotionKind {
    /// A share.
    Percent,
    /// An amount.
    Amount,
    /// Of so many bought, so many more.
    BuyGet,
    /// A price for these together.
    Bundle,
}

/// What a promotion takes off from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromotionScope {
    /// Every line.
    Order,
    /// Lines of some categories.
    Category,
    /// Lines of some products.
    Product,
}

/// Who gets a promotion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromotionTrigger {
    /// Everybody.
    Automatic,
    /// Whoever names its code.
    Code,
}

/// A promotion.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Promotion)]
pub struct PromotionOut {
    /// Identity.
    pub id: Uuid,
    /// Name on till and receipt.
    pub name: String,
    /// For whoever manages it.
    pub description: String,
    /// What it takes off.
    pub kind: PromotionKind,
    /// What a percentage takes off, or what is taken off those that are got, in hundredths of a percent.
    pub percent_bp: Option<u32>,
    /// What is taken off; the price of one bundle.
    pub amount: Option<i64>,
    /// How many are bought.
    pub buy_quantity: Option<u32>,
    /// How many more are got.
    pub get_quantity: Option<u32>,
    /// What is in one bundle.
    pub parts: Vec<PartOut>,
    /// What it takes that off.
    pub scope: PromotionScope,
    /// Categories that it looks at.
    pub categories: Vec<Uuid>,
    /// Products that it looks at.
    pub products: Vec<Uuid>,
    /// Who gets it.
    pub trigger: PromotionTrigger,
    /// What a guest says to get it; empty where it comes by itself.
    pub code: String,
    /// ISO weekdays, Monday 1; empty for every day.
    pub days: Vec<u8>,
    /// `HH:MM` on the outlet's wall; none for the whole day.
    pub start_time: Option<String>,
    /// `HH:MM`; at or before `start_time` where it runs past midnight.
    pub end_time: Option<String>,
    /// First date.
    pub start_date: Option<String>,
    /// Last date.
    pub end_date: Option<String>,
    /// What the lines must come to after their own discounts.
    pub min_spend: i64,
    /// How many orders may have it.
    pub max_uses: Option<u32>,
    /// How many have it.
    pub uses: u32,
    /// It goes with no other.
    pub is_exclusive: bool,
    /// Higher ones come first.
    pub priority: i32,
    /// Switched on.
    pub is_active: bool,
    /// Where it stands now.
    pub state: State,
    /// When it next starts or stops by itself.
    pub next_change_at: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// When it last changed.
    pub updated_at: String,
}

/// What is known of a promotion beside itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PromotionFacts {
    /// How many orders have it.
    pub uses: u32,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// When it last changed.
    pub updated_ms: i64,
}

impl PromotionOut {
    /// A promotion as it stands at a moment.
    #[must_use]
    pub fn new(promotion: &Promotion, facts: PromotionFacts, at_ms: i64, context: &Context) -> Self {
        let standing = Standing::of(promotion, facts.uses, at_ms, &context.tz);
        let what = What::of(&promotion.kind);
        let (scope, categories, products) = match &promotion.scope {
            Scope::Order => (PromotionScope::Order, Vec::new(), Vec::new()),
            Scope::Categories(ids) => (PromotionScope::Category, ids.clone(), Vec::new()),
            Scope::Products(ids) => (PromotionScope::Product, Vec::new(), ids.clone()),
        };
        let schedule = &promotion.schedule;
        let date = |day: Option<i32>| day.map(|day| business_date(day).to_string());
        Self {
            id: promotion.id,
            name: promotion.name.clone(),
            description: promotion.description.clone(),
            kind: what.kind,
            percent_bp: what.percent_bp,
            amount: what.amount,
            buy_quantity: what.buy,
            get_quantity: what.get,
            parts: what.parts,
            scope,
            categories,
            products,
            trigger: if promotion.code.is_some() {
                PromotionTrigger::Code
            } else {
                PromotionTrigger::Automatic
            },
            code: promotion.code.clone().unwrap_or_default(),
            days: schedule.days.clone(),
            start_time: schedule.hours.map(|(start, _)| clock(start)),
            end_time: schedule.hours.map(|(_, end)| clock(end)),
            start_date: date(schedule.start_date),
            end_date: date(schedule.end_date),
            min_spend: promotion.min_spend,
            max_uses: promotion.max_uses,
            uses: facts.uses,
            is_exclusive: promotion.is_exclusive,
            priority: promotion.priority,
            is_active: promotion.is_active,
            state: standing.state,
            next_change_at: standing.next_change_ms.map(|at_ms| context.time(at_ms)),
            created_at: context.time(facts.created_ms),
            updated_at: context.time(facts.updated_ms),
        }
    }
}

/// A kind's own fields.
struct What {
    kind: PromotionKind,
    percent_bp: Option<u32>,
    amount: Option<Minor>,
    buy: Option<u32>,
    get: Option<u32>,
    parts: Vec<PartOut>,
}

impl What {
    fn of(kind: &Kind) -> Self {
        let nothing = Self {
            kind: PromotionKind::Percent,
            percent_bp: None,
            amount: None,
            buy: None,
            get: None,
            parts: Vec::new(),
        };
        match kind {
            Kind::Percent(bp) => Self { percent_bp: Some(*bp), ..nothing },
            Kind::Amount(amount) => Self { kind: PromotionKind::Amount, amount: Some(*amount), ..nothing },
            Kind::BuyGet { buy, get, rate_bp } => Self {
                kind: PromotionKind::BuyGet,
                percent_bp: Some(*rate_bp),
                buy: Some(*buy),
                get: Some(*get),
                ..nothing
            },
            Kind::Bundle { price, parts } => Self {
                kind: PromotionKind::Bundle,
                amount: Some(*price),
                parts: parts.iter().map(Into::into).collect(),
                ..nothing
            },
        }
    }
}

/// A minute of the day as `HH:MM`.
fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// What a promotion took off an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AppliedPromotion)]
pub struct AppliedOut {
    /// The promotion.
    pub id: Uuid,
    /// Its name at the time.
    pub name: String,
    /// The code by which it was asked for, or empty.
    pub code: String,
    /// What it took off.
    pub amount: i64,
}

impl From<&Applied> for AppliedOut {
    fn from(applied: &Applied) -> Self {
        Self {
            id: applied.promotion,
            name: applied.name.clone(),
            code: applied.code.clone(),
            amount: applied.amount,
        }
    }
}
