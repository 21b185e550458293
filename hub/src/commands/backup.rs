//! `outlet-hub backup` and `outlet-hub restore`

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crate::ledger::backup as ledger_backup;
use crate::ledger::disk::{Disk, RealDisk};
use crate::store::{Folders, Lock};

/// Copies the ledger and checks the copy.
pub fn backup(folders: &Folders, target: &Path) -> Result<ExitCode, String> {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let end =
        ledger_backup::copy(&disk, &folders.ledger, target, |seq| eprintln!("checked up to record {seq}"))
            .map_err(|error| format!("no backup was made: {error}"))?;
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
    let next =
        ledger_backup::restore(&disk, source, &folders.ledger, |seq| eprintln!("checked up to record {seq}"))
            .map_err(|error| format!("nothing was restored: {error}"))?;
    println!("restored {} records; the ledger goes on under epoch {}", next.seq, next.epoch);
    Ok(ExitCode::SUCCESS)
}
