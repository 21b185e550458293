//! How often one address may try.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Addresses that are remembered; beyond, those that have their whole allowance again are forgotten first.
const ADDRESSES_MAX: usize = 10_000;
const MINUTE: Duration = Duration::from_mins(1);

/// Counts attempts by address. Each has an allowance of a minute, which comes back evenly.
#[derive(Debug)]
pub struct Rate {
    per_minute: u32,
    /// When an address will have its whole allowance again.
    whole_at: Mutex<HashMap<IpAddr, Instant>>,
}

impl Rate {
    /// So many for each minute; 0 counts none.
    #[must_use]
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute, whole_at: Mutex::default() }
    }

    /// Counts one; answers how long to wait where it is too many.
    pub fn attempt(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        if self.per_minute == 0 {
            return Ok(());
        }
        let mut whole_at = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        if whole_at.len() >= ADDRESSES_MAX {
            whole_at.retain(|_, at| *at > now);
        }
        if whole_at.len() >= ADDRESSES_MAX && !whole_at.contains_key(&address) {
            return Err(MINUTE);
        }
        let at = whole_at.entry(address).or_insert(now);
        let then = (*at).max(now) + MINUTE / self.per_minute;
        let too_soon = then.saturating_duration_since(now + MINUTE);
        if !too_soon.is_zero() {
            return Err(too_soon);
        }
        *at = then;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_allowance_and_gets_it_back() {
        let rate = Rate::new(6);
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let now = Instant::now();
        assert!((0..6).all(|_| rate.attempt(one, now).is_ok()));
        let wait = rate.attempt(one, now).unwrap_err();
        assert_eq!(wait, Duration::from_secs(10));
        assert!(rate.attempt(other, now).is_ok());
        assert!(rate.attempt(one, now + wait).is_ok());
        assert!(rate.attempt(one, now + wait).is_err(), "a refused attempt costs nothing, and gives nothing");
    }

    #[test]
    fn zero_counts_none_and_memory_has_an_end() {
        let now = Instant::now();
        assert!((0..1_000).all(|_| Rate::new(0).attempt([10, 0, 0, 1].into(), now).is_ok()));
        let rate = Rate::new(1);
        let address = |n: u32| IpAddr::from(n.to_be_bytes());
        assert!((0..10_000).all(|n| rate.attempt(address(n), now).is_ok()));
        assert!(rate.attempt(address(10_000), now).is_err());
        assert!(rate.attempt(address(10_000), now + MINUTE).is_ok());
        assert_eq!(rate.whole_at.lock().unwrap().len(), 1);
    }
}
