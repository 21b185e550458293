//! What one promotion takes off, line by line, of what is left of the lines.
//!
//! What is left of a line of several is its units' together: they are taken as equal as whole minor units allow, the dearer ones
//! first. Units are counted in runs of equal ones, so that a line of thousands costs no more than a line of one.

use super::{Kind, Part, PartOf, Priced, Promotion};
use crate::money::{self, BasisPoints, Minor, Overflow};

/// What a promotion takes off each line.
pub(super) fn take(promotion: &Promotion, lines: &[Priced], left: &[Minor]) -> Result<Vec<Minor>, Overflow> {
    let within = |at: usize| if promotion.scope.has(&lines[at]) { left[at] } else { 0 };
    match &promotion.kind {
        // Of all that is within, together: rounded once, and not once a line.
        Kind::Percent(rate_bp) => {
            let of: Vec<Minor> = (0..lines.len()).map(within).collect();
            let off = money::percent(money::sum(of.iter().copied())?, *rate_bp)?;
            Ok(spread(off, &of))
        }
        Kind::Amount(amount) => {
            let of: Vec<Minor> = (0..lines.len()).map(within).collect();
            let most = money::sum(of.iter().copied())?;
            Ok(spread((*amount).clamp(0, most), &of))
        }
        Kind::BuyGet { buy, get, rate_bp } => {
            let is_within = |at: usize| promotion.scope.has(&lines[at]);
            buy_get(&runs(lines, left, is_within), lines.len(), *buy, *get, *rate_bp)
        }
        Kind::Bundle { price, parts } => bundle(lines, left, *price, parts),
    }
}

/// Units of a line that are worth the same.
#[derive(Debug, Clone, Copy)]
struct Run {
    line: usize,
    value: Minor,
    count: u64,
}

/// The units of lines, dearest first; equal ones in the order of their lines.
fn runs(lines: &[Priced], left: &[Minor], is_within: impl Fn(usize) -> bool) -> Vec<Run> {
    let mut runs = Vec::with_capacity(lines.len() * 2);
    for at in (0..lines.len()).filter(|at| is_within(*at) && lines[*at].line.quantity > 0) {
        let quantity = Minor::from(lines[at].line.quantity);
        let (value, dearer) = (left[at] / quantity, left[at] % quantity);
        for (value, count) in [(value + 1, dearer), (value, quantity - dearer)] {
            if count > 0 {
                runs.push(Run { line: at, value, count: count.unsigned_abs() });
            }
        }
    }
    runs.sort_by(|one, other| (other.value, one.line).cmp(&(one.value, other.line)));
    runs
}

/// Of the units, dearest first, each so many are paid and the next so many are got: the cheapest of their group. Of a last group that is
/// not full, those are got that are more than what has to be bought.
fn buy_get(
    runs: &[Run],
    lines: usize,
    buy: u32,
    get: u32,
    rate_bp: BasisPoints,
) -> Result<Vec<Minor>, Overflow> {
    let (buy, get) = (u64::from(buy), u64::from(get));
    let got_before = |units: u64| (units / (buy + get)) * get + (units % (buy + get)).saturating_sub(buy);
    let mut got = vec![0; lines];
    let mut first = 0;
    for run in runs {
        let count = got_before(first + run.count) - got_before(first);
        first += run.count;
        got[run.line] = money::sum([got[run.line], times(run.value, count)?])?;
    }
    let off = money::percent(money::sum(got.iter().copied())?, rate_bp)?;
    Ok(spread(off, &got))
}

/// As many bundles as the lines hold, made of the dearest units that fit, as long as each is worth more than its price. Nothing is
/// rounded here.
fn bundle(lines: &[Priced], left: &[Minor], price: Minor, parts: &[Part]) -> Result<Vec<Minor>, Overflow> {
    // A part of one product can be filled by that alone: it picks before those that any of a category fills.
    let mut parts = parts.to_vec();
    parts.sort_by_key(|part| matches!(part.of, PartOf::Category(_)));
    let runs = runs(lines, left, |_| true);
    // A further bundle is never worth more than the one before it, so that the last that is worth its price can be searched for.
    let is_worth = |bundles: u64| -> Result<bool, Overflow> {
        let (Some(with), Some(without)) =
            (pick(lines, &runs, &parts, bundles)?, pick(lines, &runs, &parts, bundles - 1)?)
        else {
            return Ok(false);
        };
        Ok(money::sum(with)? - money::sum(without)? > price)
    };
    let units: u64 = runs.iter().map(|run| run.count).sum();
    let (mut made, mut too_many) = (0, units + 1);
    while made + 1 < too_many {
        let middle = made.midpoint(too_many);
        if is_worth(middle)? {
            made = middle;
        } else {
            too_many = middle;
        }
    }
    let picked = pick(lines, &runs, &parts, made)?.unwrap_or_else(|| vec![0; lines.len()]);
    let off = money::sum(picked.iter().copied())? - times(price, made)?;
    Ok(spread(off, &picked))
}

/// What is picked of each line for so many bundles; none where the lines do not hold them.
fn pick(
    lines: &[Priced],
    runs: &[Run],
    parts: &[Part],
    bundles: u64,
) -> Result<Option<Vec<Minor>>, Overflow> {
    let mut free: Vec<u64> = runs.iter().map(|run| run.count).collect();
    let mut picked = vec![0; lines.len()];
    for part in parts {
        let mut wanted = bundles * u64::from(part.quantity);
        for (run, free) in runs.iter().zip(&mut free) {
            let line = &lines[run.line];
            let fits = match part.of {
                PartOf::Product(id) => line.product == Some(id),
                PartOf::Category(id) => line.category == Some(id),
            };
            if fits {
                let count = wanted.min(*free);
                wanted -= count;
                *free -= count;
                picked[run.line] = money::sum([picked[run.line], times(run.value, count)?])?;
            }
        }
        if wanted > 0 {
            return Ok(None);
        }
    }
    Ok(Some(picked))
}

fn times(value: Minor, count: u64) -> Result<Minor, Overflow> {
    i64::try_from(count).ok().and_then(|count| value.checked_mul(count)).ok_or(Overflow)
}

/// Spreads what is taken off over lines, in proportion to `of`: each has its share of what comes up to it, rounded down, so that the
/// shares make the whole and none is more than its line. `off` is at most the sum of `of`.
fn spread(off: Minor, of: &[Minor]) -> Vec<Minor> {
    let whole: i128 = of.iter().map(|part| i128::from(*part)).sum();
    if whole == 0 || off <= 0 {
        return vec![0; of.len()];
    }
    let (mut upto, mut given) = (0_i128, 0_i128);
    of.iter()
        .map(|part| {
            upto += i128::from(*part);
            let share = i128::from(off) * upto / whole - given;
            given += share;
            share as Minor
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_make_the_whole_and_none_is_more_than_its_line() {
        for (off, of) in [(100, vec![33, 33, 34]), (1, vec![0, 5, 5]), (7, vec![3, 0, 4]), (0, vec![1, 2])] {
            let shares = spread(off, &of);
            assert_eq!(shares.iter().sum::<Minor>(), off);
            assert!(shares.iter().zip(&of).all(|(share, part)| share <= part && *share >= 0), "{shares:?}");
        }
    }
}
