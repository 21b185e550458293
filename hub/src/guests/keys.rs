//! Guests' keys: one file of slots, `secrets/guests/keys`, written in place.
//!
//! ```text
//! slot, 64 bytes:  guest [u8; 16] · key [u8; 32] · zeros [u8; 12] · CRC-32C of what is before it, u32
//! ```
//!
//! **Why not a file for each guest:** a hundred thousand of them are 400 MB in blocks of 4 kB, and as many reads before
//! the first search is answered; here they are 6.4 MB and one read. **Why not written whole:** each new guest would leave a copy of
//! everybody's keys behind in the file system's free blocks, where forgetting somebody does not reach. In place, there is one
//! copy of a key, and destroying it writes zeros over that one.
//!
//! **Power cuts.** A slot never straddles a sector, so it is there or not; where one is neither, its checksum says so. It
//! was then never acknowledged: the barrier comes before the record that needs the key. That a block's other bytes outlive a
//! cut while some of it are written is what the ledger asks of the disk as well.

use std::collections::HashMap;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use protocol::ids::Id;

/// Their folder, in that of the secrets.
const DIR: &str = "guests";
const FILE: &str = "keys";
const SLOT_BYTES: usize = 64;
const KEY_AT: usize = 16;
const KEY_BYTES: usize = 32;
const CRC_AT: usize = SLOT_BYTES - 4;

/// A guest's key; it is never shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Key(pub(super) [u8; KEY_BYTES]);

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Key")
    }
}

/// Where a guest's key is, and the key, where it is whole.
#[derive(Debug, Clone, Copy)]
struct Slot {
    place: u64,
    key: Option<Key>,
}

/// All keys, in memory and in their file.
#[derive(Debug)]
pub(super) struct Keys {
    secrets: PathBuf,
    slots: HashMap<Id, Slot>,
    /// Places that are free before the end.
    free: Vec<u64>,
    /// The place behind the last.
    end: u64,
    /// The file's name, and its folder's, are on the medium: a process before this one may have ended before they were.
    is_named: bool,
}

impl Keys {
    /// Reads them; there are none where there is no file yet.
    pub(super) fn open(secrets: &Path) -> io::Result<Self> {
        let mut keys = Self {
            secrets: secrets.to_owned(),
            slots: HashMap::new(),
            free: Vec::new(),
            end: 0,
            is_named: false,
        };
        let mut bytes = Vec::new();
        match File::open(keys.dir().join(FILE)) {
            Ok(mut file) => file.read_to_end(&mut bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(keys),
            Err(error) => return Err(error),
        };
        // A slot that a power cut left short was never acknowledged, and is written over.
        for (place, slot) in (0..).zip(bytes.chunks_exact(SLOT_BYTES)) {
            keys.end = place + 1;
            if slot.iter().all(|byte| *byte == 0) {
                keys.free.push(place);
                continue;
            }
            let (id, key) = read(slot);
            if key.is_none() {
                log::error!("guest: the key in slot {place} cannot be read guest.id={id}");
            }
            keys.slots.insert(id, Slot { place, key });
        }
        Ok(keys)
    }

    fn dir(&self) -> PathBuf {
        self.secrets.join(DIR)
    }

    /// Whose there are.
    pub(super) fn ids(&self) -> impl Iterator<Item = Id> {
        self.slots.keys().copied()
    }

    /// A guest's key.
    pub(super) fn get(&self, guest: Id) -> Option<Key> {
        self.slots.get(&guest).and_then(|slot| slot.key)
    }

    /// A guest's key, made where there is none; on the medium when this returns.
    pub(super) fn get_or_make(&mut self, guest: Id) -> io::Result<Key> {
        let before = self.slots.get(&guest).copied();
        if let Some(Slot { key: Some(key), .. }) = before {
            return Ok(key);
        }
        let mut key = Key([0; KEY_BYTES]);
        getrandom::fill(&mut key.0).map_err(io::Error::other)?;
        let place = before.map(|slot| slot.place).or(self.free.last().copied()).unwrap_or(self.end);
        self.write(place, &slot(guest, &key))?;
        // Only now: a slot that was not written whole is free still.
        self.free.retain(|free| *free != place);
        self.end = self.end.max(place + 1);
        self.slots.insert(guest, Slot { place, key: Some(key) });
        Ok(key)
    }

    /// Writes zeros over a guest's key; on the medium when this returns.
    pub(super) fn destroy(&mut self, guest: Id) -> io::Result<()> {
        let Some(Slot { place, .. }) = self.slots.get(&guest).copied() else { return Ok(()) };
        self.write(place, &[0; SLOT_BYTES])?;
        self.slots.remove(&guest);
        self.free.push(place);
        Ok(())
    }

    fn write(&mut self, place: u64, slot: &[u8; SLOT_BYTES]) -> io::Result<()> {
        let dir = self.dir();
        if !self.is_named {
            DirBuilder::new().recursive(true).mode(0o700).create(&dir)?;
        }
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).mode(0o600).open(dir.join(FILE))?;
        file.write_all_at(slot, place * SLOT_BYTES as u64)?;
        file.sync_data()?;
        if !self.is_named {
            File::open(&dir)?.sync_all()?;
            File::open(&self.secrets)?.sync_all()?;
            self.is_named = true;
        }
        Ok(())
    }
}

