//! The folder of backups: a folder for each, named by when it was made and by how far it goes, and nothing else counts as one.
//!
//! A backup is made under another name and renamed when it is whole, and renamed again before it is removed. So whatever bears a
//! backup's name is whole, wherever a power cut came; what bears the other is swept away at the next run. Which one is the oldest is told by
//! how far each goes, not by a clock that may have been wrong.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::ledger::disk::{Disk as _, RealDisk};
use crate::ledger::record::Cursor;

/// What the name of an unfinished one begins with.
const UNFINISHED: &str = "unfinished-";

/// A whole backup.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kept {
    /// How far it goes: epoch and record.
    reaches: (u32, u64),
    /// Its folder's name.
    pub(super) name: String,
}

/// The name of a backup, made at a time by the outlet's clock, that goes up to a record.
pub(super) fn name(at_ms: i64, tz: &TimeZone, end: &Cursor) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(tz.clone());
    format!("{}_e{}_s{}", at.strftime("%Y-%m-%d_%H-%M-%S"), end.epoch, end.seq)
}

fn parse(name: &str) -> Option<Kept> {
    let mut parts = name.split('_');
    let (date, time, epoch, seq) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_of =
        |text: &str, len| text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if parts.next().is_some() || !is_of(date, 10) || !is_of(time, 8) {
        return None;
    }
    let reaches = (epoch.strip_prefix('e')?.parse().ok()?, seq.strip_prefix('s')?.parse().ok()?);
    Some(Kept { reaches, name: name.to_owned() })
}

/// Makes sure that the folder is there. One below the data folder is made; any other must be there, because where it is not, the
/// stick on which it is meant to be is not either.
pub(super) fn open(folder: &Path, data: &Path) -> io::Result<()> {
    if folder.starts_with(data) {
        return RealDisk.create_dir(folder);
    }
    if folder.is_dir() { Ok(()) } else { Err(io::ErrorKind::NotFound.into()) }
}

/// Whole backups, the oldest first.
pub(super) fn list(folder: &Path) -> io::Result<Vec<Kept>> {
    let mut kept: Vec<Kept> = RealDisk.list(folder)?.iter().filter_map(|name| parse(name)).collect();
    kept.sort();
    Ok(kept)
}

/// Where one that is begun is made.
pub(super) fn unfinished(folder: &Path) -> PathBuf {
    folder.join(format!("{UNFINISHED}backup"))
}

/// Removes what was begun and never finished.
pub(super) fn sweep(folder: &Path) -> io::Result<()> {
    for name in RealDisk.list(folder)?.iter().filter(|name| name.starts_with(UNFINISHED)) {
        fs::remove_dir_all(folder.join(name))?;
    }
    Ok(())
}

/// Gives a backup that is whole its name, durably.
pub(super) fn finish(folder: &Path, name: &str) -> io::Result<()> {
    let made = unfinished(folder);
    RealDisk.sync_dir(&made)?;
    fs::rename(made, folder.join(name))?;
    RealDisk.sync_dir(folder)
}

/// Removes the oldest, so that so many are kept; answers how many went.
pub(super) fn thin(folder: &Path, keep: usize) -> io::Result<usize> {
    let all = list(folder)?;
    let old = &all[..all.len().saturating_sub(keep.max(1))];
    for Kept { name, .. } in old {
        let going = folder.join(format!("{UNFINISHED}{name}"));
        fs::rename(folder.join(name), &going)?;
        fs::remove_dir_all(&going)?;
    }
    RealDisk.sync_dir(folder)?;
    Ok(old.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(epoch: u32, seq: u64) -> Cursor {
        Cursor { epoch, seq, ..Cursor::START }
    }

    #[test]
    fn the_oldest_is_the_one_that_goes_least_far_whatever_the_clock_said() {
        let folder = tempfile::tempdir().unwrap();
        let tz = TimeZone::get("Asia/Jakarta").unwrap();
        let now_ms = 1_795_000_000_000;
        let first = name(now_ms, &tz, &end(1, 900));
        assert_eq!(first, "2026-11-18_18-06-40_e1_s900");
        // A clock of 1970, and a ledger restored from an older backup.
        let names = [first, name(0, &tz, &end(1, 1_000)), name(now_ms + 1_000, &tz, &end(2, 950))];
        for name in
            names.iter().map(String::as_str).chain(["notes", "2026-11-18_18-06-40_e1", "unfinished-backup"])
        {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let kept = |folder: &Path| -> Vec<String> {
            list(folder).unwrap().into_iter().map(|kept| kept.name).collect()
        };
        assert_eq!(kept(folder.path()), names);
        sweep(folder.path()).unwrap();
        assert!(!unfinished(folder.path()).exists() && folder.path().join("notes").exists());
        assert_eq!(thin(folder.path(), 2).unwrap(), 1);
        assert_eq!(kept(folder.path()), names[1..]);
        assert_eq!(thin(folder.path(), 0).unwrap(), 1, "the last one stays");
        assert_eq!(kept(folder.path()), names[2..]);
    }

    #[test]
    fn a_folder_elsewhere_must_be_there() {
        let data = tempfile::tempdir().unwrap();
        let stick = tempfile::tempdir().unwrap();
        open(&data.path().join("backups"), data.path()).unwrap();
        open(stick.path(), data.path()).unwrap();
        let gone = open(&stick.path().join("hub"), data.path()).unwrap_err();
        assert_eq!(gone.kind(), io::ErrorKind::NotFound);
    }
}
