//! A disk that forgets unsynced writes, to prove that what was acknowledged survives a power cut.
//!
//! **Promise.** [`PowerCutDisk::cut`] is one instant of the disk: a write that was followed by a completed
//! `fsync` or `fdatasync` is in all three [`Images`]; one that was not may be missing from any of them,
//! wholly or block by block, and in any order. What a program wrote but the kernel has not sent to the disk
//! yet is in none of them. `Drop` unmounts, detaches and deletes everything, also when a test panics, and
//! panics itself if a program still uses the disk. Disks of test runs that were killed are taken down by the
//! next one.
//!
//! **Use.** Read what has been acknowledged *before* the cut, then look for it in each image:
//!
//! ```text
//! let disk = PowerCutDisk::new(64)?;
//! // ... a program writes below disk.path() ...
//! let acknowledged = program.acknowledged();
//! for image in disk.cut(seed).each() {
//!     let mounted = image.mount()?;
//!     assert!(found_in(mounted.path()) >= acknowledged, "{}", image.name);
//! }
//! ```
//!
//! **Limits.** Linux, root, one loop device per mounted disk or image (often eight in all): ask
//! [`PowerCutDisk::unavailable`] first. Blocks of 4 KiB are never torn. Everything is held in memory, zeros
//! excepted. A killed test that was itself writing to the disk stays unkillable until the next sweep.
//!
//! **How.** `platter` keeps the bytes, written and durable; `device` serves them as the one file of a FUSE
//! file system; `mounted` puts a loop device and ext4 on that file, with ext4's usual barriers, which the
//! loop driver passes on as `fsync`; `image` does the same for what a cut left; `host` deals with the
//! machine.

mod device;
mod host;
mod image;
mod mounted;
mod platter;
#[cfg(test)]
mod tests;

use std::io;
use std::ops::RangeInclusive;
use std::path::Path;

pub use image::{Image, Images, MountedImage};
use mounted::Mounted;

/// ext4 with a journal needs the lower bound; the upper keeps a mistyped size from eating the machine's
/// memory.
const SIZE_MIB: RangeInclusive<u32> = 16..=4096;

/// A mounted ext4 whose disk forgets what was not flushed.
pub struct PowerCutDisk(Mounted);

impl PowerCutDisk {
    /// Why this machine cannot run it (not root, no `/dev/fuse`, no free loop device, a tool missing), or
    /// `None`.
    pub fn unavailable() -> Option<String> {
        host::unavailable()
    }

    /// A freshly formatted disk of 16 to 4096 MiB; only what is written takes memory.
    pub fn new(size_mib: u32) -> io::Result<Self> {
        if !SIZE_MIB.contains(&size_mib) {
            let message = format!("a simulated disk has {SIZE_MIB:?} MiB, not {size_mib}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        Ok(Self(Mounted::format(size_mib)?))
    }

    /// Where programs write.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// What a power cut at this instant leaves, as three images; the disk itself goes on.
    ///
    /// `seed` decides which of the unflushed writes the third image keeps.
    pub fn cut(&self, seed: u64) -> Images {
        Images::of(self.0.platter().lock().cut(seed))
    }

    /// Barriers that reached the disk since [`Self::new`] returned.
    pub fn flushes(&self) -> u64 {
        self.0.platter().lock().flushes()
    }

    /// Bytes that reached the disk since [`Self::new`] returned, the file system's own included. What is
    /// still in the page cache is not among them, so sync before taking a difference.
    pub fn bytes_written(&self) -> u64 {
        self.0.platter().lock().bytes_written()
    }
}
