//! Whoever asks too often is told to wait: a till that has lost its mind, and somebody who tries one password after another.
//!
//! A token bucket each, kept as the one moment at which it will be full again. Of one's own rather than `tower_governor`: that knows
//! one key and one limit a request, keeps every key until it is told to clean up, and brings a dozen crates for what is a hash map and
//! an addition here.
//!
//! **Keys.** A device is known by its key, else a person by their token, else by where they are. Nobody has looked at those yet, so
//! whoever makes keys up would have a new bucket for each: every request is charged to its address as well, which may stand for
//! several devices behind one proxy and no more.
//! **Limits.** [`BUCKETS_MAX`] buckets of 32 bytes. One that is full again is as good as none, and is dropped when room is
//! wanted; where there is none, whoever is new shares one bucket.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, Method, Uri, header};

use super::Place;

/// Devices, people and addresses that are kept apart: many times an outlet's.
pub(super) const BUCKETS_MAX: usize = 4_096;
/// Seconds of its limit that a client may ask at once: a till that comes back has much to send.
const BURST_S: u32 = 5;
/// How many clients an address may stand for.
const CLIENTS_PER_ADDRESS: u32 = 8;
/// Signing in and pairing, for each address: a shift's change, and no list of passwords.
const SIGN_INS: Limit = Limit { interval: Duration::from_millis(200), burst: 40 };
const SIGN_IN_PATHS: [&str; 3] = ["/api/token/", "/api/token/pin/", "/api/devices/pair/"];
/// How long room is not looked for again where there was none.
const SWEEP_EVERY: Duration = Duration::from_millis(100);
/// Whoever is new while there is no room.
const CROWD: Key = [0; 16];

/// A hash of who asks.
type Key = [u8; 16];

/// How often somebody may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Limit {
    interval: Duration,
    burst: u32,
}

impl Limit {
    fn per_second(requests: u32) -> Self {
        Self { interval: Duration::from_secs(1) / requests.max(1), burst: requests.saturating_mul(BURST_S) }
    }
}

/// The limits of a hub; none where they are off.
#[derive(Debug)]
pub(super) struct Rates(Option<Limits>);

#[derive(Debug)]
struct Limits {
    client: Limit,
    address: Limit,
    buckets: Mutex<Buckets>,
}

impl Rates {
    pub(super) fn new(requests_per_second_max: u32) -> Self {
        Self((requests_per_second_max > 0).then(|| Limits {
            client: Limit::per_second(requests_per_second_max),
            address: Limit::per_second(requests_per_second_max.saturating_mul(CLIENTS_PER_ADDRESS)),
            buckets: Mutex::default(),
        }))
    }

    /// How long whoever asks has to wait, if they do. Only the API is counted: pages are files, polling transports ask all the time,
    /// and a watchdog must not take a busy hub for a dead one.
    pub(super) fn wait(
        &self,
        now: Instant,
        place: Place,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        address: IpAddr,
    ) -> Option<Duration> {
        // What runs on the box itself has other ways to keep it busy, and what looks after it must get through.
        let limits = self.0.as_ref().filter(|_| place == Place::Api && !address.is_loopback())?;
        let mut charges = vec![
            (client(headers, address), limits.client),
            (key("address", &octets(address)), limits.address),
        ];
        if *method == Method::POST && SIGN_IN_PATHS.contains(&uri.path()) {
            charges.push((key("sign-in", &octets(address)), SIGN_INS));
        }
        limits.buckets.lock().unwrap_or_else(PoisonError::into_inner).take(now, &charges).err()
    }
}

fn client(headers: &HeaderMap, address: IpAddr) -> Key {
    if let Some(device) = headers.get("x-device-key") {
        return key("device", device.as_bytes());
    }
    match headers.get(header::AUTHORIZATION) {
        Some(token) => key("token", token.as_bytes()),
        None => key("anybody", &octets(address)),
    }
}

fn octets(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
        IpAddr::V6(ip) => ip.octets(),
    }
}

fn key(kind: &str, content: &[u8]) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(kind.as_bytes()).update(&[0]).update(content);
    let mut key = Key::default();
    key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    key
}

/// When each bucket will be full again.
#[derive(Debug, Default)]
struct Buckets {
    full_at: HashMap<Key, Instant>,
    swept_at: Option<Instant>,
}

impl Buckets {
    /// Takes one from each bucket, or none from any, and says how long until that would do.
    fn take(&mut self, now: Instant, charges: &[(Key, Limit)]) -> Result<(), Duration> {
        let mut filled = Vec::with_capacity(charges.len());
        let mut longest = Duration::ZERO;
        for (key, limit) in charges {
            let key = self.place(now, *key);
            let full_at = self.full_at.get(&key).copied().unwrap_or(now).max(now) + limit.interval;
            let wait = full_at.duration_since(now).saturating_sub(limit.interval * limit.burst);
            longest = longest.max(wait);
            filled.push((key, full_at));
        }
        if longest > Duration::ZERO {
            return Err(longest);
        }
        self.full_at.extend(filled);
        Ok(())
    }

