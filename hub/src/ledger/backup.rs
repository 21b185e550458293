//! Backup and restore: the ledger's segments as files, whole and checked.
//!
//! A backup is a folder with the segments and a head. Because segments only grow, a backup taken while the hub runs is a
//! prefix of the ledger. A restore begins a new epoch: what the old box may have sold since, under the old epoch, can
//! never be taken for what is sold from here on.

use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use super::disk::Disk;
use super::files::{Damage, ReadError, Segment};
use super::head::Head;
use super::record::Cursor;
use super::recover;
use super::segment::{Kind, name};

/// Bytes copied at once.
const COPY_BYTES: usize = 1 << 20;

/// Why a backup or a restore was not made. Nothing that existed before has changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The disk refused.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The source is not whole.
    #[error("{0}")]
    Damaged(#[from] Damage),
    /// The target holds something.
    #[error("there is a ledger in the target already; nothing was changed")]
    Occupied,
    /// The source holds nothing.
    #[error("there is no ledger in the source")]
    Empty,
}

impl From<ReadError> for BackupError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Io(error) => Self::Io(error),
            ReadError::Damaged(damage) => Self::Damaged(damage),
        }
    }
}

/// Copies a whole ledger from one folder to another, checks the copy from its first record to its last, and answers where
/// it ends. `progress` hears of records copied.
pub fn copy(
    disk: &Arc<dyn Disk>,
    from: &Path,
    to: &Path,
    mut progress: impl FnMut(u64),
) -> Result<Cursor, BackupError> {
    if !disk.list(to)?.is_empty() {
        return Err(BackupError::Occupied);
    }
    let source = recover::find(disk, from)?;
    if let Some(damage) = source.damage.into_iter().next() {
        return Err(damage.into());
    }
    if source.end.seq == 0 {
        return Err(BackupError::Empty);
    }
    disk.create_dir(to)?;
    for segment in source.files.segments() {
        let len = match &segment {
            Segment::Log { index, .. } => {
                Some(index.read().unwrap_or_else(std::sync::PoisonError::into_inner).durable_len)
            }
            Segment::Archive { .. } => None,
        };
        copy_file(&**disk, &from.join(segment.name()), &to.join(segment.name()), len)?;
    }
    Head::open(&**disk, to)?.reset(&source.end)?;
    disk.sync_dir(to)?;
    let copied = recover::find(disk, to)?;
    if let Some(damage) = copied.damage.into_iter().next() {
        return Err(damage.into());
    }
    let end = copied.files.scan(Cursor::START, |record| {
        if record.seq.is_multiple_of(10_000) {
            progress(record.seq);
        }
        ControlFlow::Continue(())
    })?;
    progress(end.seq);
    Ok(end)
}

/// Restores a backup into an empty folder, under the epoch after the backup's.
pub fn restore(
    disk: &Arc<dyn Disk>,
    from: &Path,
    to: &Path,
    progress: impl FnMut(u64),
) -> Result<Cursor, BackupError> {
    let end = copy(disk, from, to, progress)?;
    // A segment whose header names the new epoch is what begins it; the records in it carry it from there.
    let next = Cursor { epoch: end.epoch + 1, ..end };
    let path = to.join(name(end.seq + 1, Kind::Log));
    let file = disk.open_write(&path)?;
    file.write_at(&super::segment::header(Kind::Log, &next), 0)?;
    file.sync_data()?;
    Head::open(&**disk, to)?.reset(&next)?;
    disk.sync_dir(to)?;
    Ok(next)
}

fn copy_file(disk: &dyn Disk, from: &Path, to: &Path, len: Option<u64>) -> io::Result<()> {
    let source = disk.open_read(from)?;
    let target = disk.open_write(to)?;
    let len = len.map_or_else(|| source.len(), Ok)?;
    let mut buffer = vec![0; COPY_BYTES];
    let mut at = 0;
    while at < len {
        let want = buffer.len().min((len - at) as usize);
        let read = source.read_at(&mut buffer[..want], at)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        target.write_at(&buffer[..read], at)?;
        at += read as u64;
    }
    target.sync_data()
}
