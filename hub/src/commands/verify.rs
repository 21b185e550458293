//! `outlet-hub verify`: the whole ledger, record by record, and the views against it.

use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crate::hex::hex;
use crate::ledger::disk::{Disk, RealDisk};
use crate::ledger::files::ReadError;
use crate::ledger::record::Cursor;
use crate::ledger::recover::{self, Found};
use crate::store::{Folders, Lock};
use crate::views::fold;
use crate::views::store::{Store, StoreError};

/// Records between two signs of progress.
const PROGRESS_EVERY: u64 = 50_000;
/// Entries that say which orders a start loads: they follow from when it was written, not from the ledger.
const HOT_PREFIX: &[u8] = b"hot/";

/// Checks everything; fails where anything does not hold.
pub fn run(folders: &Folders) -> Result<ExitCode, String> {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let found = recover::find(&disk, &folders.ledger).map_err(|error| error.to_string())?;
    let mut is_whole = found.damage.is_empty();
    for damage in &found.damage {
        println!("DAMAGED  {damage}");
    }
    if let Some(torn) = &found.torn {
        println!(
            "torn     {} bytes behind the last record of {}: never acknowledged",
            torn.cut, torn.segment
        );
    }
    match scan(&found) {
        Ok(end) => println!("ledger   {} records, epoch {}, head {}", end.seq, end.epoch, hex(&end.hash)),
        Err(ReadError::Damaged(damage)) => {
            is_whole = false;
            if !found.damage.contains(&damage) {
                println!("DAMAGED  {damage}");
            }
        }
        Err(ReadError::Io(error)) => return Err(error.to_string()),
    }
    if is_whole {
        is_whole &= views(&disk, folders, &found)?;
    } else {
        println!("views    not compared: the ledger is damaged");
    }
    println!(
        "{}",
        if is_whole { "everything holds" } else { "NOT everything holds: run `outlet-hub doctor`" }
    );
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn scan(found: &Found) -> Result<Cursor, ReadError> {
    found.files.scan(Cursor::START, |record| {
        if record.seq.is_multiple_of(PROGRESS_EVERY) {
            eprintln!("checked {} of {}", record.seq, found.end.seq);
        }
        ControlFlow::Continue(())
    })
}

/// Compares the views with a fold from the beginning. A running hub holds them: then only the ledger is checked.
fn views(disk: &Arc<dyn Disk>, folders: &Folders, found: &Found) -> Result<bool, String> {
    let Ok(_lock) = Lock::take(&folders.data) else {
        println!("views    not compared: the hub is running");
        return Ok(true);
    };
    if !folders.views.exists() {
        println!("views    there are none; the next start makes them");
        return Ok(true);
    }
    let fresh_dir = folders.data.join("views.verify");
    let compared = compare(disk, &folders.views, &fresh_dir, found);
    if fresh_dir.exists() {
        std::fs::remove_dir_all(&fresh_dir).map_err(|error| error.to_string())?;
    }
    match compared {
        Ok(None) => {
            println!("views    equal to a fold from the beginning");
            Ok(true)
        }
        Ok(Some(difference)) => {
            println!("DIFFERS  {difference}; delete {} and start the hub", folders.views.display());
            Ok(false)
        }
        Err(error) => {
            println!("DIFFERS  {error}; delete {} and start the hub", folders.views.display());
            Ok(false)
        }
    }
}

/// The first difference between the views, brought up to the ledger's end, and a fold from the beginning.
fn compare(
    disk: &Arc<dyn Disk>,
    views: &Path,
    fresh_dir: &Path,
    found: &Found,
) -> Result<Option<String>, String> {
    fold::fold_on_disk(&**disk, views, found).map_err(|error| error.to_string())?;
    fold::fold_into(&**disk, fresh_dir, &found.files, |seq| eprintln!("folded {seq} of {}", found.end.seq))
        .map_err(|error| error.to_string())?;
    let (kept, fresh) = (open(disk, views)?, open(disk, fresh_dir)?);
    let is_compared = |entry: &Result<(Vec<u8>, Vec<u8>), StoreError>| {
        entry.as_ref().map_or(true, |(key, _)| !key.starts_with(HOT_PREFIX))
    };
    let mut kept = kept.dump().filter(is_compared);
    let mut fresh = fresh.dump().filter(is_compared);
    loop {
        let pair = (kept.next().transpose(), fresh.next().transpose());
        match pair {
            (Ok(None), Ok(None)) => return Ok(None),
            (Ok(one), Ok(other)) if one == other => {}
            (Ok(one), Ok(other)) => {
                let key = one.or(other).map(|(key, _)| hex(&key)).unwrap_or_default();
                return Ok(Some(format!("entry {key}")));
            }
            (Err(error), _) | (_, Err(error)) => return Err(error.to_string()),
        }
    }
}

fn open(disk: &Arc<dyn Disk>, dir: &Path) -> Result<Store, String> {
    Store::open(&**disk, dir).map_err(|error| error.to_string())
}