    /// The bucket of a key: its own, where it has one or there is room.
    fn place(&mut self, now: Instant, key: Key) -> Key {
        // A request wants up to three at once.
        let has_room = |buckets: &Self| buckets.full_at.len() + 3 <= BUCKETS_MAX;
        if self.full_at.contains_key(&key) || has_room(self) {
            return key;
        }
        if self.swept_at.is_none_or(|at| now.duration_since(at) >= SWEEP_EVERY) {
            self.swept_at = Some(now);
            self.full_at.retain(|_, full_at| *full_at > now);
        }
        if has_room(self) { key } else { CROWD }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Limit = Limit { interval: Duration::from_millis(100), burst: 3 };

    #[test]
    fn a_burst_then_a_steady_rate_and_a_wait_that_is_true() {
        let begin = Instant::now();
        let mut buckets = Buckets::default();
        let key = key("device", b"one");
        for (at_ms, wanted) in [
            (0, Ok(())),
            (0, Ok(())),
            (0, Ok(())),
            (0, Err(100)),
            (40, Err(60)),
            (99, Err(1)),
            (100, Ok(())),
            (100, Err(100)),
            (250, Ok(())),
            (250, Err(50)),
            // Long enough to be full, and no fuller.
            (10_000, Ok(())),
            (10_000, Ok(())),
            (10_000, Ok(())),
            (10_000, Err(100)),
        ] {
            let found = buckets.take(begin + Duration::from_millis(at_ms), &[(key, TEN)]);
            assert_eq!(found, wanted.map_err(Duration::from_millis), "at {at_ms} ms");
        }
    }

    #[test]
    fn one_does_not_wait_for_another_and_a_refusal_costs_nothing() {
        let now = Instant::now();
        let mut buckets = Buckets::default();
        let (one, two, shared) = (key("device", b"1"), key("device", b"2"), key("address", b"x"));
        let wide = Limit { interval: Duration::from_millis(10), burst: 5 };
        for _ in 0..3 {
            buckets.take(now, &[(one, TEN), (shared, wide)]).unwrap();
        }
        for _ in 0..10 {
            buckets.take(now, &[(one, TEN), (shared, wide)]).unwrap_err();
        }
        // Two of the five that they share are left, and one's tries have taken none of them.
        buckets.take(now, &[(two, TEN), (shared, wide)]).unwrap();
        buckets.take(now, &[(two, TEN), (shared, wide)]).unwrap();
        assert_eq!(buckets.take(now, &[(two, TEN), (shared, wide)]), Err(Duration::from_millis(10)));
    }

    #[test]
    fn there_are_never_more_buckets_than_the_bound_and_idle_ones_make_room() {
        let begin = Instant::now();
        let mut buckets = Buckets::default();
        let made_up = |n: u32| key("device", &n.to_le_bytes());
        let slow = Limit { interval: Duration::from_secs(1), burst: 2 };
        for n in 0..10_000 {
            let _ = buckets.take(begin, &[(made_up(n), slow)]);
            assert!(buckets.full_at.len() <= BUCKETS_MAX);
        }
        // Who was there keeps theirs; who is new shares one, which is empty.
        assert_eq!(buckets.take(begin, &[(made_up(1), slow)]), Ok(()));
        assert_eq!(buckets.take(begin, &[(made_up(20_000), slow)]), Err(Duration::from_secs(1)));
        let later = begin + Duration::from_secs(5);
        assert_eq!(buckets.take(later, &[(made_up(20_000), slow)]), Ok(()));
        assert_eq!(buckets.full_at.len(), 1, "those that were full again are gone");
    }

    #[test]
    fn a_device_is_known_by_its_key_a_person_by_their_token_and_anybody_by_their_address() {
        let (here, there) = (IpAddr::from([192, 168, 1, 7]), IpAddr::from([192, 168, 1, 8]));
        let sent = |pairs: &[(&'static str, &str)]| {
            pairs
                .iter()
                .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()))
                .collect()
        };
        let (device, token) = (("x-device-key", "k"), ("authorization", "Bearer t"));
        assert_eq!(client(&sent(&[device, token]), here), client(&sent(&[device]), there));
        assert_eq!(client(&sent(&[token]), here), client(&sent(&[token]), there));
        assert_ne!(client(&sent(&[device]), here), client(&sent(&[token]), here));
        assert_ne!(client(&HeaderMap::new(), here), client(&HeaderMap::new(), there));
    }

    #[test]
    fn what_is_counted_where() {
        let begin = Instant::now();
        let here = IpAddr::from([192, 168, 1, 7]);
        let asked = |rates: &Rates, place, method: Method, path: &'static str, made_up: Option<u32>| {
            let mut headers = HeaderMap::new();
            if let Some(n) = made_up {
                headers.insert("x-device-key", n.into());
            }
            rates.wait(begin, place, &method, &Uri::from_static(path), &headers, here).is_none()
        };
        let taken = |place, method: Method, path| {
            let rates = Rates::new(20);
            (0..2_000).filter(|_| asked(&rates, place, method.clone(), path, None)).count()
        };
        assert_eq!(taken(Place::Api, Method::GET, "/api/orders/"), 100);
        assert_eq!(taken(Place::Api, Method::POST, "/api/token/"), 40);
        assert_eq!(taken(Place::Api, Method::POST, "/api/token/refresh/"), 100);
        assert_eq!(taken(Place::Live, Method::POST, "/socket.io/"), 2_000);
        assert_eq!(taken(Place::Page, Method::GET, "/"), 2_000);
        // A new key for each request is no way around it.
        let rates = Rates::new(20);
        let made_up = (0..2_000).filter(|n| asked(&rates, Place::Api, Method::GET, "/api/orders/", Some(*n)));
        assert_eq!(made_up.count(), 100 * CLIENTS_PER_ADDRESS as usize);
        let signing = Rates::new(20);
        let made_up =
            (0..2_000).filter(|n| asked(&signing, Place::Api, Method::POST, "/api/token/pin/", Some(*n)));
        assert_eq!(made_up.count(), 40);
        let off = Rates::new(0);
        assert_eq!(
            (0..2_000).filter(|_| asked(&off, Place::Api, Method::POST, "/api/token/", None)).count(),
            2_000
        );
    }
}
