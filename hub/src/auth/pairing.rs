//! Codes that pair a device: six digits, good for five minutes and once.
//!
//! A code is shown to whoever may manage devices and typed on the device, so it has to be short. What makes guessing hopeless: few
//! codes at a time, growing waits for each address, and after [`WRONG_MAX`] wrong tries, from wherever, every code is void.
//! Codes live in memory: a restart voids them too.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use protocol::device::DeviceRole;
use protocol::event::Actor;
use protocol::staff::WrongTries;

/// How long a code is good.
pub const GOOD_FOR: Duration = Duration::from_mins(5);
/// Codes at a time: an installer pairs a counter's devices side by side.
pub const CODES_MAX: usize = 8;
/// Wrong tries, of everybody together, after which every code is void.
const WRONG_MAX: u32 = 20;
/// Addresses whose wrong tries are remembered; the oldest goes first. A LAN has fewer.
const ADDRESSES_MAX: usize = 256;
const CODE_DIGITS: usize = 6;

/// What a code makes of whoever types it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// What the device will be called.
    pub name: String,
    /// What it is there for.
    pub role: DeviceRole,
    /// Kitchen station; empty for all.
    pub station: String,
    /// Who made the code.
    pub by: Actor,
}

#[derive(Debug)]
struct Code {
    digits: String,
    pass: Pass,
    /// None where it is good for ever and more than once: the demo's.
    until: Option<Instant>,
}

/// Why a code pairs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is none, or not any more.
    Wrong,
    /// Too many wrong ones came from there: the next is listened to in so many seconds.
    Wait(u64),
}

/// The codes that are about.
#[derive(Debug)]
pub struct Pairing {
    began: Instant,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    codes: Vec<Code>,
    /// Since a code was last made.
    wrong: u32,
    tries: HashMap<IpAddr, WrongTries>,
}

impl Default for Pairing {
    fn default() -> Self {
        Self { began: Instant::now(), state: Mutex::default() }
    }
}

impl Pairing {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a code; none where too many are about.
    pub fn make(&self, pass: Pass, now: Instant) -> Option<String> {
        let mut state = self.lock();
        state.forget_ended(now);
        if state.codes.iter().filter(|code| code.until.is_some()).count() >= CODES_MAX {
            return None;
        }
        let digits = loop {
            let digits = random_digits();
            if state.codes.iter().all(|code| code.digits != digits) {
                break digits;
            }
        };
        state.wrong = 0;
        state.codes.push(Code { digits: digits.clone(), pass, until: Some(now + GOOD_FOR) });
        Some(digits)
    }

    /// Adds a code that stays: for a demo, which nobody guards.
    pub fn keep(&self, digits: &str, pass: Pass) {
        self.lock().codes.push(Code { digits: digits.to_owned(), pass, until: None });
    }

    /// Takes a code: it pairs one device.
    pub fn take(&self, digits: &str, from: IpAddr, now: Instant) -> Result<Pass, Refused> {
        let now_ms = now.duration_since(self.began).as_millis() as i64;
        let mut state = self.lock();
        if let Some(seconds) = state.tries.get(&from).and_then(|tries| tries.wait_s(now_ms)) {
            return Err(Refused::Wait(seconds));
        }
        state.forget_ended(now);
        let Some(at) = state.codes.iter().position(|code| code.digits == digits) else {
            state.count_wrong(from, now_ms);
            return Err(Refused::Wrong);
        };
        state.tries.remove(&from);
        if state.codes[at].until.is_none() {
            return Ok(state.codes[at].pass.clone());
        }
        Ok(state.codes.swap_remove(at).pass)
    }

    /// Gives a code back that was taken and could not be used, for as long as it still is good.
    pub fn give_back(&self, digits: &str, pass: Pass, now: Instant) {
        let mut state = self.lock();
        if state.codes.iter().all(|code| code.digits != digits) {
            state.codes.push(Code { digits: digits.to_owned(), pass, until: Some(now + GOOD_FOR / 5) });
        }
    }
}

impl State {
    fn forget_ended(&mut self, now: Instant) {
        self.codes.retain(|code| code.until.is_none_or(|until| now < until));
    }

