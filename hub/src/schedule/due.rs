//! When a job is due: a pure function of its rhythm, of what came of it before, and of the time.
//!
//! The clock of the box may be wrong and may jump. What lies in the future by the clock as it now is, is passed over: a job
//! that ran in "2099" runs again once the clock is right.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// How often the schedule looks, in milliseconds: a clock that jumps is noticed within this.
pub(super) const LOOK_MS: i64 = 20_000;
/// A minute, in milliseconds.
pub(super) const MINUTE_MS: i64 = 60_000;
/// The longest wait after failures: somebody who has put the stick back in sees a backup within the hour.
const WAIT_MS_MAX: i64 = 60 * MINUTE_MS;

/// How often a job looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rhythm {
    /// Each time that the schedule looks.
    Look,
    /// Each minute.
    Minute,
    /// Each day at a minute after midnight, by the outlet's clock. One that was missed is made up for.
    Daily(u16),
}

/// What came of a job before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct History {
    /// When it last began and did not fail, in milliseconds since 1970.
    pub done_ms: Option<i64>,
    /// When it last failed.
    pub failed_ms: Option<i64>,
    /// How many times in a row it has failed.
    pub failures: u32,
}

impl History {
    /// It began then and did not fail.
    pub(super) fn done(&mut self, at_ms: i64) {
        *self = Self { done_ms: Some(at_ms), ..Self::default() };
    }

    /// It failed then.
    pub(super) fn failed(&mut self, at_ms: i64) {
        self.failed_ms = Some(at_ms);
        self.failures = self.failures.saturating_add(1);
    }
}

/// When a job is to look next, in milliseconds since 1970: now or before where it is due. `began_ms` is when the outlet was set
/// up: what a day was to bring before that was not missed.
#[must_use]
pub(super) fn due_ms(rhythm: Rhythm, history: &History, began_ms: i64, now_ms: i64, tz: &TimeZone) -> i64 {
    let past = |at_ms: Option<i64>| at_ms.filter(|at_ms| *at_ms <= now_ms);
    if history.failures > 0
        && let Some(failed_ms) = past(history.failed_ms)
    {
        return failed_ms + wait_ms(history.failures);
    }
    let done_ms = past(history.done_ms);
    match rhythm {
        Rhythm::Look => done_ms.map_or(now_ms, |done_ms| done_ms + LOOK_MS),
        Rhythm::Minute => done_ms.map_or(now_ms, |done_ms| done_ms + MINUTE_MS),
        Rhythm::Daily(minute) => {
            let (last, next) = slots(minute, now_ms, tz);
            let since = done_ms.max(past(Some(began_ms)));
            if since.is_some_and(|since| since >= last) { next } else { last }
        }
    }
}

