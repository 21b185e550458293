//! The platter as a file: a FUSE file system with one entry, which a loop device then makes a disk of.
//!
//! The file is opened with `FOPEN_DIRECT_IO` and the kernel's write-back cache is never asked for, so every
//! write of the loop driver arrives here as it is made, and each `REQ_OP_FLUSH` arrives as an `fsync`.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{io, mem};

use fuser::{
    BackgroundSession, BsdFileFlags, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags,
    Generation, INodeNo, LockOwner, MountOption, OpenFlags, ReplyAttr, ReplyData, ReplyEmpty, ReplyEntry,
    ReplyOpen, ReplyWrite, Request, TimeOrNow, WriteFlags,
};

use super::platter::{BLOCK, Platter};

/// The name of the one file.
pub(super) const FILE: &str = "disk";

const FILE_INO: INodeNo = INodeNo(2);

/// Nothing here changes but the bytes, so the kernel may remember names and attributes.
const TTL: Duration = Duration::from_hours(1);

/// A platter that the FUSE thread and the test share.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Platter>>);

impl Shared {
    /// Shares `platter`.
    pub(super) fn new(platter: Platter) -> Self {
        Self(Arc::new(Mutex::new(platter)))
    }

    /// The platter, alone: no write or flush is handled meanwhile.
    pub(super) fn lock(&self) -> MutexGuard<'_, Platter> {
        // A panicked test must still be able to unmount, which writes.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves `platter` as the file [`FILE`] below `at` until unmounted; `alive` is dropped when serving has
/// ended.
pub(super) fn serve(platter: Shared, at: &Path, alive: Sender<()>) -> io::Result<BackgroundSession> {
    let mut config = Config::default();
    config.mount_options = vec![MountOption::FSName("outlet-hub-powercut".into())];
    let len_bytes = platter.lock().content().len_bytes();
    fuser::spawn_mount(OneFile { platter, len_bytes, alive: Some(alive) }, at, &config)
}

struct OneFile {
    platter: Shared,
    len_bytes: u64,
    alive: Option<Sender<()>>,
}

impl OneFile {
    fn attributes(&self, ino: INodeNo) -> FileAttr {
        let file = ino == FILE_INO;
        FileAttr {
            ino,
            size: if file { self.len_bytes } else { 0 },
            blocks: if file { self.len_bytes / 512 } else { 0 },
            atime: UNIX_EPOCH,
            mtime: UNIX_EPOCH,
            ctime: UNIX_EPOCH,
            crtime: UNIX_EPOCH,
            kind: if file { FileType::RegularFile } else { FileType::Directory },
            perm: if file { 0o600 } else { 0o700 },
            nlink: 1,
            uid: 0,
            gid: 0,
            rdev: 0,
            blksize: BLOCK as u32,
            flags: 0,
        }
    }
}

impl Filesystem for OneFile {
    fn destroy(&mut self) {
        drop(mem::take(&mut self.alive));
    }

    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        if parent == INodeNo::ROOT && name == FILE {
            reply.entry(&TTL, &self.attributes(FILE_INO), Generation(0));
        } else {
            reply.error(Errno::ENOENT);
        }
    }

    fn getattr(&self, _: &Request, ino: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        reply.attr(&TTL, &self.attributes(ino));
    }

    /// Times and modes are accepted and forgotten; a disk does not change its size.
    fn setattr(
        &self,
        _: &Request,
        ino: INodeNo,
        _: Option<u32>,
        _: Option<u32>,
        _: Option<u32>,
        size: Option<u64>,
        _: Option<TimeOrNow>,
        _: Option<TimeOrNow>,
        _: Option<SystemTime>,
        _: Option<FileHandle>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        match size {
            Some(size) if size != self.len_bytes => reply.error(Errno::EPERM),
            _ => reply.attr(&TTL, &self.attributes(ino)),
        }
    }

    fn open(&self, _: &Request, _: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        reply.opened(FileHandle(0), FopenFlags::FOPEN_DIRECT_IO);
    }

    fn read(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let bytes = self.platter.lock().content().read(offset, size as usize);
        reply.data(&bytes);
    }

    fn write(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        offset: u64,
        data: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        let taken = self.platter.lock().write(offset, data);
        match taken {
            Ok(()) => reply.written(data.len() as u32),
            Err(_) => reply.error(Errno::ENOSPC),
        }
    }

    fn fsync(&self, _: &Request, _: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        self.platter.lock().flush();
        reply.ok();
    }

    /// Sent at each `close`; despite its name no barrier.
    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        reply.ok();
    }

    /// Not offered: the kernel then zeroes by writing, which is what is to be counted.
    fn fallocate(&self, _: &Request, _: INodeNo, _: FileHandle, _: u64, _: u64, _: i32, reply: ReplyEmpty) {
        reply.error(Errno::ENOSYS);
    }
}
