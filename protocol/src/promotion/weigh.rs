//! Which promotions an order has, and what each takes off.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::Promotion;
use super::take::take;
use crate::ids::Id;
use crate::money::{self, Minor, Overflow};
use crate::pricing::Line;

/// A line as promotions see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priced {
    /// The product, where it is one of the menu.
    pub product: Option<Id>,
    /// The product's category.
    pub category: Option<Id>,
    /// Its price.
    #[serde(flatten)]
    pub line: Line,
}

/// What a promotion took off an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Which.
    pub promotion: Id,
    /// Its name at the time.
    pub name: String,
    /// The code by which it was asked for; empty where it comes by itself.
    pub code: String,
    /// What it took off, as a positive amount.
    pub amount: Minor,
}

/// What was weighed: what an order has of promotions, first to last.
pub type Weighed = Vec<Applied>;

impl Promotion {
    /// Whether an order of that moment, with these codes, may have it: it is on, it runs, and its code is named.
    #[must_use]
    pub fn is_open(&self, codes: &[String], local: DateTime) -> bool {
        let is_asked_for = self.code.is_none() || codes.iter().any(|code| self.has_code(code));
        self.is_active && is_asked_for && self.schedule.runs_at(local)
    }
}

/// Weighs promotions that may be had (`Promotion::is_open`, not used up) against lines; the order in which they come does not matter.
///
/// All that go with others are applied one after the other, by priority and then by id, each to what the ones before it have left of
/// the lines. One that goes with no other is applied alone. Of these the one wins that takes off most; of equal ones the first by the
/// priority and id of its first promotion. What takes nothing off is not named.
pub fn weigh<'promotion>(
    promotions: impl IntoIterator<Item = &'promotion Promotion>,
    lines: &[Priced],
) -> Result<Weighed, Overflow> {
    let mut left = Vec::with_capacity(lines.len());
    for Priced { line, .. } in lines {
        let gross = line.gross()?;
        left.push((gross - line.discount.of(gross)?).max(0));
    }
    let spent = money::sum(left.iter().copied())?;
    let mut all: Vec<&Promotion> =
        promotions.into_iter().filter(|promotion| promotion.min_spend <= spent).collect();
    all.sort_by_key(|promotion| promotion.place());
    let (alone, together): (Vec<_>, Vec<_>) = all.into_iter().partition(|promotion| promotion.is_exclusive);
    let ways = std::iter::once(together).chain(alone.into_iter().map(|promotion| vec![promotion]));
    let mut best: Option<(Minor, &Promotion, Weighed)> = None;
    for way in ways {
        let (first, applied) = apply(&way, lines, left.clone())?;
        let Some(first) = first else { continue };
        let off = total(&applied)?;
        let is_better = best
            .as_ref()
            .is_none_or(|(most, lead, _)| off > *most || (off == *most && first.place() < lead.place()));
        if is_better {
            best = Some((off, first, applied));
        }
    }
    Ok(best.map(|(_, _, applied)| applied).unwrap_or_default())
}

/// Applies promotions one after the other; answers the first that took anything off, too.
fn apply<'promotion>(
    promotions: &[&'promotion Promotion],
    lines: &[Priced],
    mut left: Vec<Minor>,
) -> Result<(Option<&'promotion Promotion>, Weighed), Overflow> {
    let mut first = None;
    let mut applied = Vec::new();
    for promotion in promotions {
        let shares = take(promotion, lines, &left)?;
        let amount = money::sum(shares.iter().copied())?;
        if amount == 0 {
            continue;
        }
        for (left, share) in left.iter_mut().zip(shares) {
            *left -= share;
        }
        first = first.or(Some(*promotion));
        applied.push(Applied {
            promotion: promotion.id,
            name: promotion.name.clone(),
            code: promotion.code.clone().unwrap_or_default(),
            amount,
        });
    }
    Ok((first, applied))
}

/// What promotions took off together.
pub fn total(applied: &[Applied]) -> Result<Minor, Overflow> {
    money::sum(applied.iter().map(|applied| applied.amount))
}