/// The last time of the day that is not after now, and the one after it.
fn slots(minute: u16, now_ms: i64, tz: &TimeZone) -> (i64, i64) {
    let now = Timestamp::from_millisecond(now_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let today = now.to_zoned(tz.clone()).date();
    let at = |date: Date| {
        let (hour, minute) = ((minute / 60 % 24) as i8, (minute % 60) as i8);
        // An hour that a change of the clocks leaves out is made up for by the one behind it.
        let zoned = date.at(hour, minute, 0, 0).to_zoned(tz.clone());
        zoned.map_or(now_ms, |zoned| zoned.timestamp().as_millisecond())
    };
    let yesterday = today.yesterday().unwrap_or(today);
    let tomorrow = today.tomorrow().unwrap_or(today);
    if at(today) <= now_ms { (at(today), at(tomorrow)) } else { (at(yesterday), at(today)) }
}

/// How long a job waits after so many failures in a row: a minute, and each time twice as long.
fn wait_ms(failures: u32) -> i64 {
    MINUTE_MS.checked_shl(failures.saturating_sub(1).min(16)).unwrap_or(WAIT_MS_MAX).min(WAIT_MS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_FIVE: Rhythm = Rhythm::Daily(5 * 60);

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn at(text: &str) -> i64 {
        ms(&format!("2026-11-{text}+07:00"))
    }

    fn shown(at_ms: i64) -> String {
        let tz = TimeZone::get("Asia/Jakarta").unwrap();
        Timestamp::from_millisecond(at_ms).unwrap().to_zoned(tz).strftime("%dT%H:%M").to_string()
    }

    fn done(text: &str) -> History {
        History { done_ms: Some(at(text)), ..History::default() }
    }

    #[test]
    fn a_daily_job_is_due_once_for_each_day_and_made_up_for_when_it_was_missed() {
        let tz = TimeZone::get("Asia/Jakarta").unwrap();
        let never = History::default();
        let began = "20T19:00:00";
        for (history, now, expected) in [
            // Set up in the evening: nothing was missed.
            (never, "20T19:01:00", "21T05:00"),
            (never, "21T04:59:59", "21T05:00"),
            (never, "21T05:00:00", "21T05:00"),
            (never, "23T12:00:00", "23T05:00"),
            (done("21T05:00:01"), "21T05:01:00", "22T05:00"),
            (done("21T05:00:01"), "22T04:00:00", "22T05:00"),
            (done("21T05:00:01"), "22T05:00:00", "22T05:00"),
            // The box was off for two days: once, now.
            (done("21T05:00:01"), "23T23:00:00", "23T05:00"),
            (done("23T23:00:00"), "23T23:05:00", "24T05:00"),
            // Asked for by hand in the night.
            (done("22T02:00:00"), "22T03:00:00", "22T05:00"),
            // The clock was ahead when it ran.
            (done("29T05:00:00"), "22T12:00:00", "22T05:00"),
        ] {
            let due = due_ms(AT_FIVE, &history, at(began), at(now), &tz);
            assert_eq!(shown(due), expected, "{history:?} at {now}");
        }
        // The outlet was set up under a clock that was ahead: nothing is known, so it runs.
        assert_eq!(shown(due_ms(AT_FIVE, &never, at("29T00:00:00"), at("22T12:00:00"), &tz)), "22T05:00");
    }

    #[test]
    fn a_job_of_each_minute_is_due_a_minute_after_it_last_looked() {
        let tz = TimeZone::UTC;
        for (history, now, expected) in [
            (History::default(), "22T12:00:00", "22T12:00"),
            (done("22T12:00:00"), "22T12:00:30", "22T12:01"),
            (done("22T11:00:00"), "22T12:00:30", "22T11:01"),
            (done("22T13:00:00"), "22T12:00:00", "22T12:00"),
        ] {
            let due = due_ms(Rhythm::Minute, &history, 0, at(now), &tz);
            assert_eq!(shown(due), expected, "{history:?} at {now}");
        }
    }

    #[test]
    fn after_failures_the_wait_grows_and_ends_somewhere_and_success_ends_it() {
        let tz = TimeZone::UTC;
        let mut history = done("21T05:00:00");
        let mut waits = Vec::new();
        for _ in 0..9 {
            history.failed(at("22T05:00:00"));
            let due = due_ms(AT_FIVE, &history, 0, at("22T05:00:00"), &tz);
            waits.push((due - at("22T05:00:00")) / MINUTE_MS);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(wait_ms(u32::MAX), WAIT_MS_MAX);
        // The clock has stepped back behind the failure: nobody waits for it.
        assert!(due_ms(Rhythm::Minute, &history, 0, at("20T00:00:00"), &tz) <= at("20T00:00:00"));
        history.done(at("22T06:00:00"));
        assert_eq!(history.failures, 0);
        assert_eq!(due_ms(AT_FIVE, &history, 0, at("22T06:00:00"), &tz), ms("2026-11-22T05:00:00Z"));
    }

    #[test]
    fn a_day_on_which_the_clocks_change_has_one_run_too() {
        let tz = TimeZone::get("Europe/Amsterdam").unwrap();
        let at_two_thirty = Rhythm::Daily(150);
        // 02.30 does not exist on the 29th of March, and exists twice on the 25th of October.
        for (day, next) in [
            ("2026-03-28T23:30:00Z", "2026-03-29T01:30:00Z"),
            ("2026-10-24T23:30:00Z", "2026-10-25T00:30:00Z"),
        ] {
            let history = History { done_ms: Some(ms(day)), ..History::default() };
            assert_eq!(due_ms(at_two_thirty, &history, 0, ms(day), &tz), ms(next), "{day}");
            let history = History { done_ms: Some(ms(next)), ..History::default() };
            let after = due_ms(at_two_thirty, &history, 0, ms(next) + 90 * MINUTE_MS, &tz);
            assert!(after > ms(next) + 20 * 60 * MINUTE_MS, "{day}");
        }
    }
}
