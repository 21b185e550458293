//! Backup and restore: the ledger's segments as files, whole and checked.
//!
//! A backup is a folder with the segments and a head. Because segments only grow, a backup taken while the hub runs is a
//! prefix of the ledger. A restore begins a new epoch: what the old box may have sold since, under the old epoch, can
//! never be taken for what is sold from here on.

use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, PoisonError};

use super::disk::Disk;
use super::files::{Damage, Files, ReadError, Segment};
use super::head::Head;
use super::record::{Cursor, Record};
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
    /// Whoever asked has given up.
    #[error("it was stopped before it was whole")]
    Stopped,
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
    let copied = take(&source.files, to, None, &|| true, |record| {
        if record.seq.is_multiple_of(10_000) {
            progress(record.seq);
        }
    })?;
    progress(copied.end.seq);
    Ok(copied.end)
}

/// What a copy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Its last record.
    pub end: Cursor,
    /// Bytes that were written.
    pub bytes: u64,
    /// Segments that share their bytes with the copy before.
    pub linked: usize,
}

/// Bytes that `take` would write.
pub fn needed_bytes(files: &Files, before: Option<&Path>) -> io::Result<u64> {
    let disk = &**files.disk();
    files.segments().iter().try_fold(0, |sum: u64, segment| {
        let is_there = before.is_some_and(|before| is_same(disk, files.dir(), before, segment));
        Ok(if is_there { sum } else { sum + len_of(disk, files.dir(), segment)? })
    })
}

/// Copies what files hold that may be growing meanwhile, and checks the copy from its first record to its last; `visit` sees each.
/// Closed segments that the copy `before` has are not copied but named a second time, where the file system can. Gives up when
/// `go_on` says no.
pub fn take(
    files: &Files,
    to: &Path,
    before: Option<&Path>,
    go_on: &dyn Fn() -> bool,
    mut visit: impl FnMut(&Record),
) -> Result<Copied, BackupError> {
    let disk = files.disk();
    disk.create_dir(to)?;
    let (mut bytes, mut linked) = (0, 0);
    for segment in files.segments() {
        if let Some(before) = before.filter(|before| is_same(&**disk, files.dir(), before, &segment))
            && disk.link(&before.join(segment.name()), &to.join(segment.name())).is_ok()
        {
            linked += 1;
            continue;
        }
        bytes += copy_segment(&**disk, files.dir(), to, &segment, go_on)?;
    }
    disk.sync_dir(to)?;
    let copied = recover::find(disk, to)?;
    if let Some(damage) = copied.damage.into_iter().next() {
        return Err(damage.into());
    }
    if copied.end.seq == 0 {
        return Err(BackupError::Empty);
    }
    Head::open(&**disk, to)?.reset(&copied.end)?;
    disk.sync_dir(to)?;
    let mut is_stopped = false;
    let end = copied.files.scan(Cursor::START, |record| {
        visit(&record);
        is_stopped = !go_on();
        if is_stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if is_stopped && end != copied.end {
        return Err(BackupError::Stopped);
    }
    Ok(Copied { end, bytes, linked })
}

/// Whether a copy has a segment that is never written again. What is in it is checked with the rest of the copy.
fn is_same(disk: &dyn Disk, dir: &Path, before: &Path, segment: &Segment) -> bool {
    let len = |dir: &Path| disk.open_read(&dir.join(segment.name())).and_then(|file| file.len());
    segment.kind() == Kind::Archive
        && matches!((len(dir), len(before)), (Ok(here), Ok(there)) if here == there)
}

fn len_of(disk: &dyn Disk, dir: &Path, segment: &Segment) -> io::Result<u64> {
    match segment {
        Segment::Log { index, .. } => Ok(index.read().unwrap_or_else(PoisonError::into_inner).durable_len),
        Segment::Archive { .. } => disk.open_read(&dir.join(segment.name()))?.len(),
    }
}

/// Copies a segment; answers its bytes.
fn copy_segment(
    disk: &dyn Disk,
    from: &Path,
    to: &Path,
    segment: &Segment,
    go_on: &dyn Fn() -> bool,
) -> Result<u64, BackupError> {
    let copied = len_of(disk, from, segment)
        .and_then(|len| copy_file(disk, &from.join(segment.name()), &to.join(segment.name()), len, go_on));
    match copied {
        // Between our look and the opening, the log has become an archive.
        Err(error) if error.kind() == io::ErrorKind::NotFound && segment.kind() == Kind::Log => {
            let name = name(segment.before().seq + 1, Kind::Archive);
            let len = disk.open_read(&from.join(&name))?.len()?;
            Ok(copy_file(disk, &from.join(&name), &to.join(&name), len, go_on)?)
        }
        Err(_) if !go_on() => Err(BackupError::Stopped),
        copied => Ok(copied?),
    }
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

fn copy_file(disk: &dyn Disk, from: &Path, to: &Path, len: u64, go_on: &dyn Fn() -> bool) -> io::Result<u64> {
    let source = disk.open_read(from)?;
    let target = disk.open_write(to)?;
    let mut buffer = vec![0; COPY_BYTES];
    let mut at = 0;
    while at < len {
        if !go_on() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let want = buffer.len().min((len - at) as usize);
        let read = source.read_at(&mut buffer[..want], at)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        target.write_at(&buffer[..read], at)?;
        at += read as u64;
    }
    target.sync_data()?;
    Ok(len)
}
