//! Time as the hub knows it.
//!
//! The box may have no battery clock and no internet. The ledger never lets time go back (an event's time is the later of
//! the clock and the last event's); this says what the clock shows and whether it can be trusted. A clock that shows
//! a time before the last event or before this program was built cannot.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// When this program was built, in milliseconds since 1970; no outlet sells before that.
const BUILT_MS: &str = env!("HUB_BUILT_MS");

/// The first of January 2026. A packager may say that it was built in 1970; it was not.
const BUILT_MS_LEAST: i64 = 1_767_225_600_000;

/// When this program was built, in milliseconds since 1970.
#[must_use]
pub fn built_ms() -> i64 {
    BUILT_MS.parse().unwrap_or(0).max(BUILT_MS_LEAST)
}

/// A clock; cheap to clone.
#[derive(Debug, Clone)]
pub struct Clock {
    source: Source,
    unverified: Arc<AtomicBool>,
}

#[derive(Debug, Clone)]
enum Source {
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's.
    #[must_use]
    pub fn system() -> Self {
        Self { source: Source::System, unverified: Arc::default() }
    }

    /// One that a test sets.
    #[must_use]
    pub fn fixed(now_ms: Arc<AtomicI64>) -> Self {
        Self { source: Source::Fixed(now_ms), unverified: Arc::default() }
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        match &self.source {
            Source::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            }
            Source::Fixed(now_ms) => now_ms.load(Ordering::Relaxed),
        }
    }

    /// Holds the clock against the last event, at start.
    pub fn check(&self, last_event_ms: i64) {
        let is_behind = self.now_ms() < last_event_ms.max(built_ms());
        self.unverified.store(is_behind, Ordering::Relaxed);
    }

    /// The clock's time, or when this program was built, where the clock shows a time before that.
    #[must_use]
    pub fn plausible_ms(&self) -> i64 {
        self.now_ms().max(built_ms())
    }

    /// Whether the clock cannot be trusted.
    #[must_use]
    pub fn is_unverified(&self) -> bool {
        self.unverified.load(Ordering::Relaxed)
    }
}
