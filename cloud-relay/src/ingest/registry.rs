//! Who is connected to this node.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use uuid::Uuid;

use super::Session;

/// What a connection is told from outside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Told {
    /// Nothing.
    #[default]
    Nothing,
    /// Its credential is not good any more.
    Revoked,
    /// The same hub has connected anew.
    Replaced,
    /// The node stops.
    Drain,
}

/// Connections by their hub.
#[derive(Debug, Default)]
pub struct Registry(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    by_hub: HashMap<(Uuid, Uuid), Entry>,
    serial: u64,
    is_draining: bool,
}

#[derive(Debug)]
struct Entry {
    serial: u64,
    tell: watch::Sender<Told>,
}

/// A connection's place; given back when dropped.
#[derive(Debug)]
pub struct Place<'registry> {
    registry: &'registry Registry,
    hub: (Uuid, Uuid),
    serial: u64,
    /// What the connection is told.
    pub told: watch::Receiver<Told>,
}

impl Registry {
    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a hub's connection. One that it had before is told to end: the hub has given it up, or it is a copy.
    pub fn enter(&self, session: &Session) -> Place<'_> {
        let mut entries = self.lock();
        entries.serial += 1;
        let serial = entries.serial;
        let (tell, told) = watch::channel(if entries.is_draining { Told::Drain } else { Told::Nothing });
        let hub = (session.tenant, session.hub);
        if let Some(earlier) = entries.by_hub.insert(hub, Entry { serial, tell }) {
            let _ = earlier.tell.send(Told::Replaced);
        }
        metrics::gauge!("cloud_relay_hubs_connected").set(entries.by_hub.len() as f64);
        Place { registry: self, hub, serial, told }
    }

    /// Everybody who is connected: tenants and hubs.
    pub fn connected(&self) -> (Vec<Uuid>, Vec<Uuid>) {
        self.lock().by_hub.keys().copied().unzip()
    }

    /// Tells a hub's connection that its credential is not good any more.
    pub fn revoke(&self, tenant: Uuid, hub: Uuid) {
        if let Some(entry) = self.lock().by_hub.get(&(tenant, hub)) {
            let _ = entry.tell.send(Told::Revoked);
        }
    }

    /// Tells everybody that the node stops.
    pub fn drain(&self) {
        let mut entries = self.lock();
        entries.is_draining = true;
        for entry in entries.by_hub.values() {
            let _ = entry.tell.send(Told::Drain);
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut entries = self.registry.lock();
        if entries.by_hub.get(&self.hub).is_some_and(|entry| entry.serial == self.serial) {
            entries.by_hub.remove(&self.hub);
        }
        metrics::gauge!("cloud_relay_hubs_connected").set(entries.by_hub.len() as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hub_that_connects_anew_replaces_itself_and_nobody_else() {
        let registry = Registry::default();
        let session = |hub| Session { tenant: Uuid::nil(), outlet: Uuid::nil(), hub: Uuid::from_u128(hub) };
        let (first, other) = (registry.enter(&session(1)), registry.enter(&session(2)));
        let second = registry.enter(&session(1));
        assert_eq!((*first.told.borrow(), *second.told.borrow()), (Told::Replaced, Told::Nothing));
        drop(first);
        assert_eq!(registry.connected().1.len(), 2, "the second is still there");
        registry.revoke(Uuid::nil(), Uuid::from_u128(1));
        assert_eq!((*second.told.borrow(), *other.told.borrow()), (Told::Revoked, Told::Nothing));
        registry.drain();
        assert_eq!(
            (*other.told.borrow(), *registry.enter(&session(3)).told.borrow()),
            (Told::Drain, Told::Drain)
        );
        drop((second, other));
        assert!(registry.connected().0.is_empty());
    }
}
