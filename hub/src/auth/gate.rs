//! Finds out who asks, from what they show: a token, a device's key, a colleague's PIN.
//!
//! What is shown is looked up in memory with each request and each live event, so that a right that is lost is lost at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use protocol::device::Device;
use protocol::ids::Id;
use protocol::staff::{User, is_pin};

use super::passwords::Crowded;
use super::tokens::{Claims, Kind, TokenError};
use super::who::{Denied, Who};
use super::{Auth, device_keys};
use crate::clock::Clock;
use crate::ledger::command::{Command, Refusal, StaffCommand};
use crate::ledger::{Ledger, LedgerError};
use crate::server::Peer;

/// Finds out who asks.
#[derive(Debug, Clone)]
pub struct Gate {
    /// Knows accounts, sessions and devices.
    pub ledger: Arc<Ledger>,
    /// Reads tokens, compares PINs.
    pub auth: Arc<Auth>,
    /// Time.
    pub clock: Clock,
    /// Whether passwords and a manager's rights are taken over plain HTTP.
    pub allow_insecure: bool,
    /// When devices were last heard of.
    pub presence: Arc<Presence>,
}

/// What a request or a socket shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown<'request> {
    /// An access token.
    pub token: Option<&'request str>,
    /// A device's key.
    pub device_key: Option<&'request str>,
}

/// Who a live connection belongs to, for as long as it lasts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Holder {
    /// The session that it began with.
    pub session: Option<Id>,
    /// The device that it began with.
    pub device: Option<Id>,
    /// Whether nobody can read along.
    pub is_safe: bool,
}

/// Why an approval is not taken.
#[derive(Debug)]
pub enum ApprovalError {
    /// It does not hold, or not here.
    Denied(Denied),
    /// Locked, or not written.
    Ledger(LedgerError),
    /// Too many PINs wait to be looked at.
    Crowded(Crowded),
}

