//! The views on disk: sled, written in whole checkpoints only.
//!
//! One tree, prefixed keys, numbers big-endian:
//!
//! | key | value |
//! |---|---|
//! | `aud/…` | rows: what finds an entry of the audit trail, by time |
//! | `blk/<number>` | a dozen orders, compressed (`blocks`) |
//! | `cat/<id>` `grp/<id>` `mod/<id>` `prd/<id>` | a catalogue entry |
//! | `day/…` | rows: when an order was placed, its id, status and payment status, to list without reading orders |
//! | `gst/<id>` | a guest, what is personal of them encrypted |
//! | `hot/…` | rows: an order that is to be in memory from the start, and its block |
//! | `ids/…` | rows: an order, an item or a payment, and the block of its order |
//! | `key/…` | rows: the first use of an idempotency key |
//! | `pro/<id>` | a promotion, how many orders have it, and what screens were told |
//! | `opn/<day>` `cls/<day>` | a business day with orders that is not closed; one that is, with its totals |
//! | `run/<seq>` | what came of scheduled work |
//! | `usr/<id>` `ses/<id>` `try/<id>` | an account, a session, an account's wrong tries |
//! | `sub/…` | rows: the record that says all of a subject of the audit trail |
//! | `set/…` | counters, format, outlet, settings, and the cursor: the last record that all of this has seen |
//!
//! Rows are packed many to an entry (`index`). sled's own `flush()` is no barrier, and what it has written between
//! barriers may keep it from opening after a power cut (see `docs/storage.md`). So a checkpoint is one `apply_batch` with
//! everything and the cursor, then `flush()`, then a barrier on our own handle of its file, and nothing is written in
//! between. Whatever is wrong with this folder, it is set aside and folded again from the ledger.

mod audit;
mod blocks;
mod checkpoint;
mod compare;
mod index;

use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use protocol::ids::Id;
use protocol::order::{Order, OrderStatus, PaymentStatus};
use protocol::outlet::BusinessDay;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::blocks::Stored;
pub use self::checkpoint::Checkpoint;
pub use self::compare::difference;
use self::index::Index;
use super::people::{Devices, Staff};
use super::promotions::Promotions;
use super::state::{Catalogue, KeyEntry, State};
use super::work::{Run, Work};
use crate::ledger::disk::Disk;
use crate::ledger::record::Cursor;

/// Version of this layout; a folder of another version is folded again.
const FORMAT: u32 = 6;
/// sled spills values past about 8 kB into files that its own barrier does not reach.
const VALUE_BYTES_MAX: usize = 7 << 10;
/// What sled may cache; small, because what is hot is in `State`.
const CACHE_BYTES: u64 = 1 << 20;

const ZSTD_LEVEL: i32 = 3;

const IDS: Index = Index { name: *b"ids/", bucket_bytes: 3, key_bytes: 16, value_bytes: 8 };
const HOT: Index = Index { name: *b"hot/", bucket_bytes: 0, key_bytes: 16, value_bytes: 8 };
const KEYS: Index = Index { name: *b"key/", bucket_bytes: 3, key_bytes: 16, value_bytes: 40 };
/// Buckets of 2^24 ms, as those of ids.
const DAYS: Index = Index { name: *b"day/", bucket_bytes: 5, key_bytes: 24, value_bytes: 2 };

/// How often, and how many times, a folder that sled has not let go yet is asked for: two seconds.
const LOCK_EVERY: Duration = Duration::from_millis(20);
const LOCK_TRIES: u32 = 100;

/// Why the views cannot be used as they are. Nothing is lost: they are folded again.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk or sled refused.
    #[error("the views cannot be used: {0}")]
    Unusable(String),
    /// An entry is not what this program writes.
    #[error("the views hold an entry that cannot be read: {0}")]
    Entry(String),
}

impl From<sled::Error> for StoreError {
    fn from(error: sled::Error) -> Self {
        Self::Unusable(error.to_string())
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        Self::Unusable(error.to_string())
    }
}

/// Opens sled. Its threads let a folder go a moment after the handle that they served, so a folder in use is asked for
/// again for a while.
fn open_when_free(config: &sled::Config) -> Result<sled::Db, StoreError> {
    for _ in 0..LOCK_TRIES {
        let opened = catch_unwind(AssertUnwindSafe(|| config.open()))
            .map_err(|_| StoreError::Unusable("sled panicked on opening".to_owned()))?;
        match opened {
            Err(sled::Error::Io(error)) if error.to_string().contains("could not acquire lock") => {
                std::thread::park_timeout(LOCK_EVERY);
            }
            other => return Ok(other?),
        }
    }
    Err(StoreError::Unusable("the folder is in use".to_owned()))
}

