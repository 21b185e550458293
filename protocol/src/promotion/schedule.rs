//! When a promotion runs: days of the week, hours and dates, all in the outlet's zone.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::Promotion;
use crate::outlet::{business_date, day_number};

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;
/// Days of a week, and one more: whatever the days, a window begins and ends within as many.
const LOOK_AHEAD_DAYS: i32 = 8;

/// When a promotion runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// ISO weekdays, Monday 1; empty for every day.
    pub days: Vec<u8>,
    /// From which minute of the day to before which. One that ends before it begins, or when it begins, runs past midnight and belongs
    /// to the day on which it began. None for the whole day.
    pub hours: Option<(u16, u16)>,
    /// First local date, in days since 1970.
    pub start_date: Option<i32>,
    /// Last local date, in days since 1970.
    pub end_date: Option<i32>,
}

impl Schedule {
    /// Whether it runs at a local time.
    #[must_use]
    pub fn runs_at(&self, local: DateTime) -> bool {
        let today = local.date();
        let Some((start, end)) = self.hours else { return self.has_day(today) };
        let minute = minute_of(local);
        if start < end {
            return (start..end).contains(&minute) && self.has_day(today);
        }
        let began_yesterday = || today.yesterday().is_ok_and(|yesterday| self.has_day(yesterday));
        (minute >= start && self.has_day(today)) || (minute < end && began_yesterday())
    }

    /// Whether a window may begin on a date.
    fn has_day(&self, date: Date) -> bool {
        let number = day_number(date);
        let weekday = date.weekday().to_monday_one_offset() as u8;
        (self.days.is_empty() || self.days.contains(&weekday))
            && self.start_date.is_none_or(|first| first <= number)
            && self.end_date.is_none_or(|last| number <= last)
    }

    /// When it next begins to run, or stops, after a moment; none where it never does.
    #[must_use]
    pub fn next_change_ms(&self, at_ms: i64, tz: &TimeZone) -> Option<i64> {
        let today = day_number(local(at_ms, tz).date());
        // Around now, around the day on which it first may run, and around the last.
        let near = (today - 1)..=(today + LOOK_AHEAD_DAYS);
        let first = self.start_date.into_iter().flat_map(|first| first - 1..=first + LOOK_AHEAD_DAYS);
        let last = self.end_date.into_iter().flat_map(|last| last..=last + 1);
        let mut days: Vec<i32> = near.chain(first).chain(last).filter(|day| *day >= today - 1).collect();
        days.sort_unstable();
        days.dedup();
        let (start, end) = self.hours.unwrap_or((0, 0));
        let mut moments: Vec<i64> = days
            .into_iter()
            .flat_map(|day| [(day, start), (day, end)])
            .filter_map(|(day, minute)| moment_ms(day, minute, tz))
            .filter(|moment| *moment > at_ms)
            .collect();
        moments.sort_unstable();
        let runs = self.runs_at(local(at_ms, tz));
        moments.into_iter().find(|moment| self.runs_at(local(*moment, tz)) != runs)
    }
}

fn minute_of(local: DateTime) -> u16 {
    (i16::from(local.hour()) * 60 + i16::from(local.minute())).unsigned_abs()
}

/// The minute of a day as a moment.
fn moment_ms(day: i32, minute: u16, tz: &TimeZone) -> Option<i64> {
    let at = business_date(day).at(0, 0, 0, 0).checked_add(i64::from(minute).minutes()).ok()?;
    at.to_zoned(tz.clone()).ok().map(|zoned| zoned.timestamp().as_millisecond())
}

/// A moment as the clock on the outlet's wall says it.
#[must_use]
pub fn local(at_ms: i64, tz: &TimeZone) -> DateTime {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(tz.clone()).datetime()
}

/// Whether two moments are the same for every schedule, which knows minutes.
#[must_use]
pub fn is_same_minute(one_ms: i64, other_ms: i64) -> bool {
    one_ms.div_euclid(60_000) == other_ms.div_euclid(60_000)
}

/// Where a promotion stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Orders have it now.
    Running,
    /// It runs later.
    Scheduled,
    /// It does not run any more.
    Ended,
    /// As many orders have it as may.
    UsedUp,
    /// Switched off.
    Off,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Running, Self::Scheduled, Self::Ended, Self::UsedUp, Self::Off];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Scheduled => "scheduled",
            Self::Ended => "ended",
            Self::UsedUp => "used_up",
            Self::Off => "off",
        }
    }
}

