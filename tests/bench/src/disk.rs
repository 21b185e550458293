//! A small file system of the hub's own, through a loop device, so that what is written to it is the hub's alone.
//!
//! `write_bytes` of `/proc/<pid>/io` will not do: where the page cache keeps a file in large folios, a record of 600 bytes
//! counts as the whole folio, hundreds of kilobytes, of which only the changed blocks are written. It remains the fallback
//! where this is not run as root, and is said to be too high.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::proc;

/// Room for a few ten thousand orders; the file is sparse.
const IMAGE_BYTES: u64 = 512 << 20;
/// A sector of the kernel's counters, whatever the device's are.
const SECTOR_BYTES: u64 = 512;
/// Where the tools are; a user's `PATH` often lacks the first.
const TOOLS: &str = "/usr/sbin:/usr/bin:/sbin:/bin";

/// Where the hub's data goes while its bytes are counted.
#[derive(Debug)]
pub(crate) struct Disk {
    dir: PathBuf,
    /// The loop device's counters; none where the file system is shared with others.
    counters: Option<PathBuf>,
}

impl Disk {
    /// Makes one below a folder.
    pub(crate) fn new(scratch: &Path) -> io::Result<Self> {
        let (dir, image) = (scratch.join("disk"), scratch.join("disk.image"));
        fs::create_dir_all(&dir)?;
        match Self::mount(&dir, &image) {
            Ok(counters) => Ok(Self { dir, counters: Some(counters) }),
            Err(error) => {
                eprintln!("bench: no file system of its own, so the bytes written are too high: {error}");
                Ok(Self { dir, counters: None })
            }
        }
    }

    fn mount(dir: &Path, image: &Path) -> io::Result<PathBuf> {
        File::create(image)?.set_len(IMAGE_BYTES)?;
        // All of it now, so that nothing of it is written while the hub is measured.
        let whole = "lazy_itable_init=0,lazy_journal_init=0";
        run("mkfs.ext4", &["-q".as_ref(), "-m0".as_ref(), "-E".as_ref(), whole.as_ref(), image.as_ref()])?;
        run("mount", &["-o".as_ref(), "loop".as_ref(), image.as_ref(), dir.as_ref()])?;
        let point = dir.canonicalize()?;
        let mounts = fs::read_to_string("/proc/self/mounts")?;
        let device = mounts.lines().find_map(|line| {
            let mut fields = line.split(' ');
            let device = fields.next()?;
            (Path::new(fields.next()?) == point).then(|| device.trim_start_matches("/dev/").to_owned())
        });
        let device = device.ok_or_else(|| io::Error::other("the loop device is not among the mounts"))?;
        Ok(Path::new("/sys/block").join(device).join("stat"))
    }

    /// Where it is.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// How it counts, for the report.
    pub(crate) fn words(&self) -> &'static str {
        match self.counters {
            Some(_) => {
                "what reaches the block device of an ext4 of the hub's own, its journal included, until the views' \
                 checkpoint is done"
            }
            None => {
                "`write_bytes` of `/proc/<pid>/io`, which is too high, because it counts whole folios of the page cache: \
                 run this as root"
            }
        }
    }

    /// Bytes written so far, with everything that still waits in the page cache.
    pub(crate) fn written_bytes(&self, pid: u32) -> io::Result<u64> {
        rustix::fs::syncfs(File::open(&self.dir)?)?;
        let Some(counters) = &self.counters else { return proc::written_bytes(pid) };
        let text = fs::read_to_string(counters)?;
        let sectors = text.split_whitespace().nth(6).and_then(|sectors| sectors.parse::<u64>().ok());
        let sectors =
            sectors.ok_or_else(|| io::Error::other(format!("{} reads: {text}", counters.display())))?;
        Ok(sectors * SECTOR_BYTES)
    }
}

/// Lets go of what a run that was killed has left mounted, so that its folder can be emptied.
pub(crate) fn forget(scratch: &Path) {
    let _ = run("umount", &[scratch.join("disk").as_ref()]);
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.counters.is_some()
            && let Err(error) = run("umount", &[self.dir.as_ref()])
        {
            eprintln!("bench: {error}");
        }
    }
}

fn run(program: &str, arguments: &[&OsStr]) -> io::Result<()> {
    let output = Command::new(program).args(arguments).env("PATH", TOOLS).output()?;
    if output.status.success() {
        return Ok(());
    }
    let complaint = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(io::Error::other(format!("{program} {arguments:?}: {complaint}")))
}
