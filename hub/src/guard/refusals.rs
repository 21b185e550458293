//! Refusals on record: a counter for each kind, and a line of the log now and then, so that a flood cannot fill the journal.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A line of each kind at most so often; what comes between is counted, and said with the next.
const LINE_EVERY: Duration = Duration::from_mins(1);
const METRIC: &str = "outlet_hub_refused_total";

/// Which guard has refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// Too large.
    Size,
    /// For somebody else.
    Host,
    /// By a page of somebody else.
    Origin,
    /// Too often.
    Rate,
}

impl Why {
    const ALL: [Self; 4] = [Self::Size, Self::Host, Self::Origin, Self::Rate];

    fn word(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Host => "host",
            Self::Origin => "origin",
            Self::Rate => "rate",
        }
    }
}

/// What has been refused.
#[derive(Debug)]
pub(super) struct Refusals([Mutex<Tally>; Why::ALL.len()]);

impl Refusals {
    pub(super) fn new() -> Self {
        metrics::describe_counter!(METRIC, "Requests that a guard has refused");
        for why in Why::ALL {
            metrics::counter!(METRIC, "why" => why.word()).absolute(0);
        }
        Self(Why::ALL.map(|_| Mutex::default()))
    }

    /// Counts a refusal. `said` is what was not liked about it, already fit to be shown.
    pub(super) fn note(&self, why: Why, now: Instant, address: IpAddr, said: &str) {
        metrics::counter!(METRIC, "why" => why.word()).increment(1);
        let count = self.0[why as usize].lock().unwrap_or_else(PoisonError::into_inner).count(now);
        if let Some(count) = count {
            log::warn!("guard: refused why={} count={count} peer.address={address} {said}", why.word());
        }
    }
}

/// Refusals of a kind since the last line about them.
#[derive(Debug, Default)]
struct Tally {
    waiting: u64,
    said_at: Option<Instant>,
}

impl Tally {
    /// One more; how many a line would speak of, where it is time for one.
    fn count(&mut self, now: Instant) -> Option<u64> {
        self.waiting += 1;
        if self.said_at.is_some_and(|at| now.duration_since(at) < LINE_EVERY) {
            return None;
        }
        self.said_at = Some(now);
        Some(std::mem::take(&mut self.waiting))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_a_line_a_minute_and_none_of_it_is_lost() {
        let begin = Instant::now();
        let mut tally = Tally::default();
        for (at_s, line) in
            [(0, Some(1)), (1, None), (59, None), (60, Some(3)), (61, None), (500, Some(2)), (560, Some(1))]
        {
            assert_eq!(tally.count(begin + Duration::from_secs(at_s)), line, "at {at_s} s");
        }
    }
}
