//! What the outlet sets of the hub itself, beside what is on its receipts (`outlet`).

use serde::{Deserialize, Serialize};

use crate::money::BasisPoints;

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;

/// The hub's own settings. Until somebody sets them, the configuration and these defaults hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// How much of an order a cashier may take off without a manager, in hundredths of a percent.
    pub cashier_discount_max_bp: BasisPoints,
    /// When a backup is made: minutes after midnight, by the outlet's clock.
    pub backup_minute: u16,
    /// How many backups are kept.
    pub backups_kept: u16,
    /// How many days a guest is kept after the last change; 0 is for ever.
    pub guests_kept_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { cashier_discount_max_bp: 1_000, backup_minute: 5 * 60, backups_kept: 7, guests_kept_days: 0 }
    }
}

/// Reads a time of the day, `HH:MM`: minutes after midnight.
#[must_use]
pub fn parse_minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str, below: u16| {
        let is_two_digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_two_digits.then(|| text.parse::<u16>().ok()).flatten().filter(|number| *number < below)
    };
    Some(number(hour, 24)? * 60 + number(minute, 60)?)
}

/// Minutes after midnight as `HH:MM`.
#[must_use]
pub fn minute_text(minute: u16) -> String {
    let minute = minute % DAY_MINUTES;
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_the_day_reads_back_as_it_is_written() {
        for minute in 0..DAY_MINUTES {
            assert_eq!(parse_minute(&minute_text(minute)), Some(minute));
        }
        for wrong in ["", "5:00", "05:60", "24:00", "05-00", "+5:00", "05:00:00", "０５:00"] {
            assert_eq!(parse_minute(wrong), None, "{wrong}");
        }
    }
}
