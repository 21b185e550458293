//! The bill: from item lines to the total, each charge on its own line.
//!
//! Order of charges (domain page): item lines, discounts (lines', promotions', the order's), service charge, tax. Cash rounding belongs to the part
//! paid in cash and is decided when it is paid (`money::cash_rounding`). Every rounding is half-up to the minor
//! unit, once per charge line. The same rules run in the browser; both pass `tests/golden/pricing.json`.

use serde::{Deserialize, Serialize};

use crate::money::{self, BasisPoints, Minor, Overflow, RoundingMode, WHOLE_BP};

/// What the service charge is a percentage of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceBase {
    /// The items before any discount.
    BeforeDiscount,
    /// What is left after discounts.
    #[default]
    AfterDiscount,
}

impl ServiceBase {
    /// Reads its word on the wire.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "before_discount" => Some(Self::BeforeDiscount),
            "after_discount" => Some(Self::AfterDiscount),
            _ => None,
        }
    }
}

/// The outlet's charges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Charges {
    /// Service charge in basis points; 0 for none.
    pub service_rate_bp: BasisPoints,
    /// What the service charge is taken from.
    pub service_base: ServiceBase,
    /// Tax (PBJT) in basis points; the region sets it, up to 1,000.
    pub tax_rate_bp: BasisPoints,
    /// Whether the prices on the menu already contain the tax.
    pub tax_included: bool,
    /// Smallest coin that is given, in minor units; 0 or 1 for none.
    pub cash_rounding_unit: Minor,
    /// Direction of the cash rounding.
    pub cash_rounding_mode: RoundingMode,
}

/// A reduction of a line or of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// No reduction.
    #[default]
    None,
    /// A share, in basis points, at most 10,000.
    Percent(BasisPoints),
    /// A fixed amount.
    Amount(Minor),
}

impl Discount {
    /// What it takes off `amount`: never more than there is.
    pub fn of(self, amount: Minor) -> Result<Minor, Overflow> {
        let off = match self {
            Self::None => 0,
            Self::Percent(rate_bp) => money::percent(amount, rate_bp)?,
            Self::Amount(off) => off,
        };
        Ok(off.clamp(0, amount.max(0)))
    }
}

/// One item line as pricing sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Price of one, without modifiers.
    pub price: Minor,
    /// Sum of the modifiers' prices, for one.
    pub modifiers: Minor,
    /// How many.
    pub quantity: u32,
    /// Line discount.
    #[serde(default)]
    pub discount: Discount,
}

impl Line {
    /// `(price + modifiers) × quantity`, before discount.
    pub fn gross(&self) -> Result<Minor, Overflow> {
        self.price
            .checked_add(self.modifiers)
            .and_then(|one| one.checked_mul(Minor::from(self.quantity)))
            .ok_or(Overflow)
    }
}

/// A priced order, every charge on its own line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bill {
    /// Item lines before discounts.
    pub subtotal: Minor,
    /// All discounts together, as a positive amount.
    pub discount: Minor,
    /// Service charge.
    pub service: Minor,
    /// Tax: added to the total, or contained in it.
    pub tax: Minor,
    /// Whether `tax` is contained in the lines above rather than added.
    pub tax_included: bool,
    /// What is to be paid, before cash rounding.
    pub total: Minor,
}

/// Prices lines and an order discount under an outlet's charges.
pub fn price(lines: &[Line], order_discount: Discount, charges: &Charges) -> Result<Bill, Overflow> {
    price_promoted(lines, 0, order_discount, charges)
}

/// Prices lines of which promotions take something off (`promotion::weigh`): after the lines' own discounts, before the order's.
pub fn price_promoted(
    lines: &[Line],
    promoted: Minor,
    order_discount: Discount,
    charges: &Charges,
) -> Result<Bill, Overflow> {
    let mut subtotal: Minor = 0;
    let mut discount: Minor = 0;
    for line in lines {
        let gross = line.gross()?;
        subtotal = money::sum([subtotal, gross])?;
        discount = money::sum([discount, line.discount.of(gross)?])?;
    }
    discount = money::sum([discount, Discount::Amount(promoted).of(subtotal - discount)?])?;
    discount = money::sum([discount, order_discount.of(subtotal - discount)?])?;
    let after_discount = subtotal - discount;
    let service_base = match charges.service_base {
        ServiceBase::BeforeDiscount => subtotal,
        ServiceBase::AfterDiscount => after_discount,
    };
    let service = money::percent(service_base, charges.service_rate_bp)?;
    let taxable = money::sum([after_discount, service])?;
    let rate = i128::from(charges.tax_rate_bp);
    let (tax, total) = if charges.tax_included {
        (money::ratio_half_up(taxable, rate, WHOLE_BP + rate)?, taxable)
    } else {
        let tax = money::percent(taxable, charges.tax_rate_bp)?;
        (tax, money::sum([taxable, tax])?)
    };
    Ok(Bill { subtotal, discount, service, tax, tax_included: charges.tax_included, total })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(price: Minor, quantity: u32) -> Line {
        Line { price, modifiers: 0, quantity, discount: Discount::None }
    }

    #[test]
    fn the_tax_office_of_jakartas_own_example() {
        let charges = Charges {
            service_rate_bp: 500,
            service_base: ServiceBase::BeforeDiscount,
            tax_rate_bp: 1_000,
            ..Charges::default()
        };
        let bill = price(&[line(100_000, 1)], Discount::Percent(2_000), &charges).unwrap();
        assert_eq!(
            bill,
            Bill {
                subtotal: 100_000,
                discount: 20_000,
                service: 5_000,
                tax: 8_500,
                tax_included: false,
                total: 93_500
            }
        );
    }

    #[test]
    fn a_tax_contained_in_the_prices_is_shown_and_not_added() {
        let charges = Charges { tax_rate_bp: 1_000, tax_included: true, ..Charges::default() };
        let bill = price(&[line(11_000, 2)], Discount::None, &charges).unwrap();
        assert_eq!((bill.tax, bill.total), (2_000, 22_000));
    }

    #[test]
    fn a_discount_never_goes_below_zero() {
        let charges = Charges { tax_rate_bp: 1_000, service_rate_bp: 500, ..Charges::default() };
        let bill = price(&[line(10_000, 1)], Discount::Amount(50_000), &charges).unwrap();
        assert_eq!((bill.discount, bill.total), (10_000, 0));
    }
}