    fn count_wrong(&mut self, from: IpAddr, now_ms: i64) {
        if !self.tries.contains_key(&from) && self.tries.len() >= ADDRESSES_MAX {
            let oldest =
                self.tries.iter().min_by_key(|(_, tries)| tries.last_ms).map(|(address, _)| *address);
            oldest.and_then(|address| self.tries.remove(&address));
        }
        let tries = self.tries.entry(from).or_default();
        *tries = WrongTries { count: tries.count.saturating_add(1), last_ms: now_ms };
        self.wrong = self.wrong.saturating_add(1);
        if self.wrong >= WRONG_MAX {
            self.codes.retain(|code| code.until.is_none());
        }
    }
}

/// Six digits, each as likely as any other.
fn random_digits() -> String {
    let count = 10_u32.pow(CODE_DIGITS as u32);
    // The last, incomplete stretch of numbers would make some codes likelier.
    let fair = u32::MAX - u32::MAX % count;
    loop {
        let number = getrandom::u32().expect("the machine has randomness");
        if number < fair {
            return format!("{:0CODE_DIGITS$}", number % count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(name: &str) -> Pass {
        Pass {
            name: name.to_owned(),
            role: DeviceRole::Till,
            station: String::new(),
            by: Actor::system("test"),
        }
    }

    fn from(last: u8) -> IpAddr {
        IpAddr::from([192, 168, 1, last])
    }

    /// A code that is none of these.
    fn other(codes: &[&String]) -> String {
        (0..100).map(|number| format!("{number:06}")).find(|code| !codes.contains(&code)).unwrap()
    }

    #[test]
    fn a_code_is_good_once_and_for_five_minutes() {
        let (pairing, now) = (Pairing::default(), Instant::now());
        let code = pairing.make(pass("Kasir"), now).unwrap();
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        assert_eq!(pairing.take(&code, from(1), now).unwrap(), pass("Kasir"));
        assert_eq!(pairing.take(&code, from(1), now), Err(Refused::Wrong));
        let late = pairing.make(pass("Kasir"), now).unwrap();
        assert_eq!(pairing.take(&late, from(2), now + GOOD_FOR), Err(Refused::Wrong));
    }

    #[test]
    fn an_address_that_guesses_waits_longer_each_time_and_others_do_not() {
        let (pairing, now) = (Pairing::default(), Instant::now());
        let code = pairing.make(pass("Kasir"), now).unwrap();
        let wrong = other(&[&code]);
        for _ in 0..3 {
            assert_eq!(pairing.take(&wrong, from(1), now), Err(Refused::Wrong));
        }
        assert_eq!(pairing.take(&code, from(1), now), Err(Refused::Wait(5)), "even the right one");
        let later = now + Duration::from_secs(6);
        assert_eq!(pairing.take(&wrong, from(1), later), Err(Refused::Wrong));
        assert_eq!(pairing.take(&code, from(1), later), Err(Refused::Wait(10)));
        assert!(pairing.take(&code, from(2), now).is_ok());
    }

    #[test]
    fn many_who_guess_void_every_code_but_the_demos() {
        let (pairing, now) = (Pairing::default(), Instant::now());
        pairing.keep("100001", pass("Demo"));
        let code = pairing.make(pass("Kasir"), now).unwrap();
        let wrong = other(&[&code, &"100001".to_owned()]);
        for last in 0..WRONG_MAX {
            assert_eq!(pairing.take(&wrong, from(last as u8), now), Err(Refused::Wrong));
        }
        assert_eq!(pairing.take(&code, from(99), now), Err(Refused::Wrong));
        for _ in 0..2 {
            assert_eq!(pairing.take("100001", from(100), now).unwrap(), pass("Demo"));
        }
    }

    #[test]
    fn codes_and_addresses_are_bounded_and_what_was_not_used_comes_back() {
        let (pairing, now) = (Pairing::default(), Instant::now());
        let codes: Vec<String> = (0..CODES_MAX).map(|_| pairing.make(pass("Kasir"), now).unwrap()).collect();
        assert_eq!(pairing.make(pass("Kasir"), now), None);
        let taken = pairing.take(&codes[0], from(1), now).unwrap();
        pairing.give_back(&codes[0], taken, now);
        assert!(pairing.take(&codes[0], from(1), now).is_ok());
        let wrong = other(&codes.iter().collect::<Vec<_>>());
        for number in 0..ADDRESSES_MAX as u32 + 10 {
            let _ = pairing.take(&wrong, IpAddr::from(number.to_be_bytes()), now);
        }
        assert_eq!(pairing.lock().tries.len(), ADDRESSES_MAX);
        assert!(pairing.make(pass("Kasir"), now + GOOD_FOR).is_some(), "ended ones make room");
    }
}
