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

/// Where a backup has the pictures.
pub const MEDIA: &str = "media";

/// The files that the records seen so far name.
#[derive(Debug, Default)]
pub struct Named(BTreeMap<Id, [String; 2]>);

impl Named {
    /// Sees the next record.
    pub fn see(&mut self, event: &Event) {
        match event {
            Event::ProductPut(product) => {
                match product.image.as_deref().and_then(keep::files) {
                    Some(files) => self.0.insert(product.id, files),
                    None => self.0.remove(&product.id),
                };
            }
            Event::ProductRemoved(id) => drop(self.0.remove(id)),
            _ => {}
        }
    }

    /// The files.
    #[must_use]
    pub fn files(self) -> BTreeSet<String> {
        self.0.into_values().flatten().collect()
    }
}

/// The files that the catalogue of a ledger names.
pub fn named(disk: &Arc<dyn Disk>, ledger: &Path) -> Result<BTreeSet<String>, BackupError> {
    let mut named = Named::default();
    recover::find(disk, ledger)?.files.scan(Cursor::START, |record| {
        named.see(&record.envelope.event);
        ControlFlow::Continue(())
    })?;
    Ok(named.files())
}

/// Copies files from folder to folder; answers those that are not there. Those that the copy `before` has are not copied but named a
/// second time, where the file system can: a picture's file is never written again.
pub fn copy(
    names: &BTreeSet<String>,
    from: &Path,
    to: &Path,
    before: Option<&Path>,
) -> io::Result<Vec<String>> {
    let mut missing = Vec::new();
    if names.is_empty() {
        return Ok(missing);
    }
    RealDisk.create_dir(to)?;
    for name in names {
        if before.is_some_and(|before| is_same(&before.join(name), &from.join(name)))
            && before.is_some_and(|before| RealDisk.link(&before.join(name), &to.join(name)).is_ok())
        {
            continue;
        }
        match RealDisk.open_read(&from.join(name)).and_then(|file| read_all(&*file)) {
            Ok(bytes) => drop(keep::put(&to.join(name), &bytes)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => missing.push(name.clone()),
            Err(error) => return Err(error),
        }
    }
    RealDisk.sync_dir(to)?;
    Ok(missing)
}

fn is_same(there: &Path, here: &Path) -> bool {
    let len = |path: &Path| path.metadata().map(|metadata| metadata.len());
    matches!((len(there), len(here)), (Ok(there), Ok(here)) if there == here)
}

/// Bytes of the files that `copy` would write.
#[must_use]
pub fn needed_bytes(names: &BTreeSet<String>, from: &Path, before: Option<&Path>) -> u64 {
    let is_there = |name: &&String| {
        before.is_some_and(|before| is_same(&before.join(name.as_str()), &from.join(name.as_str())))
    };
    let needed = names.iter().filter(|name| !is_there(name));
    needed.filter_map(|name| from.join(name).metadata().ok()).map(|metadata| metadata.len()).sum()
}
