//! Guests' personal data: encrypted wherever it is written, in memory in the clear, and gone with its key.
//!
//! Records are never taken back, and neither are backups of them. So each guest has a key of their own (`keys`), what is
//! personal is in the records only under it (`seal`), and forgetting a guest is destroying their key: the chain stays
//! whole, and every copy of it, wherever it was taken, stops telling.
//!
//! **Order.** A key is on the medium before the record that needs it. A guest is forgotten first by a record and then by
//! the end of the key: a crash between the two finds the record at the next start, which destroys the key before
//! anything is answered (`Guests::open`). The other way round a crash, or a disk that takes no record, would leave a guest
//! whom nobody can read and nobody has forgotten.

mod keys;
mod seal;

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::event::Key as RequestKey;
use protocol::guest::{Guest, NONCE_BYTES, Profile, Sealed};
use protocol::ids::Id;

use self::keys::Keys;
use crate::secret_file;
use crate::views::State;

/// A profile, and the nonce under which it was stored: its version.
type Known = ([u8; NONCE_BYTES], Arc<Profile>);

/// The keys of guests, and what could be read with them.
#[derive(Debug)]
pub struct Guests {
    keys: Mutex<Keys>,
    known: Mutex<HashMap<Id, Known>>,
    /// Whoever changes a guest reads them first, so one change at a time: they are rarer than barriers.
    pub turn: tokio::sync::Mutex<()>,
    /// Whoever exports a guest reads every order there ever was, so one export at a time.
    pub exporting: tokio::sync::Mutex<()>,
}

impl Guests {
    /// Of a data folder, and of what the records say: keys of those who were forgotten end here, where a crash came before
    /// their end.
    pub fn open(data_dir: &Path, state: &State) -> io::Result<Self> {
        let mut keys = Keys::open(&data_dir.join(secret_file::DIR))?;
        let is_forgotten = |id: &Id| state.guests.get(id).is_some_and(|guest| guest.sealed.is_none());
        let left: Vec<Id> = keys.ids().filter(is_forgotten).collect();
        for id in left {
            match keys.destroy(id) {
                Ok(()) => log::info!("guest: forgotten before this start guest.id={id}"),
                // Nobody reads with it all the same: the record says that they were forgotten.
                Err(error) => log::error!("guest: the key is still there guest.id={id}: {error}"),
            }
        }
        Ok(Self {
            keys: Mutex::new(keys),
            known: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            exporting: tokio::sync::Mutex::default(),
        })
    }

    /// What is personal of a guest; none of one who was forgotten, or whose key is not on this box.
    pub fn profile(&self, guest: &Guest) -> Option<Arc<Profile>> {
        let sealed = guest.sealed.as_ref()?;
        if let Some((nonce, profile)) = lock(&self.known).get(&guest.id)
            && *nonce == sealed.nonce
        {
            return Some(Arc::clone(profile));
        }
        let key = lock(&self.keys).get(guest.id)?;
        let Some(profile) = seal::open(&key, guest.id, sealed) else {
            log::error!("guest: the record does not open with its key guest.id={}", guest.id);
            return None;
        };
        let profile = Arc::new(profile);
        // Whoever was forgotten meanwhile is not kept.
        let keys = lock(&self.keys);
        keys.get(guest.id)?;
        lock(&self.known).insert(guest.id, (sealed.nonce, Arc::clone(&profile)));
        Some(profile)
    }

    /// Encrypts a profile under the guest's key, which is made, and on the medium, where there is none. Waits for the disk.
    ///
    /// Blinds what the request's keys say of its content too: their hash becomes part of the record, and a phone number is
    /// soon found by its hash.
    pub fn seal(&self, guest: Id, profile: &Profile, keys: &mut [RequestKey]) -> io::Result<Sealed> {
        let key = lock(&self.keys).get_or_make(guest)?;
        for request_key in keys {
            request_key.content = seal::blind(&key, request_key.content);
        }
        seal::seal(&key, guest, profile)
    }

    /// Destroys a guest's key, and what was read with it. Waits for the disk.
    pub fn destroy(&self, guest: Id) -> io::Result<()> {
        let mut keys = lock(&self.keys);
        lock(&self.known).remove(&guest);
        keys.destroy(guest)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
