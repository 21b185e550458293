//! Writes what is hot to the store, in one whole checkpoint each: when a business day is over, every ten thousand records,
//! and at the end.
//!
//! The rarer, the less is written twice: most orders are final by then. A start folds what came since the last one, at hundreds
//! of thousands of records a second.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use super::state::State;
use super::store::{Checkpoint, Store, StoreError};
use crate::ledger::Ledger;

/// How often it is looked at whether one is due.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Records after which one is due: two busy days, or the fold of a twentieth of a second.
const EVERY_RECORDS: u64 = 10_000;

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
    let mut day = ledger.state().counters.day;
    loop {
        let is_last = !matches!(stopped.recv_timeout(LOOK_EVERY), Err(RecvTimeoutError::Timeout));
        let is_due = {
            let state = ledger.state();
            state.dirty.records >= EVERY_RECORDS || state.counters.day != day
        };
        if !is_last && !is_due {
            continue;
        }
        match write(&published, store) {
            Ok(Some((stored_day, seq))) => {
                is_refused = false;
                day = stored_day;
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
        let checkpoint = Checkpoint::of(&state, &dirty);
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
            state.dirty.add(dirty);
            Err(error)
        }
    }
}
