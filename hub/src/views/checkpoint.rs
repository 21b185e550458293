//! Writes what is hot to the store, every minute or every few thousand records, in one whole checkpoint each.
//!
//! sled writes kilobytes for each entry that changes, and an order changes six times in its life: a checkpoint every few seconds
//! would write each order six times over. A start folds what came since the last one, at hundreds of thousands of records a
//! second.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use protocol::ids::Id;

use super::state::{Dirty, State};
use super::store::{Checkpoint, Store, StoreError};
use crate::ledger::Ledger;

/// A checkpoint is written at least this often while anything changes; a start folds what came since.
const EVERY: Duration = Duration::from_mins(1);
/// How often it is looked at whether one is due earlier.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Records after which one is due earlier.
const EVERY_RECORDS: u64 = 4_000;

/// The thread that writes checkpoints. Waiting may be cut short, writing may not.
#[derive(Debug)]
pub struct Checkpointer {
    stop: SyncSender<()>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Checkpointer {
    /// Starts it.
    pub fn start(ledger: Arc<Ledger>, store: Arc<Store>) -> std::io::Result<Self> {
        let (stop, stopped) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("views-checkpoint".to_owned())
            .spawn(move || run(&ledger, &store, &stopped))?;
        Ok(Self { stop, thread: Mutex::new(Some(thread)) })
    }

    /// Writes a last checkpoint and ends.
    pub fn stop(&self) {
        let _ = self.stop.send(());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(_)) = thread.map(JoinHandle::join) {
            log::error!("views.checkpoint has panicked");
        }
    }
}

fn run(ledger: &Ledger, store: &Store, stopped: &Receiver<()>) {
    let published = ledger.published();
    let mut is_refused = false;
    let mut last = Instant::now();
    loop {
        let is_last = !matches!(stopped.recv_timeout(LOOK_EVERY), Err(RecvTimeoutError::Timeout));
        let is_due = last.elapsed() >= EVERY || ledger.state().dirty.records >= EVERY_RECORDS;
        if !is_last && !is_due {
            continue;
        }
        last = Instant::now();
        match write(&published, store) {
            Ok(Some((day, seq))) => {
                is_refused = false;
                ledger.evict(day, seq);
            }
            Ok(None) => {}
            Err(error) => {
                if !is_refused {
                    log::warn!("views.checkpoint refused, the ledger has everything: {error}");
                }
                is_refused = true;
            }
        }
        if is_last {
            return;
        }
    }
}

/// Writes what changed, then forgets what need not be hot. Answers the business day and the record it stands at, or
/// none where nothing changed.
fn write(published: &RwLock<State>, store: &Store) -> Result<Option<(i32, u64)>, StoreError> {
    let (checkpoint, dirty, day, seq) = {
        let mut state = published.write().unwrap_or_else(PoisonError::into_inner);
        if state.dirty.records == 0 {
            return Ok(None);
        }
        let dirty = std::mem::take(&mut state.dirty);
        let mut checkpoint = Checkpoint::of(&state, &dirty);
        checkpoint.cool(cooled(&state).into_iter());
        (checkpoint, dirty, state.counters.day, state.cursor.seq)
    };
    let written = store.write(checkpoint);
    let mut state = published.write().unwrap_or_else(PoisonError::into_inner);
    match written {
        Ok(()) => {
            state.evict(day, seq);
            Ok(Some((day, seq)))
        }
        Err(error) => {
            put_back(&mut state.dirty, dirty);
            Err(error)
        }
    }
}

/// Orders that `State::evict` forgets once they are stored.
pub(super) fn cooled(state: &State) -> Vec<Id> {
    let is_cool =
        |order: &protocol::order::Order| order.status.is_final() && order.business_day < state.counters.day;
    state.orders.values().filter(|order| is_cool(order)).map(|order| order.id).collect()
}

fn put_back(now: &mut Dirty, before: Dirty) {
    now.orders.extend(before.orders);
    now.keys.extend(before.keys);
    now.catalogue.extend(before.catalogue);
    now.outlet |= before.outlet;
    now.records += before.records;
}
