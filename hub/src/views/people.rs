//! Who may ask: the accounts, who is signed in, and the paired devices.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use protocol::device::Device;
use protocol::event::{DeviceEvent, Envelope, StaffEvent};
use protocol::ids::Id;
use protocol::staff::{Session, User, WrongTries};
use serde::{Deserialize, Serialize};

/// A session, and the device on which it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The session as it now is.
    pub session: Session,
    /// On which paired device; none where it was another browser.
    pub device: Option<Id>,
}

/// Who works here, and who is signed in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Staff {
    /// Accounts, by id.
    pub users: BTreeMap<Id, Arc<User>>,
    /// argon2id of PINs, by account.
    pub pins: BTreeMap<Id, Arc<String>>,
    /// Sessions that can still be refreshed, by id.
    pub sessions: BTreeMap<Id, Arc<SignedIn>>,
    /// Wrong passwords since the last right one, by account.
    pub wrong_tries: BTreeMap<Id, Arc<WrongTries>>,
    /// Wrong PINs since the last right one, by account and by device.
    pub wrong_pins: BTreeMap<Id, Arc<WrongTries>>,
}

impl Staff {
    /// The account of a username.
    #[must_use]
    pub fn by_username(&self, username: &str) -> Option<&Arc<User>> {
        self.users.values().find(|user| user.username == username)
    }

    /// An account that may sign in.
    #[must_use]
    pub fn active(&self, user: Id) -> Option<&Arc<User>> {
        self.users.get(&user).filter(|user| user.is_active)
    }

    /// Whose session it is, where it still stands.
    #[must_use]
    pub fn signed_in(&self, session: Id) -> Option<(&SignedIn, &Arc<User>)> {
        let signed_in = self.sessions.get(&session)?;
        Some((signed_in, self.active(signed_in.session.user)?))
    }

    /// Seconds that the next PIN of an account on a device has to wait; none where it is listened to.
    #[must_use]
    pub fn pin_wait_s(&self, user: Id, device: Option<Id>, now_ms: i64) -> Option<u64> {
        let of = |id| self.wrong_pins.get(&id).and_then(|tries| tries.wait_s(now_ms));
        of(user).max(device.and_then(of))
    }

    /// Folds an event of an envelope; answers the ids of what it changed.
    pub(super) fn apply(&mut self, envelope: &Envelope, event: &StaffEvent) -> Vec<Id> {
        let (at_ms, device) = (envelope.at_ms, envelope.device);
        match event {
            StaffEvent::UserPut(user) => {
                self.users.insert(user.id, Arc::new(user.clone()));
                vec![user.id]
            }
            StaffEvent::SessionBegan(session) => {
                // Nobody can refresh those any more.
                let over = |signed_in: &&Arc<SignedIn>| signed_in.session.expires_ms <= at_ms;
                let mut changed: Vec<Id> =
                    self.sessions.values().filter(over).map(|signed_in| signed_in.session.id).collect();
                for id in &changed {
                    self.sessions.remove(id);
                }
                self.sessions.insert(session.id, Arc::new(SignedIn { session: *session, device }));
                self.wrong_tries.remove(&session.user);
                changed.extend(self.forgive_pins(session.user, device));
                changed.extend([session.id, session.user]);
                changed
            }
            StaffEvent::SessionRefreshed(session) => {
                let device = self.sessions.get(&session.id).and_then(|before| before.device);
                self.sessions.insert(session.id, Arc::new(SignedIn { session: *session, device }));
                vec![session.id]
            }
            StaffEvent::SessionEnded { session, .. } => {
                self.sessions.remove(session);
                vec![*session]
            }
            StaffEvent::SignInRefused { user } => {
                count(&mut self.wrong_tries, *user, at_ms);
                vec![*user]
            }
            StaffEvent::PinSet { user, pin } => {
                match pin {
                    Some(pin) => self.pins.insert(*user, Arc::new(pin.clone())),
                    None => self.pins.remove(user),
                };
                self.wrong_pins.remove(user);
                vec![*user]
            }
            StaffEvent::PinRefused { user } => {
                let both: Vec<Id> = device.into_iter().chain([*user]).collect();
                for id in &both {
                    count(&mut self.wrong_pins, *id, at_ms);
                }
                both
            }
            StaffEvent::AccessRefused { .. } => Vec::new(),
        }
    }

    /// A right PIN: what was wrong before it does not count any more.
    pub(super) fn forgive_pins(&mut self, user: Id, device: Option<Id>) -> Vec<Id> {
        let both = device.into_iter().chain([user]);
        both.filter(|id| self.wrong_pins.remove(id).is_some()).collect()
    }
}

fn count(tries: &mut BTreeMap<Id, Arc<WrongTries>>, id: Id, at_ms: i64) {
    let before = tries.get(&id).map_or(0, |tries| tries.count);
    tries.insert(id, Arc::new(WrongTries { count: before.saturating_add(1), last_ms: at_ms }));
}

/// The paired devices.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Devices {
    /// By id, revoked ones too.
    pub by_id: BTreeMap<Id, Arc<Device>>,
    /// The hash of a key to its device.
    by_key: HashMap<[u8; 32], Id>,
}

impl Devices {
    /// Of everything that was stored.
    #[must_use]
    pub fn new(by_id: BTreeMap<Id, Arc<Device>>) -> Self {
        let by_key = by_id.values().map(|device| (device.key_hash, device.id)).collect();
        Self { by_id, by_key }
    }

    /// The device that holds a key, where the key is still taken.
    #[must_use]
    pub fn with_key(&self, key_hash: &[u8; 32]) -> Option<&Arc<Device>> {
        self.by_key.get(key_hash).and_then(|id| self.active(*id))
    }

    /// A device that has its rights.
    #[must_use]
    pub fn active(&self, id: Id) -> Option<&Arc<Device>> {
        self.by_id.get(&id).filter(|device| device.is_active())
    }

    /// Folds an event; answers the id of what it changed.
    pub(super) fn apply(&mut self, at_ms: i64, event: &DeviceEvent) -> Option<Id> {
        match event {
            DeviceEvent::Put(device) => {
                self.by_key.insert(device.key_hash, device.id);
                self.by_id.insert(device.id, Arc::new(device.clone()));
                Some(device.id)
            }
            DeviceEvent::Revoked(id) => {
                let device = Arc::make_mut(self.by_id.get_mut(id)?);
                device.revoked_ms = Some(at_ms);
                self.by_key.remove(&device.key_hash);
                Some(*id)
            }
            DeviceEvent::PairingRefused => None,
        }
    }
}
