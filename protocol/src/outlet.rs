//! The outlet's settings, and the business day.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::ids::Id;
use crate::pricing::Charges;

/// Days since 1970-01-01 of the date a business day began on. Order numbers start again with each.
pub type BusinessDay = i32;

/// Where the sales happen, and by which rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlet {
    /// Identity.
    pub id: Id,
    /// The outlet's number in the replaced system; names the Socket.IO room `outlet_<number>`.
    pub number: u32,
    /// Name on receipts.
    pub name: String,
    /// Address on receipts.
    pub address: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Digits behind the decimal point of an amount in that currency (IDR: 0).
    pub currency_exponent: u8,
    /// IANA name, such as `Asia/Jakarta`.
    pub time_zone: String,
    /// Hour of the local day at which a business day begins.
    pub business_day_start_hour: u8,
    /// `id` or `en`: language of receipts and the default of pages.
    pub language: String,
    /// Service, tax and cash rounding.
    pub charges: Charges,
}

impl Outlet {
    /// The outlet's time zone; UTC where its name is unknown to this machine.
    #[must_use]
    pub fn tz(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }
}

/// The business day that contains `at_ms` (milliseconds since 1970), in a zone, with days that begin at `start_hour`.
#[must_use]
pub fn business_day(at_ms: i64, tz: &TimeZone, start_hour: u8) -> BusinessDay {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let shifted = at.checked_sub(i64::from(start_hour).hours()).unwrap_or(at);
    day_number(shifted.to_zoned(tz.clone()).date())
}

/// The date a business day began on.
#[must_use]
pub fn business_date(day: BusinessDay) -> Date {
    jiff::civil::date(1970, 1, 1).checked_add(i64::from(day).days()).unwrap_or(Date::MAX)
}

/// The number of a date, in days since 1970.
#[must_use]
pub fn day_number(date: Date) -> BusinessDay {
    jiff::civil::date(1970, 1, 1).until(date).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> String {
        let at: Timestamp = text.parse().unwrap();
        let tz = TimeZone::get("Asia/Jakarta").unwrap();
        business_date(business_day(at.as_millisecond(), &tz, 4)).to_string()
    }

    #[test]
    fn a_business_day_begins_at_four_in_the_morning_of_the_outlet() {
        assert_eq!(day("2026-11-22T03:59:59+07:00"), "2026-11-21");
        assert_eq!(day("2026-11-22T04:00:00+07:00"), "2026-11-22");
        assert_eq!(day("2026-11-22T23:59:59+07:00"), "2026-11-22");
        assert_eq!(day("1969-12-31T12:00:00+07:00"), "1969-12-31");
    }
}
