//! Pictures into a backup, and out of it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use protocol::event::Event;
use protocol::ids::Id;

use super::keep;
use crate::ledger::backup::BackupError;
use crate::ledger::disk::{Disk, RealDisk, read_all};
use crate::ledger::record::Cursor;
use crate::ledger::recover;

/// The files that the catalogue of a ledger names.
pub fn named(disk: &Arc<dyn Disk>, ledger: &Path) -> Result<BTreeSet<String>, BackupError> {
    let mut images: BTreeMap<Id, [String; 2]> = BTreeMap::new();
    recover::find(disk, ledger)?.files.scan(Cursor::START, |record| {
        match record.envelope.event {
            Event::ProductPut(product) => {
                match product.image.as_deref().and_then(keep::files) {
                    Some(files) => images.insert(product.id, files),
                    None => images.remove(&product.id),
                };
            }
            Event::ProductRemoved(id) => drop(images.remove(&id)),
            _ => {}
        }
        ControlFlow::Continue(())
    })?;
    Ok(images.into_values().flatten().collect())
}

/// Copies files from folder to folder; answers those that are not there.
pub fn copy(names: &BTreeSet<String>, from: &Path, to: &Path) -> io::Result<Vec<String>> {
    let mut missing = Vec::new();
    if names.is_empty() {
        return Ok(missing);
    }
    RealDisk.create_dir(to)?;
    for name in names {
        match RealDisk.open_read(&from.join(name)).and_then(|file| read_all(&*file)) {
            Ok(bytes) => drop(keep::put(&to.join(name), &bytes)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => missing.push(name.clone()),
            Err(error) => return Err(error),
        }
    }
    RealDisk.sync_dir(to)?;
    Ok(missing)
}
