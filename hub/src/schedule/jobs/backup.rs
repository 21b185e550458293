//! Copies the ledger, checks the copy, and takes the pictures along: what `outlet-hub restore` puts in place.
//!
//! The room is looked for first, the old ones go only when the new one is whole, and what a power cut or a full disk leaves is never taken
//! for a backup (`shelf`). Closed segments and pictures that the backup before has are shared with it, where the file system can: a
//! backup then takes the room of a day. Every byte of it is read and checked all the same.

use std::io;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use protocol::work::{Fact, Job as Name};

use super::super::due::Rhythm;
use super::super::{By, Done, Tools, shelf};
use super::Job;
use crate::ledger::backup::{self, BackupError, Copied};
use crate::ledger::disk::{Disk as _, RealDisk};
use crate::pictures::carry::{self, MEDIA, Named};
use crate::pictures::keep::LEFT_FREE_BYTES;

/// How much less than others the copying may have of the processor.
const NICE: i32 = 10;

/// Makes backups.
pub(super) struct Backup;

impl Job for Backup {
    fn name(&self) -> Name {
        Name::Backup
    }

    fn rhythm(&self, tools: &Tools) -> Rhythm {
        Rhythm::Daily(tools.settings().backup_minute)
    }

    fn look(&mut self, tools: &Tools, _by: &By) -> Result<Option<Done>, String> {
        let folder = &tools.backups;
        let refuse = |error: &io::Error| words(folder, error);
        shelf::open(folder, &tools.folders.data).map_err(|error| refuse(&error))?;
        shelf::sweep(folder).map_err(|error| refuse(&error))?;
        let made = quietly(|| make(tools));
        if made.is_err() {
            // Its room is given back at once.
            let _ = shelf::sweep(folder);
        }
        made.map(Some)
    }
}

/// Works beside the others, on a thread that yields to them.
fn quietly<T: Send>(work: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("backup".to_owned());
        let spawned = thread.spawn_scoped(scope, || {
            // For this thread alone; without it a backup is as good.
            let _ = rustix::process::setpriority_process(None, NICE);
            work()
        });
        let spawned = spawned.map_err(|error| format!("No backup was made: {error}."))?;
        spawned.join().unwrap_or_else(|_| Err("No backup was made: the copying has panicked.".to_owned()))
    })
}

fn make(tools: &Tools) -> Result<Done, String> {
    let folder = &tools.backups;
    let refuse = |error: &io::Error| words(folder, error);
    let kept = shelf::list(folder).map_err(|error| refuse(&error))?;
    let before = kept.last().map(|last| folder.join(&last.name));
    check_room(tools, before.as_deref())?;
    let to = shelf::unfinished(folder);
    let (copied, named) = match copy(tools, &to, before.as_deref()) {
        // What is shared with the backup before may be what does not hold: then this one stands for itself.
        Err(BackupError::Damaged(damage)) if before.is_some() => {
            log::warn!("schedule: the backup before is not whole: {damage}");
            shelf::sweep(folder).map_err(|error| refuse(&error))?;
            copy(tools, &to, None)
        }
        copied => copied,
    }
    .map_err(|error| match error {
        BackupError::Io(error) => refuse(&error),
        other => format!("No backup was made: {other}. The backups before are kept."),
    })?;
    let names = named.files();
    let media_before = before.map(|before| before.join(MEDIA));
    let missing = carry::copy(&names, &tools.folders.media, &to.join(MEDIA), media_before.as_deref())
        .map_err(|error| refuse(&error))?;
    let tz = tools.ledger.state().outlet.as_ref().map_or(TimeZone::UTC, |outlet| outlet.tz());
    let name = shelf::name(tools.clock.now_ms(), &tz, &copied.end);
    shelf::finish(folder, &name).map_err(|error| refuse(&error))?;
    let removed = shelf::thin(folder, tools.settings().backups_kept.into());
    let removed = removed.unwrap_or_else(|error| {
        // The new one is whole; the next run tries again.
        log::warn!("schedule: old backups are not removed: {error}");
        0
    });
    let number = |count: u64| Fact::Number(i64::try_from(count).unwrap_or(i64::MAX));
    let pictures = names.len() - missing.len();
    let records = copied.end.seq;
    let lacking = match missing.len() {
        0 => String::new(),
        count => format!(" {count} files of pictures are missing."),
    };
    let message =
        format!("{records} records and {pictures} files of pictures are copied and checked.{lacking}");
    let facts = vec![
        ("folder", Fact::Text(name)),
        ("records", number(records)),
        ("pictures", number(pictures as u64)),
        ("missing", number(missing.len() as u64)),
        ("bytes", number(copied.bytes)),
        ("shared", number(copied.linked as u64)),
        ("removed", number(removed as u64)),
    ];
    Ok(Done { message, facts })
}

fn copy(tools: &Tools, to: &Path, before: Option<&Path>) -> Result<(Copied, Named), BackupError> {
    let mut named = Named::default();
    let go_on = || !tools.is_stopping();
    let copied = backup::take(tools.ledger.files(), to, before, &go_on, |record| {
        named.see(&record.envelope.event);
    })?;
    Ok((copied, named))
}

/// There must be room for all of it, and for sales beside it.
fn check_room(tools: &Tools, before: Option<&Path>) -> Result<(), String> {
    let folder = &tools.backups;
    let refuse = |error: &io::Error| words(folder, error);
    let segments = backup::needed_bytes(tools.ledger.files(), before).map_err(|error| refuse(&error))?;
    let images: Vec<String> = {
        let catalogue = tools.ledger.state().catalogue.clone();
        catalogue.products.values().filter_map(|product| product.image.clone()).collect()
    };
    let names = images.iter().filter_map(|image| crate::pictures::keep::files(image)).flatten().collect();
    let media_before: Option<PathBuf> = before.map(|before| before.join(MEDIA));
    let pictures = carry::needed_bytes(&names, &tools.folders.media, media_before.as_deref());
    let needed = segments + pictures + LEFT_FREE_BYTES;
    let free = RealDisk.free_bytes(folder).map_err(|error| refuse(&error))?;
    if free >= needed {
        return Ok(());
    }
    let mb = |bytes: u64| bytes.div_ceil(1_000_000);
    Err(format!(
        "No backup was made: the disk of {} is too full; it takes {} MB, and {} MB are free. The backups before are kept. Make \
         room, or keep fewer backups.",
        folder.display(),
        mb(needed),
        mb(free),
    ))
}

/// What happened, that nothing is lost, what to do.
fn words(folder: &Path, error: &io::Error) -> String {
    let folder = folder.display();
    let what = match error.kind() {
        io::ErrorKind::NotFound => {
            format!("the folder {folder} is not there. If it is on a stick or another disk, plug that in")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!(
                "the disk of {folder} is full. The backups before are kept. Make room, or keep fewer backups"
            )
        }
        io::ErrorKind::ReadOnlyFilesystem => format!("the disk of {folder} is read-only"),
        io::ErrorKind::PermissionDenied => format!("the hub may not write to {folder}"),
        _ => format!("the disk of {folder} has failed ({error}). The backups before are kept"),
    };
    format!("No backup was made: {what}.")
}
