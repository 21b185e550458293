//! Amounts: integers in the currency's minor unit, with checked arithmetic and one rounding rule.
//!
//! The exponent (0 for IDR) travels beside the amounts, in the outlet's settings; nothing here assumes one. An
//! overflow is an error, never a wrap.

use serde::{Deserialize, Serialize};

/// An amount in the currency's minor unit (whole rupiah for IDR).
pub type Minor = i64;

/// A rate in hundredths of a percent: 1,000 is 10 %.
pub type BasisPoints = u32;

/// One whole in basis points.
pub const WHOLE_BP: i128 = 10_000;

/// Largest amount taken from a client. A hundred million million rupiah is far above any bill, and far below
/// where a browser's number stops being exact (2^53).
pub const AMOUNT_MAX: Minor = 100_000_000_000_000;

/// An amount left the range of what can be exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the amount is larger than can be kept exactly")]
pub struct Overflow;

/// `amount × numerator / denominator`, rounded half-up (halves away from zero).
///
/// Used once per charge line, never on a running sum.
pub fn ratio_half_up(amount: Minor, numerator: i128, denominator: i128) -> Result<Minor, Overflow> {
    debug_assert!(denominator > 0 && numerator >= 0);
    let product = i128::from(amount) * numerator;
    let magnitude = (product.abs() * 2 + denominator) / (denominator * 2);
    Minor::try_from(magnitude * product.signum()).map_err(|_| Overflow)
}

/// A percentage of an amount, half-up to the minor unit.
pub fn percent(amount: Minor, rate_bp: BasisPoints) -> Result<Minor, Overflow> {
    ratio_half_up(amount, i128::from(rate_bp), WHOLE_BP)
}

/// Checked sum.
pub fn sum(amounts: impl IntoIterator<Item = Minor>) -> Result<Minor, Overflow> {
    amounts.into_iter().try_fold(0_i64, i64::checked_add).ok_or(Overflow)
}

/// Where a cash payment is rounded to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    /// Towards the guest's favour.
    Down,
    /// To the nearest unit, halves up.
    #[default]
    Nearest,
    /// Towards the house's favour.
    Up,
}

impl RoundingMode {
    /// Reads its word on the wire.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "down" => Some(Self::Down),
            "nearest" => Some(Self::Nearest),
            "up" => Some(Self::Up),
            _ => None,
        }
    }
}

/// What must be added to `amount` so that it is payable in coins of `unit`; zero for a unit of 0 or 1.
pub fn cash_rounding(amount: Minor, unit: Minor, mode: RoundingMode) -> Result<Minor, Overflow> {
    if unit <= 1 {
        return Ok(0);
    }
    let below = amount.rem_euclid(unit);
    let up = if below == 0 { 0 } else { unit - below };
    let delta = match mode {
        RoundingMode::Up => up,
        RoundingMode::Nearest if below * 2 >= unit => up,
        RoundingMode::Down | RoundingMode::Nearest => -below,
    };
    amount.checked_add(delta).map(|_| delta).ok_or(Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_up_and_away_from_zero() {
        for (amount, rate_bp, expected) in
            [(5, 1_000, 1), (4, 1_000, 0), (15, 1_000, 2), (-5, 1_000, -1), (85_000, 1_000, 8_500)]
        {
            assert_eq!(percent(amount, rate_bp), Ok(expected), "{amount} at {rate_bp}");
        }
    }

    #[test]
    fn an_overflow_is_an_error() {
        assert_eq!(percent(Minor::MAX, 20_000), Err(Overflow));
        assert_eq!(sum([Minor::MAX, 1]), Err(Overflow));
        assert_eq!(cash_rounding(Minor::MAX - 1, 1000, RoundingMode::Up), Err(Overflow));
    }

    #[test]
    fn cash_is_rounded_to_coins() {
        use RoundingMode::{Down, Nearest, Up};
        for (amount, unit, mode, delta) in [
            (93_449, 100, Down, -49),
            (93_449, 100, Nearest, -49),
            (93_450, 100, Nearest, 50),
            (93_401, 500, Up, 99),
            (93_500, 500, Up, 0),
            (93_499, 1, Up, 0),
            (93_499, 0, Up, 0),
        ] {
            assert_eq!(cash_rounding(amount, unit, mode), Ok(delta), "{amount} {unit} {mode:?}");
        }
    }
}