impl Gate {
    /// The ledger's time, which never goes back, in milliseconds since 1970.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms().max(self.ledger.state().counters.last_ms)
    }

    /// Whether rights that are worth stealing may be used on a connection.
    #[must_use]
    pub fn is_safe(&self, peer: Option<&Peer>) -> bool {
        self.allow_insecure || peer.is_some_and(Peer::is_secure)
    }

    /// Who shows this.
    pub fn who(&self, peer: Option<&Peer>, shown: Shown<'_>) -> Result<Who, Denied> {
        let device = shown.device_key.map(|key| self.device(key)).transpose()?;
        let claims = shown.token.map(|token| self.auth.tokens.read(token, Kind::Access, self.now_ms()));
        let claims = claims.transpose().map_err(Denied::Token)?;
        let user = claims.as_ref().map(|claims| self.signed_in(claims, device.as_deref())).transpose()?;
        if let Some(device) = &device {
            self.presence.seen(device.id, self.now_ms());
        }
        let session = claims.map(|claims| claims.sid);
        Ok(Who { user, session, device, approver: None, is_safe: self.is_safe(peer) })
    }

    /// Who a live connection still belongs to.
    pub fn still(&self, holder: &Holder) -> Result<Who, Denied> {
        let state = self.ledger.state();
        let device = holder.device.map(|id| state.devices.active(id).cloned().ok_or(Denied::NotPaired));
        let user = holder.session.map(|id| {
            let signed_in = state.staff.signed_in(id).map(|(_, user)| Arc::clone(user));
            signed_in.ok_or(Denied::Token(TokenError::Invalid))
        });
        Ok(Who {
            user: user.transpose()?,
            session: holder.session,
            device: device.transpose()?,
            approver: None,
            is_safe: holder.is_safe,
        })
    }

    /// The device that holds a key.
    pub fn device(&self, key: &str) -> Result<Arc<Device>, Denied> {
        let hash = device_keys::hash(key).ok_or(Denied::NotPaired)?;
        self.ledger.state().devices.with_key(&hash).cloned().ok_or(Denied::NotPaired)
    }

    /// Whose token it is, where the session still stands. One that began on a device is taken from that device alone: there,
    /// four digits were enough.
    pub fn signed_in(&self, claims: &Claims, device: Option<&Device>) -> Result<Arc<User>, Denied> {
        let staff = self.ledger.state().staff.clone();
        let (signed_in, user) = staff.signed_in(claims.sid).ok_or(Denied::Token(TokenError::Invalid))?;
        let is_elsewhere = signed_in.device.is_some_and(|on| device.is_none_or(|device| device.id != on));
        if user.id != claims.user_id || is_elsewhere {
            return Err(Denied::Token(TokenError::Invalid));
        }
        Ok(Arc::clone(user))
    }

    /// Puts it on record that somebody known asked for what is not theirs.
    pub fn record_refusal(&self, who: &Who, what: &str) {
        let known = who.user.as_ref().map(|user| user.id).or(who.device.as_ref().map(|device| device.id));
        let Some(known) = known else { return };
        log::warn!("refused: {what} user.id={known}");
        if self.auth.refusals.is_news(known, what, Instant::now()) {
            let command = Command::Staff(StaffCommand::RefuseAccess { what: what.to_owned() });
            // Whether it could be written changes nothing of the answer.
            self.ledger.submit(who.request(Vec::new(), command), 0, Box::new(drop));
        }
    }

    /// Whether a PIN is an account's, on a device. A wrong one is counted, and one that comes too early is not looked at.
    pub async fn check_pin(
        &self,
        who: &Who,
        user: Id,
        pin: &str,
    ) -> Result<Option<Arc<User>>, ApprovalError> {
        let Some(device) = &who.device else { return Err(ApprovalError::Denied(Denied::NotPaired)) };
        let staff = self.ledger.state().staff.clone();
        // The ledger asks again; here it saves the work of looking.
        if let Some(seconds) = staff.pin_wait_s(user, Some(device.id), self.now_ms()) {
            return Err(ApprovalError::Ledger(LedgerError::Refused(Refusal::Wait { seconds })));
        }
        let account = staff.active(user);
        let hashed = account.and_then(|user| staff.pins.get(&user.id)).map(|pin| (**pin).clone());
        let pin = if is_pin(pin) { pin.to_owned() } else { String::new() };
        let is_right = self.auth.passwords.is_right(pin, hashed).await.map_err(ApprovalError::Crowded)?;
        if let (true, Some(account)) = (is_right, account) {
            return Ok(Some(Arc::clone(account)));
        }
        log::warn!("pin: wrong device.id={} user.id={user}", device.id);
        // Under the account only where there is one; guesses at names that do not exist are no business of the ledger's.
        if account.is_some() {
            let request = who.request(Vec::new(), Command::Staff(StaffCommand::RefusePin { user }));
            self.ledger.call(request, 0).await.map_err(ApprovalError::Ledger)?;
        }
        Ok(None)
    }

    /// Takes a colleague's leave, as `<user id> <pin>`.
    pub async fn approve(&self, who: &mut Who, shown: &str) -> Result<(), ApprovalError> {
        let refused = || ApprovalError::Denied(Denied::ApprovalRefused);
        if !who.is_safe {
            return Err(ApprovalError::Denied(Denied::HttpsNeeded));
        }
        let (user, pin) = shown.trim().split_once(' ').ok_or_else(refused)?;
        let user: Id = user.parse().map_err(|_| refused())?;
        who.approver = Some(self.check_pin(who, user, pin).await?.ok_or_else(refused)?);
        Ok(())
    }
}

/// When devices were last heard of, since this start.
#[derive(Debug, Default)]
pub struct Presence(Mutex<HashMap<Id, Heard>>);

/// What is known of a device's presence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Heard {
    /// When it last asked for something, in milliseconds since 1970.
    pub last_ms: i64,
    /// Its live connections.
    pub sockets: u32,
}

impl Presence {
    fn change(&self, device: Id, change: impl FnOnce(&mut Heard)) {
        change(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(device).or_default());
    }

    fn seen(&self, device: Id, at_ms: i64) {
        self.change(device, |heard| heard.last_ms = at_ms);
    }

    /// A live connection of it began.
    pub fn connected(&self, device: Id, at_ms: i64) {
        self.change(device, |heard| {
            heard.sockets += 1;
            heard.last_ms = at_ms;
        });
    }

    /// A live connection of it ended.
    pub fn disconnected(&self, device: Id, at_ms: i64) {
        self.change(device, |heard| {
            heard.sockets = heard.sockets.saturating_sub(1);
            heard.last_ms = at_ms;
        });
    }

    /// What is known of a device.
    #[must_use]
    pub fn of(&self, device: Id) -> Option<Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&device).copied()
    }
}
