//! A disk in memory that can be filled, made read-only, made to fail a barrier, and have its power cut.
//!
//! What was written and not yet passed by a barrier is pending. A cut keeps, of each pending write, a random part of its
//! 512-byte sectors; names that no folder barrier has passed may be missing.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use hub::ledger::disk::{Disk, DiskFile};

const SECTOR: usize = 512;

#[derive(Debug, Clone)]
enum Pending {
    Write(usize, Vec<u8>),
    SetLen(usize),
}

#[derive(Debug, Clone, Default)]
struct Content {
    current: Arc<Vec<u8>>,
    durable: Arc<Vec<u8>>,
    pending: Vec<Pending>,
}

#[derive(Debug, Default)]
struct Inner {
    files: Vec<Content>,
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    capacity: Option<u64>,
    read_only: bool,
    failing_barriers: u32,
}

/// The disk; clones are the same disk.
#[derive(Debug, Clone, Default)]
pub(crate) struct SimDisk(Arc<Mutex<Inner>>);

impl SimDisk {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    /// As a parameter.
    pub(crate) fn shared(&self) -> Arc<dyn Disk> {
        Arc::new(self.clone())
    }

    /// Bytes that the disk holds at most; none for no limit.
    pub(crate) fn set_capacity(&self, capacity: Option<u64>) {
        self.inner().capacity = capacity;
    }

    /// Bytes in use.
    pub(crate) fn used(&self) -> u64 {
        let inner = self.inner();
        inner.names.values().map(|at| inner.files[*at].current.len() as u64).sum()
    }

    pub(crate) fn set_read_only(&self, read_only: bool) {
        self.inner().read_only = read_only;
    }

    /// The next barriers fail, and what they should have made durable may or may not be.
    pub(crate) fn fail_barriers(&self, count: u32) {
        self.inner().failing_barriers = count;
    }

    /// What a reader finds after a power cut at this moment.
    pub(crate) fn cut(&self, rng: &mut fastrand::Rng) -> Self {
        let inner = self.inner();
        let mut after = Inner::default();
        for (path, at) in &inner.names {
            let is_durable_name = inner.durable_names.get(path) == Some(at);
            if is_durable_name || rng.bool() {
                keep(&mut after, path, Arc::new(survived(&inner.files[*at], rng)));
            }
        }
        // A name whose removal or replacement was not made durable may be there still.
        for (path, at) in &inner.durable_names {
            if inner.names.get(path) != Some(at) && rng.bool() {
                keep(&mut after, path, Arc::new(survived(&inner.files[*at], rng)));
            }
        }
        Self(Arc::new(Mutex::new(after)))
    }

    /// What a reader finds after the process was killed: everything written. What no barrier has made durable is not so yet.
    pub(crate) fn after_kill(&self) -> Self {
        let inner = self.inner();
        let after = Inner {
            files: inner.files.clone(),
            names: inner.names.clone(),
            durable_names: inner.durable_names.clone(),
            ..Inner::default()
        };
        Self(Arc::new(Mutex::new(after)))
    }

    /// A file's bytes.
    pub(crate) fn bytes(&self, path: &Path) -> Arc<Vec<u8>> {
        let inner = self.inner();
        Arc::clone(&inner.files[inner.names[path]].current)
    }

    /// Puts bytes in place of a file's.
    pub(crate) fn put(&self, path: &Path, bytes: Vec<u8>) {
        keep(&mut self.inner(), path, Arc::new(bytes));
    }

    /// Every file.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        self.inner().names.keys().cloned().collect()
    }

    fn file(&self, index: usize) -> Arc<dyn DiskFile> {
        Arc::new(SimFile { disk: self.clone(), index })
    }
}

fn keep(inner: &mut Inner, path: &Path, bytes: Arc<Vec<u8>>) {
    inner.files.push(Content { current: Arc::clone(&bytes), durable: bytes, pending: Vec::new() });
    let at = inner.files.len() - 1;
    inner.names.insert(path.to_owned(), at);
    inner.durable_names.insert(path.to_owned(), at);
}

