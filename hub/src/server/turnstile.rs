//! How many connections there may be, in all and from each address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counts connections, and lets no more in than there may be.
#[derive(Debug, Clone)]
pub struct Turnstile(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    max: usize,
    per_address_max: usize,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    each: HashMap<IpAddr, usize>,
}

/// One connection's place; given back when dropped.
#[derive(Debug)]
pub(super) struct Permit {
    shared: Arc<Shared>,
    address: IpAddr,
}

impl Turnstile {
    /// Lets in so many in all, and so many from each address. This machine itself has no limit of its own: a proxy before
    /// the hub, and the cashier's screen at the box, are all on it.
    #[must_use]
    pub fn new(max: usize, per_address_max: usize) -> Self {
        Self(Arc::new(Shared { max, per_address_max, counts: Mutex::default() }))
    }

    /// A place for one from there, where there is one.
    pub(super) fn admit(&self, address: IpAddr) -> Option<Permit> {
        let address = address.to_canonical();
        let mut counts = self.0.lock();
        let from_there = counts.each.get(&address).copied().unwrap_or_default();
        let is_full = counts.all >= self.0.max;
        if is_full || (from_there >= self.0.per_address_max && !address.is_loopback()) {
            metrics::counter!("outlet_hub_connections_refused_total").increment(1);
            return None;
        }
        counts.all += 1;
        counts.each.insert(address, from_there + 1);
        metrics::gauge!("outlet_hub_connections").set(counts.all as f64);
        Some(Permit { shared: Arc::clone(&self.0), address })
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = self.shared.lock();
        counts.all -= 1;
        metrics::gauge!("outlet_hub_connections").set(counts.all as f64);
        match counts.each.get_mut(&self.address) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                counts.each.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_cannot_take_every_place_and_gives_its_places_back() {
        let turnstile = Turnstile::new(5, 2);
        let first = [turnstile.admit(ip("192.168.1.5")), turnstile.admit(ip("::ffff:192.168.1.5"))];
        assert!(first.iter().all(Option::is_some));
        assert!(turnstile.admit(ip("192.168.1.5")).is_none(), "it has its two");
        assert!(turnstile.admit(ip("192.168.1.6")).is_some(), "and others have theirs");
        drop(first);
        assert!(turnstile.admit(ip("192.168.1.5")).is_some());
        assert!(turnstile.0.lock().each.is_empty(), "nothing is kept of who has gone");
    }

    #[test]
    fn this_machine_is_counted_only_in_all() {
        let turnstile = Turnstile::new(5, 2);
        let all: Vec<_> = (0..5).map(|_| turnstile.admit(ip("127.0.0.1"))).collect();
        assert!(all.iter().all(Option::is_some));
        assert!(turnstile.admit(ip("127.0.0.1")).is_none() && turnstile.admit(ip("10.0.0.1")).is_none());
    }
}