/// Where a promotion stands at a moment, and when that changes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Where.
    pub state: State,
    /// When it next starts or stops, in milliseconds since 1970.
    pub next_change_ms: Option<i64>,
}

impl Standing {
    /// Of a promotion that so many orders have.
    #[must_use]
    pub fn of(promotion: &Promotion, uses: u32, at_ms: i64, tz: &TimeZone) -> Self {
        let still = |state| Self { state, next_change_ms: None };
        if !promotion.is_active {
            return still(State::Off);
        }
        let next_change_ms = promotion.schedule.next_change_ms(at_ms, tz);
        let runs = promotion.schedule.runs_at(local(at_ms, tz));
        if !runs && next_change_ms.is_none() {
            return still(State::Ended);
        }
        if promotion.is_used_up(uses) {
            return still(State::UsedUp);
        }
        Self { state: if runs { State::Running } else { State::Scheduled }, next_change_ms }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jakarta() -> TimeZone {
        TimeZone::get("Asia/Jakarta").unwrap()
    }

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn day(text: &str) -> i32 {
        day_number(text.parse().unwrap())
    }

    fn runs(schedule: &Schedule, text: &str) -> bool {
        schedule.runs_at(local(at(text), &jakarta()))
    }

    #[test]
    fn a_window_past_midnight_belongs_to_the_day_it_began_on() {
        // Fridays from ten in the evening to two in the morning, the last time on 27 November 2026.
        let hours = Some((22 * 60, 2 * 60));
        let schedule =
            Schedule { days: vec![5], hours, end_date: Some(day("2026-11-27")), ..Schedule::default() };
        for (text, expected) in [
            ("2026-11-20T21:59:59+07:00", false),
            ("2026-11-20T22:00:00+07:00", true),
            ("2026-11-21T01:59:59+07:00", true),
            ("2026-11-21T02:00:00+07:00", false),
            ("2026-11-21T22:30:00+07:00", false),
            ("2026-11-20T01:00:00+07:00", false),
            ("2026-11-28T01:00:00+07:00", true),
            ("2026-12-04T22:30:00+07:00", false),
        ] {
            assert_eq!(runs(&schedule, text), expected, "{text}");
        }
    }

    #[test]
    fn hours_are_those_of_the_outlets_wall() {
        let schedule = Schedule { hours: Some((15 * 60, 17 * 60)), ..Schedule::default() };
        assert!(runs(&schedule, "2026-11-22T08:30:00Z"));
        assert!(!runs(&schedule, "2026-11-22T15:30:00Z"));
        let all_day = Schedule { hours: Some((6 * 60, 6 * 60)), days: vec![7], ..Schedule::default() };
        assert!(runs(&all_day, "2026-11-22T06:00:00+07:00"));
        assert!(runs(&all_day, "2026-11-23T05:59:00+07:00"));
        assert!(!runs(&all_day, "2026-11-22T05:59:00+07:00"));
    }

    #[test]
    fn the_next_change_is_when_it_begins_or_stops() {
        let next = |schedule: &Schedule, text: &str| schedule.next_change_ms(at(text), &jakarta());
        let hours = Some((22 * 60, 2 * 60));
        let fridays = Schedule { days: vec![5], hours, ..Schedule::default() };
        let changes = [
            ("2026-11-22T12:00:00+07:00", "2026-11-27T22:00:00+07:00"),
            ("2026-11-27T22:00:00+07:00", "2026-11-28T02:00:00+07:00"),
        ];
        for (from, to) in changes {
            assert_eq!(next(&fridays, from), Some(at(to)), "{from}");
        }
        let december = Schedule {
            start_date: Some(day("2026-12-01")),
            end_date: Some(day("2026-12-31")),
            ..Schedule::default()
        };
        assert_eq!(next(&december, "2026-11-01T12:00:00+07:00"), Some(at("2026-12-01T00:00:00+07:00")));
        assert_eq!(next(&december, "2026-12-05T12:00:00+07:00"), Some(at("2027-01-01T00:00:00+07:00")));
        assert_eq!(next(&december, "2027-01-01T00:00:00+07:00"), None);
        assert_eq!(next(&Schedule::default(), "2027-01-01T00:00:00+07:00"), None);
        // Every day without a gap: nothing changes until the end.
        let week =
            Schedule { days: (1..=7).collect(), end_date: Some(day("2027-06-30")), ..Schedule::default() };
        assert_eq!(next(&week, "2026-11-01T12:00:00+07:00"), Some(at("2027-07-01T00:00:00+07:00")));
    }
}
