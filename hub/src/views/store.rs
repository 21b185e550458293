//! The views on disk: sled, written in whole checkpoints only.
//!
//! One tree, prefixed keys, numbers big-endian:
//!
//! | key | value |
//! |---|---|
//! | `cat/<id>` `grp/<id>` `mod/<id>` `prd/<id>` | a catalogue entry |
//! | `day/<created ms><id>` | status and payment status, to list without reading orders |
//! | `hot/<id>` | nothing: the order is to be in memory from the start |
//! | `key/<key>` | the first use of an idempotency key |
//! | `ord/<id>` | an order, or where its events are in the ledger |
//! | `prt/<id>` | the order of an item or a payment |
//! | `set/…` | counters, format, outlet, and the cursor: the last record that all of this has seen |
//!
//! sled's own `flush()` is no barrier, and what it has written between barriers may keep it from opening after a power
//! cut (see `docs/storage.md`). So a checkpoint is one `apply_batch` with everything and the cursor, then `flush()`,
//! then a barrier on our own handle of its file, and nothing is written in between. Whatever is wrong with this folder,
//! it is set aside and folded again from the ledger.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use protocol::ids::Id;
use protocol::order::{Order, OrderStatus, PaymentStatus};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::state::{Catalogue, KeyEntry, State};
use crate::ledger::disk::Disk;
use crate::ledger::record::Cursor;

/// Version of this layout; a folder of another version is folded again.
const FORMAT: u32 = 1;
/// sled spills values past about 8 kB into files that its own barrier does not reach.
const VALUE_BYTES_MAX: usize = 7 << 10;
/// What sled may cache; small, because what is hot is in `State`.
const CACHE_BYTES: u64 = 16 << 20;

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

/// An order as stored.
#[derive(Debug, Serialize, Deserialize)]
enum StoredOrder {
    Whole(Box<Order>),
    /// Too large for sled: the numbers of its records.
    Records(Vec<u64>),
}

/// An order of the store, or the records to fold it from.
#[derive(Debug)]
pub enum Found {
    /// The order.
    Whole(Box<Order>),
    /// Its records' numbers.
    Records(Vec<u64>),
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
        let store = Self { db, file };
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

    fn get<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StoreError> {
        // A damaged page makes sled panic; that is an answer too.
        let value = catch_unwind(AssertUnwindSafe(|| self.db.get(key)))
            .map_err(|_| StoreError::Unusable("sled panicked on reading".to_owned()))??;
        value.map(|value| decode(key, &value)).transpose()
    }

    /// The last record that the store has seen.
    pub fn cursor(&self) -> Result<Option<Cursor>, StoreError> {
        self.get(b"set/cursor")
    }

    /// An order by id.
    pub fn order(&self, id: Id) -> Result<Option<Found>, StoreError> {
        Ok(self.get(&id_key(b"ord/", id))?.map(|stored| match stored {
            StoredOrder::Whole(order) => Found::Whole(order),
            StoredOrder::Records(seqs) => Found::Records(seqs),
        }))
    }

    /// The order of an item or a payment.
    pub fn order_of(&self, part: Id) -> Result<Option<Id>, StoreError> {
        self.get(&id_key(b"prt/", part))
    }

    /// The first use of a key.
    pub fn key(&self, key: &[u8; 16]) -> Result<Option<KeyEntry>, StoreError> {
        self.get(&[b"key/", &key[..]].concat())
    }

    /// Orders placed from `from_ms` to before `to_ms`, newest first.
    pub fn entries(
        &self,
        from_ms: i64,
        to_ms: i64,
    ) -> impl Iterator<Item = Result<Entry, StoreError>> + use<'_> {
        let range = day_key(from_ms, Id::nil())..day_key(to_ms, Id::nil());
        self.db.range(range).rev().map(|entry| {
            let (key, value) = entry?;
            let created: [u8; 8] = key[4..12].try_into().expect("a key of this length");
            let (status, payment_status) = decode(&key, &value)?;
            Ok(Entry {
                id: Id::from_slice(&key[12..]).map_err(|error| StoreError::Entry(error.to_string()))?,
                created_ms: unordered(created),
                status,
                payment_status,
            })
        })
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
            ..State::default()
        };
        let mut unfolded = Vec::new();
        for entry in self.db.scan_prefix(b"hot/") {
            let (key, _) = entry?;
            let id = Id::from_slice(&key[4..]).map_err(|error| StoreError::Entry(error.to_string()))?;
            match self.order(id)? {
                Some(Found::Whole(order)) => state.warm(*order),
                Some(Found::Records(seqs)) => unfolded.push(seqs),
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
                Ok((id, Arc::new(decode(&key, &value)?)))
            })
            .collect()
    }

    /// Writes a checkpoint, whole, with a barrier behind it.
    pub fn write(&self, checkpoint: Checkpoint) -> Result<(), StoreError> {
        self.write_unsynced(checkpoint)?;
        self.sync()
    }

    /// Writes without a barrier: only for folding a fresh store, which counts from its last checkpoint's cursor on.
    pub fn write_unsynced(&self, checkpoint: Checkpoint) -> Result<(), StoreError> {
        catch_unwind(AssertUnwindSafe(|| self.db.apply_batch(checkpoint.batch)))
            .map_err(|_| StoreError::Unusable("sled panicked on writing".to_owned()))??;
        Ok(())
    }

    /// The barrier.
    pub fn sync(&self) -> Result<(), StoreError> {
        catch_unwind(AssertUnwindSafe(|| self.db.flush()))
            .map_err(|_| StoreError::Unusable("sled panicked on flushing".to_owned()))??;
        self.file.sync_data()?;
        Ok(())
    }

    /// Every key with its value, in order: to compare two stores.
    pub fn dump(&self) -> impl Iterator<Item = Result<(Vec<u8>, Vec<u8>), StoreError>> + use<'_> {
        self.db.iter().map(|entry| {
            let (key, value) = entry?;
            Ok((key.to_vec(), value.to_vec()))
        })
    }
}