/// The durable bytes with a random part of what was pending.
fn survived(content: &Content, rng: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = (*content.durable).clone();
    for pending in &content.pending {
        match pending {
            Pending::SetLen(len) => {
                if rng.bool() {
                    bytes.resize(*len, 0);
                }
            }
            Pending::Write(offset, written) => {
                let mut at = *offset;
                let end = offset + written.len();
                let all = rng.u8(0..4);
                while at < end {
                    let next = ((at / SECTOR + 1) * SECTOR).min(end);
                    let is_kept = match all {
                        0 => true,
                        1 => false,
                        _ => rng.bool(),
                    };
                    if is_kept {
                        if bytes.len() < next {
                            bytes.resize(next, 0);
                        }
                        bytes[at..next].copy_from_slice(&written[at - offset..next - offset]);
                    }
                    at = next;
                }
            }
        }
    }
    bytes
}

fn full() -> io::Error {
    io::Error::from(io::ErrorKind::StorageFull)
}

impl Disk for SimDisk {
    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let inner = self.inner();
        let names = inner.names.keys().filter(|path| path.parent() == Some(dir));
        Ok(names.filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect())
    }

    fn create_dir(&self, _dir: &Path) -> io::Result<()> {
        Ok(())
    }

    fn open_read(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let at = self.inner().names.get(path).copied();
        at.map(|at| self.file(at)).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn open_write(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let mut inner = self.inner();
        let known = inner.names.get(path).copied();
        let at = match known {
            Some(at) => at,
            None if inner.read_only => return Err(io::ErrorKind::ReadOnlyFilesystem.into()),
            None => {
                inner.files.push(Content::default());
                let at = inner.files.len() - 1;
                inner.names.insert(path.to_owned(), at);
                at
            }
        };
        drop(inner);
        Ok(self.file(at))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut inner = self.inner();
        let at = inner.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        inner.names.insert(to.to_owned(), at);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut inner = self.inner();
        if inner.read_only {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        inner.names.remove(path).map(|_| ()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn sync_dir(&self, _dir: &Path) -> io::Result<()> {
        let mut inner = self.inner();
        if inner.read_only {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        inner.durable_names = inner.names.clone();
        Ok(())
    }

    fn free_bytes(&self, _dir: &Path) -> io::Result<u64> {
        let capacity = self.inner().capacity.unwrap_or(1 << 40);
        Ok(capacity.saturating_sub(self.used()))
    }
}

#[derive(Debug)]
struct SimFile {
    disk: SimDisk,
    index: usize,
}

impl DiskFile for SimFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let inner = self.disk.inner();
        let bytes = &inner.files[self.index].current;
        let from = (offset as usize).min(bytes.len());
        let read = buffer.len().min(bytes.len() - from);
        buffer[..read].copy_from_slice(&bytes[from..from + read]);
        Ok(read)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let free = self.disk.free_bytes(Path::new(""))?;
        let mut inner = self.disk.inner();
        if inner.read_only {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        let offset = offset as usize;
        let content = &mut inner.files[self.index];
        let growth = (offset + bytes.len()).saturating_sub(content.current.len());
        // A full disk takes what still fits.
        let over = growth.saturating_sub(free as usize);
        let taken = bytes.len() - over.min(bytes.len());
        let current = Arc::make_mut(&mut content.current);
        if current.len() < offset + taken {
            current.resize(offset + taken, 0);
        }
        current[offset..offset + taken].copy_from_slice(&bytes[..taken]);
        content.pending.push(Pending::Write(offset, bytes[..taken].to_vec()));
        if over > 0 { Err(full()) } else { Ok(()) }
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut inner = self.disk.inner();
        if inner.read_only {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        if inner.failing_barriers > 0 {
            inner.failing_barriers -= 1;
            return Err(io::Error::other("the medium does not answer"));
        }
        let content = &mut inner.files[self.index];
        content.durable = Arc::clone(&content.current);
        content.pending.clear();
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut inner = self.disk.inner();
        if inner.read_only {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        let content = &mut inner.files[self.index];
        Arc::make_mut(&mut content.current).resize(len as usize, 0);
        content.pending.push(Pending::SetLen(len as usize));
        Ok(())
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.disk.inner().files[self.index].current.len() as u64)
    }
}
