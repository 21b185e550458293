//! Brings the views up to the ledger's end at start.
//!
//! A store that is whole is folded on from its cursor: a few seconds of ledger. One that is missing, damaged, of another
//! layout, or of another ledger is set aside, and a new one is folded from the beginning beside it and put in its place
//! when it is whole, so that a crash in the middle begins again.

use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use super::orders::{Cold, refold};
use super::state::State;
use super::store::{Checkpoint, Store, StoreError, set_aside};
use crate::ledger::disk::Disk;
use crate::ledger::files::{Damage, Files, ReadError};
use crate::ledger::record::{Cursor, Record};
use crate::ledger::recover::Found;
use crate::ledger::writer::fold;

/// Records between checkpoints while folding from the beginning; bounds what is in memory.
const FOLD_RECORDS: u64 = 20_000;

/// Views that stand where the ledger ends, or where its damage begins.
#[derive(Debug)]
pub struct Opened {
    /// On disk.
    pub store: Arc<Store>,
    /// In memory.
    pub state: State,
    /// Where folding had to stop.
    pub damage: Option<Damage>,
    /// Records folded.
    pub folded: u64,
}

/// Why views cannot be made at all.
#[derive(Debug, thiserror::Error)]
pub enum FoldError {
    /// The store refuses even when it is new.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The disk refuses.
    #[error("the views cannot be made: {0}")]
    Io(#[from] io::Error),
}

/// Opens the views of a ledger, folding what they lack. `progress` hears of records folded and of how many there are.
pub fn open(
    disk: &dyn Disk,
    dir: &Path,
    found: &Found,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Opened, FoldError> {
    match existing(disk, dir, found) {
        Ok(Some(opened)) => return Ok(opened),
        Ok(None) => {}
        Err(error) => {
            let aside = set_aside(dir)?;
            log::warn!("views set aside as {}: {error}", aside.display());
        }
    }
    rebuild(disk, dir, found, progress)
}

fn existing(disk: &dyn Disk, dir: &Path, found: &Found) -> Result<Option<Opened>, StoreError> {
    if !dir.exists() {
        return Ok(None);
    }
    let store = Store::open(disk, dir)?;
    let Some((mut state, unfolded)) = store.load()? else {
        return Err(StoreError::Entry("there is no checkpoint".to_owned()));
    };
    // Of a damaged ledger the views may know more than can still be read: that is safer than nothing.
    if found.damage.is_empty() {
        check_same_ledger(&found.files, &state.cursor, &found.end)?;
    }
    for seqs in unfolded {
        let order = refold(&found.files, &seqs).map_err(|error| StoreError::Unusable(error.to_string()))?;
        let order = order.ok_or_else(|| StoreError::Entry("an order without its records".to_owned()))?;
        state.warm(Arc::new(order));
    }
    let store = Arc::new(store);
    let cold = Cold::new(Arc::clone(&store));
    let before = state.cursor.seq;
    let damage = fold_on(&found.files, &mut state, &cold, |_| Ok(()))?;
    let folded = state.cursor.seq - before;
    Ok(Some(Opened { store, state, damage, folded }))
}

/// Brings a store that is whole up to the ledger's end, on disk, and closes it: for comparing.
pub fn fold_on_disk(disk: &dyn Disk, dir: &Path, found: &Found) -> Result<(), StoreError> {
    let Some(Opened { store, mut state, .. }) = existing(disk, dir, found)? else { return Ok(()) };
    checkpoint(&mut state, &store)?;
    store.sync()
}

/// The record at the views' cursor must be the ledger's own.
fn check_same_ledger(files: &Files, cursor: &Cursor, end: &Cursor) -> Result<(), StoreError> {
    if cursor.seq == 0 {
        return Ok(());
    }
    if cursor.seq > end.seq {
        return Err(StoreError::Entry(format!("record {} is past the ledger's end", cursor.seq)));
    }
    match files.read(cursor.seq, 1) {
        Ok(records) if records.first().is_some_and(|record| record.cursor() == *cursor) => Ok(()),
        // The ledger is damaged there: what the views know is safer than nothing.
        Err(ReadError::Damaged(_)) => Ok(()),
        Ok(_) => Err(StoreError::Entry(format!("record {} is another ledger's", cursor.seq))),
        Err(error @ ReadError::Io(_)) => Err(StoreError::Unusable(error.to_string())),
    }
}

/// Folds everything into a new store and puts it in place.
fn rebuild(
    disk: &dyn Disk,
    dir: &Path,
    found: &Found,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Opened, FoldError> {
    let building = dir.with_extension("building");
    if building.exists() {
        std::fs::remove_dir_all(&building)?;
    }
    let (state, damage) = fold_into(disk, &building, &found.files, |seq| progress(seq, found.end.seq))?;
    std::fs::rename(&building, dir)?;
    if let Some(parent) = dir.parent() {
        disk.sync_dir(parent)?;
    }
    let store = Arc::new(Store::open(disk, dir)?);
    let folded = state.cursor.seq;
    Ok(Opened { store, state, damage, folded })
}

/// Folds a whole ledger into a new store, which is closed again, whole, when this returns.
pub fn fold_into(
    disk: &dyn Disk,
    dir: &Path,
    files: &Files,
    mut progress: impl FnMut(u64),
) -> Result<(State, Option<Damage>), FoldError> {
    let store = Arc::new(Store::open(disk, dir)?);
    let cold = Cold::new(Arc::clone(&store));
    let mut state = State::default();
    let damage = fold_on(files, &mut state, &cold, |state| {
        if state.dirty.records >= FOLD_RECORDS {
            checkpoint(state, &store)?;
            progress(state.cursor.seq);
        }
        Ok(())
    })?;
    checkpoint(&mut state, &store)?;
    store.sync()?;
    progress(state.cursor.seq);
    Ok((state, damage))
}

fn checkpoint(state: &mut State, store: &Store) -> Result<(), StoreError> {
    let dirty = std::mem::take(&mut state.dirty);
    store.write_unsynced(Checkpoint::of(state, &dirty))?;
    state.evict(state.counters.day, state.cursor.seq);
    Ok(())
}

/// Folds what the ledger holds behind the state; answers the damage that ends it early.
fn fold_on(
    files: &Files,
    state: &mut State,
    cold: &Cold,
    mut each: impl FnMut(&mut State) -> Result<(), StoreError>,
) -> Result<Option<Damage>, StoreError> {
    let mut stopped = None;
    let scanned = files.scan(state.cursor, |record: Record| {
        fold(state, &record, cold);
        match each(state) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                stopped = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    match (stopped, scanned) {
        (Some(error), _) => Err(error),
        (None, Ok(_)) => Ok(None),
        (None, Err(ReadError::Damaged(damage))) => Ok(Some(damage)),
        (None, Err(ReadError::Io(error))) => Err(StoreError::Unusable(error.to_string())),
    }
}