/// What a list needs of an order, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Which.
    pub id: Id,
    /// When it was placed.
    pub created_ms: i64,
    /// Where it stands.
    pub status: OrderStatus,
    /// How much is settled.
    pub payment_status: PaymentStatus,
}

impl Entry {
    /// Of an order.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        Self {
            id: order.id,
            created_ms: order.created_ms,
            status: order.status,
            payment_status: order.payment_status(),
        }
    }
}

/// The state as stored, and the record numbers of hot orders that are too large to be stored whole.
pub type Loaded = (State, Vec<Vec<u64>>);

/// sled, opened.
#[derive(Debug)]
pub struct Store {
    db: sled::Db,
    file: Arc<dyn crate::ledger::disk::DiskFile>,
    /// The block last read: lists read neighbours.
    last_block: Mutex<Option<(u64, Arc<Vec<Stored>>)>>,
}

impl Store {
    /// Opens the folder; an error means: set it aside and fold again.
    pub fn open(disk: &dyn Disk, dir: &Path) -> Result<Self, StoreError> {
        disk.create_dir(dir)?;
        for name in disk.list(dir)? {
            // A crash while sled opens leaves this, after which every opening fails.
            if name.starts_with("snap.") && name.ends_with(".generating") {
                disk.remove(&dir.join(name))?;
            }
        }
        let config = sled::Config::new()
            .path(dir)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(None)
            .mode(sled::Mode::LowSpace)
            .print_profile_on_drop(false);
        let db = open_when_free(&config)?;
        let file = disk.open_write(&dir.join("db"))?;
        let store = Self { db, file, last_block: Mutex::default() };
        store.check_format()?;
        Ok(store)
    }

    fn check_format(&self) -> Result<(), StoreError> {
        match self.get::<u32>(b"set/format")? {
            Some(FORMAT) => Ok(()),
            None if self.db.is_empty() => Ok(()),
            other => Err(StoreError::Entry(format!("layout {other:?} instead of {FORMAT}"))),
        }
    }

    fn raw(&self, key: &[u8]) -> Result<Option<sled::IVec>, StoreError> {
        guarded("reading", || Ok(self.db.get(key)?))
    }

    fn get<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StoreError> {
        self.raw(key)?.map(|value| Ok(decode(key, &value)?.0)).transpose()
    }

    /// The last record that the store has seen.
    pub fn cursor(&self) -> Result<Option<Cursor>, StoreError> {
        self.get(b"set/cursor")
    }

    /// The order with an id, or with an item or a payment of that id.
    pub fn order_with(&self, id: Id) -> Result<Option<Stored>, StoreError> {
        let Some(number) = self.block_of(id)? else { return Ok(None) };
        let found = self.block(number)?.iter().find(|order| order.has(id)).cloned();
        found.map(Some).ok_or_else(|| StoreError::Entry(format!("{id} is not in block {number}")))
    }

    fn block_of(&self, id: Id) -> Result<Option<u64>, StoreError> {
        IDS.get(&self.db, id.as_bytes())?.map(|row| number(&row)).transpose()
    }

    fn block(&self, number: u64) -> Result<Arc<Vec<Stored>>, StoreError> {
        let mut last = self.last_block.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((held, orders)) = &*last
            && *held == number
        {
            return Ok(Arc::clone(orders));
        }
        let bytes = self.raw(&block_key(number))?;
        let bytes = bytes.ok_or_else(|| StoreError::Entry(format!("block {number} is missing")))?;
        let orders = Arc::new(blocks::unpack(&bytes)?);
        *last = Some((number, Arc::clone(&orders)));
        Ok(orders)
    }

    fn next_block(&self) -> Result<u64, StoreError> {
        let last = guarded("reading", || Ok(self.db.scan_prefix(b"blk/").keys().next_back().transpose()?))?;
        last.map_or(Ok(0), |key| Ok(number(&key[4..])? + 1))
    }

    /// The first use of a key.
    pub fn key(&self, key: &[u8; 16]) -> Result<Option<KeyEntry>, StoreError> {
        KEYS.get(&self.db, key)?.map(|row| key_entry(&row)).transpose()
    }