/// Everything that one barrier makes durable in the views.
#[derive(Debug, Default)]
pub struct Checkpoint {
    batch: sled::Batch,
}

impl Checkpoint {
    /// The state's changes since the last checkpoint; `day` is the current business day.
    #[must_use]
    pub fn of(state: &State, dirty: &super::state::Dirty) -> Self {
        let mut checkpoint = Self::default();
        for id in &dirty.orders {
            if let Some(order) = state.orders.get(id) {
                checkpoint.order(order);
            }
        }
        for key in &dirty.keys {
            if let Some(entry) = state.keys.get(key) {
                checkpoint.put(&[b"key/", &key[..]].concat(), entry);
            }
        }
        let catalogue = &state.catalogue;
        for id in &dirty.catalogue {
            checkpoint.put_or_remove(b"cat/", *id, catalogue.categories.get(id));
            checkpoint.put_or_remove(b"grp/", *id, catalogue.groups.get(id));
            checkpoint.put_or_remove(b"mod/", *id, catalogue.modifiers.get(id));
            checkpoint.put_or_remove(b"prd/", *id, catalogue.products.get(id));
        }
        if let (true, Some(outlet)) = (dirty.outlet, &state.outlet) {
            checkpoint.put(b"set/outlet", outlet);
        }
        checkpoint.put(b"set/format", &FORMAT);
        checkpoint.put(b"set/counters", &state.counters);
        checkpoint.put(b"set/cursor", &state.cursor);
        checkpoint
    }

    /// Orders that need not be in memory at the next start.
    pub fn cool(&mut self, ids: impl Iterator<Item = Id>) {
        for id in ids {
            self.batch.remove(id_key(b"hot/", id));
        }
    }

    fn order(&mut self, order: &Order) {
        let mut bytes = encode(&StoredOrderRef::Whole(order));
        if bytes.len() > VALUE_BYTES_MAX {
            bytes = encode(&StoredOrderRef::Records(&order.history));
        }
        self.batch.insert(id_key(b"ord/", order.id), bytes);
        self.put(&day_key(order.created_ms, order.id), &(order.status, order.payment_status()));
        for part in order.items.iter().map(|item| item.id).chain(order.payments.iter().map(|paid| paid.id)) {
            self.put(&id_key(b"prt/", part), &order.id);
        }
        self.batch.insert(id_key(b"hot/", order.id), &[]);
    }

    fn put<T: Serialize + ?Sized>(&mut self, key: &[u8], value: &T) {
        self.batch.insert(key, encode(value));
    }

    fn put_or_remove<T: Serialize>(&mut self, prefix: &[u8], id: Id, value: Option<&Arc<T>>) {
        match value {
            Some(value) => self.put(&id_key(prefix, id), value),
            None => self.batch.remove(id_key(prefix, id)),
        }
    }
}

/// `StoredOrder` by reference; the same encoding.
#[derive(Serialize)]
enum StoredOrderRef<'order> {
    Whole(&'order Order),
    Records(&'order [u64]),
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

fn decode<T: DeserializeOwned>(key: &[u8], value: &[u8]) -> Result<T, StoreError> {
    postcard::from_bytes(value).map_err(|error| {
        StoreError::Entry(format!("{}: {error}", String::from_utf8_lossy(&key[..4.min(key.len())])))
    })
}

fn id_key(prefix: &[u8], id: Id) -> Vec<u8> {
    [prefix, &id.as_bytes()[..]].concat()
}

fn day_key(created_ms: i64, id: Id) -> Vec<u8> {
    [b"day/", &ordered(created_ms)[..], &id.as_bytes()[..]].concat()
}

/// Bytes that sort as the number does, below zero too.
fn ordered(number: i64) -> [u8; 8] {
    (number ^ i64::MIN).to_be_bytes()
}

fn unordered(bytes: [u8; 8]) -> i64 {
    i64::from_be_bytes(bytes) ^ i64::MIN
}
