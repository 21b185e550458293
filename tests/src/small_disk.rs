//! A small file system of the test's own, which fills up, turns read-only, or stops answering.
//!
//! Takes root; [`SmallDisk::unavailable`] says why it cannot be had. `Drop` unmounts it.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Where the tools are; a test's `PATH` often lacks the first.
const TOOLS: &str = "/usr/sbin:/usr/bin:/sbin:/bin";
const FILLER: &str = "filler";

/// What holds the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Memory, with a limit.
    Tmpfs,
    /// ext4 in a file, through a loop device.
    Ext4,
}

/// A mounted file system.
#[derive(Debug)]
pub struct SmallDisk {
    kind: Kind,
    size_mib: u32,
    is_mounted: bool,
    dir: TempDir,
}

fn run(program: &str, arguments: &[&OsStr]) -> io::Result<()> {
    let output = Command::new(program).args(arguments).env("PATH", TOOLS).output()?;
    if output.status.success() {
        return Ok(());
    }
    let complaint = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(io::Error::other(format!("{program} {arguments:?}: {complaint}")))
}

impl SmallDisk {
    /// Why this machine cannot run it, or nothing.
    #[must_use]
    pub fn unavailable(kind: Kind) -> Option<String> {
        Self::new(kind, 16).err().map(|error| error.to_string())
    }

    /// A fresh one of that size.
    pub fn new(kind: Kind, size_mib: u32) -> io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("outlet-hub-small-disk-").tempdir()?;
        fs::create_dir(dir.path().join("mount"))?;
        let mut disk = Self { kind, size_mib, is_mounted: false, dir };
        if kind == Kind::Ext4 {
            File::create(disk.image())?.set_len(u64::from(size_mib) << 20)?;
            // No blocks held back for root, which the hub is here.
            run("mkfs.ext4", &["-q".as_ref(), "-m0".as_ref(), disk.image().as_ref()])?;
        }
        disk.mount()?;
        Ok(disk)
    }

    fn image(&self) -> PathBuf {
        self.dir.path().join("image")
    }

    /// Where its files are.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.dir.path().join("mount")
    }

    /// Mounts it.
    pub fn mount(&mut self) -> io::Result<()> {
        let (path, image) = (self.path(), self.image());
        match self.kind {
            Kind::Tmpfs => {
                let size = format!("size={}m", self.size_mib);
                let options = ["-t", "tmpfs", "-o", &size, "tmpfs"].map(OsStr::new);
                run("mount", &[&options[..], &[path.as_ref()]].concat())?;
            }
            Kind::Ext4 => {
                let options = ["-o", "loop,errors=remount-ro"].map(OsStr::new);
                run("mount", &[&options[..], &[image.as_ref(), path.as_ref()]].concat())?;
            }
        }
        self.is_mounted = true;
        Ok(())
    }

    /// Takes it down; no program may use it.
    pub fn unmount(&mut self) -> io::Result<()> {
        run("umount", &[self.path().as_ref()])?;
        self.is_mounted = false;
        Ok(())
    }

    /// Writes until nothing more goes in.
    pub fn fill(&self) {
        let filler = self.path().join(FILLER);
        let mut filler = OpenOptions::new().create(true).append(true).open(filler).expect("a filler");
        for size in [1 << 20, 64 << 10, 4 << 10, 512] {
            let block = vec![0xAA; size];
            while filler.write_all(&block).is_ok() {}
        }
        // On a full disk this may fail too.
        let _ = filler.sync_all();
    }

    /// Makes room again.
    pub fn relieve(&self) {
        fs::remove_file(self.path().join(FILLER)).expect("the filler is there");
    }

    /// A tmpfs takes this many bytes more, and not one page beyond.
    pub fn leave(&self, bytes: u64) {
        let stat = rustix::fs::statvfs(self.path()).expect("a mounted file system");
        let used = (stat.f_blocks - stat.f_bfree) * stat.f_frsize;
        self.resize(used + bytes);
    }

    /// A tmpfs has its size again.
    pub fn leave_all(&self) {
        self.resize(u64::from(self.size_mib) << 20);
    }

    fn resize(&self, bytes: u64) {
        let options = format!("remount,size={bytes}");
        run("mount", &["-o".as_ref(), options.as_ref(), self.path().as_ref()])
            .expect("a tmpfs can be resized");
    }

    /// What an ext4 does when its medium fails: it gives up its journal and turns read-only, under open files.
    pub fn fail(&self) {
        run("mount", &["-o".as_ref(), "remount,abort".as_ref(), self.path().as_ref()]).expect("an abort");
    }

    /// Mounts it anew for reading only (`ro`) or for writing (`rw`); no program may write to it.
    pub fn remount(&self, how: &str) {
        let options = format!("remount,{how}");
        run("mount", &["-o".as_ref(), options.as_ref(), self.path().as_ref()]).expect("nobody writes to it");
    }

    /// Repairs what [`Self::fail`] left, as a start of the machine would, and mounts it.
    pub fn repair(&mut self) {
        self.unmount().expect("nobody uses it");
        // It ends with 1 where it has mended something.
        Command::new("e2fsck").arg("-fy").arg(self.image()).env("PATH", TOOLS).output().expect("e2fsck");
        self.mount().expect("it is whole again");
    }

    /// Writes wait from here on, as on a disk that hangs.
    #[must_use]
    pub fn freeze(&self) -> Frozen {
        run("fsfreeze", &["-f".as_ref(), self.path().as_ref()]).expect("an ext4 can be frozen");
        Frozen(self.path())
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        if !self.is_mounted {
            return;
        }
        // By force where a panicking test's hub is still at it: a test leaves nothing behind.
        if let Err(error) = run("umount", &[self.path().as_ref()]) {
            let _ = run("umount", &["-l".as_ref(), self.path().as_ref()]);
            assert!(std::thread::panicking(), "still in use: {error}");
        }
    }
}

/// A disk that hangs, until this is dropped.
#[derive(Debug)]
pub struct Frozen(PathBuf);

impl Drop for Frozen {
    fn drop(&mut self) {
        thaw(&self.0);
    }
}

fn thaw(path: &Path) {
    run("fsfreeze", &["-u".as_ref(), path.as_ref()]).expect("what was frozen can be thawed");
}
