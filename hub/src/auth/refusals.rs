//! Refusals for the record: who asked for what was not theirs. A flood of them must not fill the ledger, so each is written at
//! most once in a while.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use protocol::ids::Id;

/// How long the same refusal of the same person or device is not written again.
const QUIET_FOR: Duration = Duration::from_mins(10);
/// Refusals that are remembered; beyond them nothing is written until the oldest have gone.
const REMEMBERED_MAX: usize = 256;

/// Which refusals were written lately.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashMap<(Id, String), Instant>>);

impl Refusals {
    /// Whether this one is to be written.
    pub fn is_news(&self, who: Id, what: &str, now: Instant) -> bool {
        let mut lately = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lately.retain(|_, at| now.duration_since(*at) < QUIET_FOR);
        if lately.len() >= REMEMBERED_MAX || lately.contains_key(&(who, what.to_owned())) {
            return false;
        }
        lately.insert((who, what.to_owned()), now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_is_news_once_in_a_while_and_a_flood_is_bounded() {
        let (refusals, now) = (Refusals::default(), Instant::now());
        let who = Id::from_u128(1);
        assert!(refusals.is_news(who, "DELETE /api/products/{id}/", now));
        assert!(!refusals.is_news(who, "DELETE /api/products/{id}/", now));
        assert!(refusals.is_news(who, "POST /api/products/", now));
        assert!(refusals.is_news(Id::from_u128(2), "POST /api/products/", now));
        assert!(refusals.is_news(who, "POST /api/products/", now + QUIET_FOR));
        let written = (10..10_000).filter(|id| refusals.is_news(Id::from_u128(*id), "x", now)).count();
        assert!(written < REMEMBERED_MAX, "{written}");
    }
}