fn slot(guest: Id, key: &Key) -> [u8; SLOT_BYTES] {
    let mut slot = [0; SLOT_BYTES];
    slot[..KEY_AT].copy_from_slice(guest.as_bytes());
    slot[KEY_AT..][..KEY_BYTES].copy_from_slice(&key.0);
    let crc = crc32c::crc32c(&slot[..CRC_AT]);
    slot[CRC_AT..].copy_from_slice(&crc.to_be_bytes());
    slot
}

fn read(slot: &[u8]) -> (Id, Option<Key>) {
    let (content, crc) = slot.split_at(CRC_AT);
    let id = Id::from_slice(&content[..KEY_AT]).expect("sixteen bytes");
    let is_whole = crc32c::crc32c(content).to_be_bytes() == crc;
    let key = content[KEY_AT..][..KEY_BYTES].try_into().expect("thirty-two bytes");
    (id, is_whole.then_some(Key(key)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn id(number: u128) -> Id {
        Id::from_u128(number)
    }

    #[test]
    fn a_key_stays_until_it_is_destroyed_and_then_there_is_no_trace() {
        let folder = tempfile::tempdir().unwrap();
        let mut keys = Keys::open(folder.path()).unwrap();
        let made: Vec<Key> = (1..=3).map(|number| keys.get_or_make(id(number)).unwrap()).collect();
        assert_eq!(keys.get_or_make(id(2)).unwrap(), made[1]);
        let path = folder.path().join("guests/keys");
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        let mut keys = Keys::open(folder.path()).unwrap();
        assert_eq!((keys.get(id(2)), keys.ids().count()), (Some(made[1]), 3));
        keys.destroy(id(2)).unwrap();
        keys.destroy(id(2)).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(KEY_BYTES).any(|here| here == made[1].0));
        let mut keys = Keys::open(folder.path()).unwrap();
        assert_eq!((keys.get(id(1)), keys.get(id(2)), keys.get(id(3))), (Some(made[0]), None, Some(made[2])));
        // Whoever comes next takes the place, and is somebody else.
        assert_ne!(keys.get_or_make(id(4)).unwrap(), made[1]);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 3 * SLOT_BYTES as u64);
    }

    #[test]
    fn a_slot_that_was_torn_costs_no_other_and_is_destroyed_too() {
        let folder = tempfile::tempdir().unwrap();
        let mut keys = Keys::open(folder.path()).unwrap();
        let first = keys.get_or_make(id(1)).unwrap();
        keys.get_or_make(id(2)).unwrap();
        let path = folder.path().join("guests/keys");
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[SLOT_BYTES + 40] ^= 1;
        bytes.extend([9; 10]);
        std::fs::write(&path, &bytes).unwrap();
        let mut keys = Keys::open(folder.path()).unwrap();
        assert_eq!((keys.get(id(1)), keys.get(id(2))), (Some(first), None));
        let third = keys.get_or_make(id(3)).unwrap();
        keys.destroy(id(2)).unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        assert_eq!((keys.get(id(1)), keys.get(id(2)), keys.get(id(3))), (Some(first), None, Some(third)));
        assert_eq!(std::fs::read(&path).unwrap()[SLOT_BYTES..][..SLOT_BYTES], [0; SLOT_BYTES]);
    }
}