    /// Orders placed from `from_ms` to before `to_ms`, newest first.
    pub fn entries(&self, from_ms: i64, to_ms: i64) -> Result<Vec<Entry>, StoreError> {
        let mut entries = Vec::new();
        for rows in DAYS.buckets(&self.db, &day_key(from_ms, Id::nil()), &day_key(to_ms, Id::nil())) {
            for (key, value) in rows? {
                let entry = day_entry(&key, &value)?;
                if (from_ms..to_ms).contains(&entry.created_ms) {
                    entries.push(entry);
                }
            }
        }
        entries.reverse();
        Ok(entries)
    }

    /// The state that the store holds: catalogue, settings, counters and hot orders. Orders kept as record numbers are
    /// answered beside it, to be folded by whoever can read the ledger.
    pub fn load(&self) -> Result<Option<Loaded>, StoreError> {
        let Some(cursor) = self.cursor()? else { return Ok(None) };
        let mut state = State {
            cursor,
            outlet: self.get(b"set/outlet")?.map(Arc::new),
            counters: self.get(b"set/counters")?.unwrap_or_default(),
            catalogue: Arc::new(Catalogue {
                categories: self.load_all(b"cat/")?,
                groups: self.load_all(b"grp/")?,
                modifiers: self.load_all(b"mod/")?,
                products: self.load_all(b"prd/")?,
            }),
            staff: Arc::new(Staff {
                users: self.load_all(b"usr/")?,
                sessions: self.load_all(b"ses/")?,
                wrong_tries: self.load_all(b"try/")?,
                pins: self.load_all(b"pin/")?,
                wrong_pins: self.load_all(b"wpn/")?,
            }),
            devices: Arc::new(Devices::new(self.load_all(b"dev/")?)),
            guests: self.load_all(b"gst/")?.into_iter().collect(),
            promotions: Arc::new(Promotions { by_id: self.load_all(b"pro/")? }),
            work: Arc::new(Work {
                settings: self.get(b"set/settings")?,
                days: self
                    .load_days(b"cls/")?
                    .into_iter()
                    .map(|(day, closed)| (day, Arc::new(closed)))
                    .collect(),
                runs: self.load_runs()?,
            }),
            open_days: self.load_days(b"opn/")?,
            audit: self.load_audit()?,
            ..State::default()
        };
        let mut hot = Vec::new();
        for (id, block) in HOT.all(&self.db).collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
            let id = Id::from_slice(&id).map_err(|error| StoreError::Entry(error.to_string()))?;
            hot.push((number(&block)?, id));
        }
        // Each block is read once.
        hot.sort_unstable();
        let mut unfolded = Vec::new();
        for (block, id) in hot {
            let order = self.block(block)?.iter().find(|order| order.id() == id).cloned();
            match order {
                Some(Stored::Whole(order)) => state.warm(order),
                Some(Stored::Records { seqs, .. }) => unfolded.push(seqs),
                None => return Err(StoreError::Entry(format!("order {id} is missing"))),
            }
        }
        Ok(Some((state, unfolded)))
    }

    fn load_all<T: DeserializeOwned>(
        &self,
        prefix: &[u8],
    ) -> Result<std::collections::BTreeMap<Id, Arc<T>>, StoreError> {
        self.db
            .scan_prefix(prefix)
            .map(|entry| {
                let (key, value) = entry?;
                let id = Id::from_slice(&key[prefix.len()..])
                    .map_err(|error| StoreError::Entry(error.to_string()))?;
                Ok((id, Arc::new(decode(&key, &value)?.0)))
            })
            .collect()
    }

    fn load_days<T: DeserializeOwned>(&self, prefix: &[u8]) -> Result<BTreeMap<BusinessDay, T>, StoreError> {
        let mut days = BTreeMap::new();
        for entry in self.db.scan_prefix(prefix) {
            let (key, value) = entry?;
            days.insert(day_of_key(&key[prefix.len()..])?, decode(&key, &value)?.0);
        }
        Ok(days)
    }

    fn load_runs(&self) -> Result<BTreeMap<u64, Arc<Run>>, StoreError> {
        let mut runs = BTreeMap::new();
        for entry in self.db.scan_prefix(b"run/") {
            let (key, value) = entry?;
            runs.insert(number(&key[4..])?, Arc::new(decode(&key, &value)?.0));
        }
        Ok(runs)
    }

    /// Writes a checkpoint, whole, with a barrier behind it.
    pub fn write(&self, checkpoint: Checkpoint) -> Result<(), StoreError> {
        self.write_unsynced(checkpoint)?;
        self.sync()
    }

    /// Writes without a barrier: only for folding a fresh store, which counts from its last checkpoint's cursor on.
    pub fn write_unsynced(&self, checkpoint: Checkpoint) -> Result<(), StoreError> {
        let batch = checkpoint.batch(self)?;
        guarded("writing", || Ok(self.db.apply_batch(batch)?))
    }

    /// The barrier.
    pub fn sync(&self) -> Result<(), StoreError> {
        guarded("flushing", || Ok(self.db.flush()?))?;
        self.file.sync_data()?;
        Ok(())
    }
}

