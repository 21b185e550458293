//! `outlet-hub backup` and `outlet-hub restore`

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crate::ledger::backup as ledger_backup;
use crate::ledger::disk::{Disk, RealDisk};
use crate::pictures::carry::{self, MEDIA};
use crate::store::{Folders, Lock};

/// Copies the ledger and checks the copy, and then the pictures that it names.
pub fn backup(folders: &Folders, target: &Path) -> Result<ExitCode, String> {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let end =
        ledger_backup::copy(&disk, &folders.ledger, target, |seq| eprintln!("checked up to record {seq}"))
            .map_err(|error| format!("no backup was made: {error}"))?;
    pictures(&disk, target, &folders.media, &target.join(MEDIA))?;
    println!("backup of {} records in {}", end.seq, target.display());
    Ok(ExitCode::SUCCESS)
}

/// Puts a backup in place.
pub fn restore(folders: &Folders, source: &Path) -> Result<ExitCode, String> {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    disk.create_dir(&folders.data).map_err(|error| error.to_string())?;
    let _lock = Lock::take(&folders.data).map_err(|error| error.to_string())?;
    if folders.views.exists() {
        return Err(format!("{} holds views of another ledger; nothing was changed", folders.data.display()));
    }
    // Before the ledger, so that what it names is there; one that is there already is left as it is, and refused below.
    if disk.list(&folders.ledger).is_ok_and(|files| files.is_empty()) {
        pictures(&disk, source, &source.join(MEDIA), &folders.media)?;
    }
    let next =
        ledger_backup::restore(&disk, source, &folders.ledger, |seq| eprintln!("checked up to record {seq}"))
            .map_err(|error| format!("nothing was restored: {error}"))?;
    println!("restored {} records; the ledger goes on under epoch {}", next.seq, next.epoch);
    Ok(ExitCode::SUCCESS)
}

/// Copies the pictures that a ledger names. One that is missing is no reason to be without the sales.
fn pictures(disk: &Arc<dyn Disk>, ledger: &Path, from: &Path, to: &Path) -> Result<(), String> {
    let names = carry::named(disk, ledger).map_err(|error| format!("the pictures are not known: {error}"))?;
    let missing = carry::copy(&names, from, to, None)
        .map_err(|error| format!("the pictures are not copied: {error}"))?;
    for name in &missing {
        eprintln!("missing: {}", from.join(name).display());
    }
    println!("{} pictures and thumbnails", names.len() - missing.len());
    Ok(())
}
