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
use crate::views::store::{Store, difference};

/// Records between two signs of progress.
const PROGRESS_EVERY: u64 = 50_000;

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
    difference(&kept, &fresh).map_err(|error| error.to_string())
}

fn open(disk: &Arc<dyn Disk>, dir: &Path) -> Result<Store, String> {
    Store::open(&**disk, dir).map_err(|error| error.to_string())
}