/// A damaged page makes sled panic; that is an answer too.
fn guarded<T>(what: &str, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| StoreError::Unusable(format!("sled panicked on {what}")))?
}

/// Moves a folder of views out of the way, so that it can be looked at, and answers where it went. An older one set
/// aside before gives way.
pub fn set_aside(dir: &Path) -> io::Result<PathBuf> {
    let aside = dir.with_extension("set-aside");
    if aside.exists() {
        std::fs::remove_dir_all(&aside)?;
    }
    std::fs::rename(dir, &aside)?;
    Ok(aside)
}

fn encode<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).expect("every stored type is one that postcard knows")
}

/// Decodes a value, and answers what stands behind it.
fn decode<'bytes, T: DeserializeOwned>(
    key: &[u8],
    value: &'bytes [u8],
) -> Result<(T, &'bytes [u8]), StoreError> {
    postcard::take_from_bytes(value).map_err(|error| {
        StoreError::Entry(format!("{}: {error}", String::from_utf8_lossy(&key[..4.min(key.len())])))
    })
}

fn block_key(number: u64) -> Vec<u8> {
    [b"blk/", &number.to_be_bytes()[..]].concat()
}

/// Sorts as the days do, those before 1970 too.
fn day_number_key(prefix: &[u8], day: BusinessDay) -> Vec<u8> {
    [prefix, &(day ^ i32::MIN).to_be_bytes()[..]].concat()
}

fn day_of_key(bytes: &[u8]) -> Result<BusinessDay, StoreError> {
    let bytes = bytes.try_into().map_err(|_| StoreError::Entry("a day of another length".to_owned()))?;
    Ok(i32::from_be_bytes(bytes) ^ i32::MIN)
}

fn run_key(seq: u64) -> Vec<u8> {
    [b"run/", &seq.to_be_bytes()[..]].concat()
}

fn number(bytes: &[u8]) -> Result<u64, StoreError> {
    let bytes = bytes.try_into().map_err(|_| StoreError::Entry("a number of another length".to_owned()))?;
    Ok(u64::from_be_bytes(bytes))
}

fn key_row(entry: &KeyEntry) -> Vec<u8> {
    [&entry.content[..], &entry.seq.to_be_bytes(), entry.subject.as_bytes()].concat()
}

fn key_entry(row: &[u8]) -> Result<KeyEntry, StoreError> {
    let (content, rest) = row.split_at(16);
    Ok(KeyEntry {
        content: content.try_into().expect("sixteen bytes"),
        seq: number(&rest[..8])?,
        subject: Id::from_slice(&rest[8..]).map_err(|error| StoreError::Entry(error.to_string()))?,
    })
}

fn day_row(entry: &Entry) -> (Vec<u8>, Vec<u8>) {
    let value = [place(&OrderStatus::ALL, entry.status), place(&PaymentStatus::ALL, entry.payment_status)];
    (day_key(entry.created_ms, entry.id), value.to_vec())
}

fn place<T: PartialEq + Copy>(all: &[T], one: T) -> u8 {
    all.iter().position(|other| *other == one).expect("it is one of all") as u8
}

fn day_entry(key: &[u8], value: &[u8]) -> Result<Entry, StoreError> {
    let (created, id) = key.split_at(8);
    let unknown = || StoreError::Entry("day/: an unknown status".to_owned());
    Ok(Entry {
        id: Id::from_slice(id).map_err(|error| StoreError::Entry(error.to_string()))?,
        created_ms: number(created)? as i64 ^ i64::MIN,
        status: *OrderStatus::ALL.get(usize::from(value[0])).ok_or_else(unknown)?,
        payment_status: *PaymentStatus::ALL.get(usize::from(value[1])).ok_or_else(unknown)?,
    })
}

fn id_key(prefix: &[u8], id: Id) -> Vec<u8> {
    [prefix, &id.as_bytes()[..]].concat()
}

/// Sorts as the time does, below zero too.
fn day_key(created_ms: i64, id: Id) -> Vec<u8> {
    [&(created_ms ^ i64::MIN).to_be_bytes()[..], &id.as_bytes()[..]].concat()
}
