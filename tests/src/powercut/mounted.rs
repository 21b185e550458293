//! A platter with a mounted ext4 on it: FUSE file, loop device, file system; all undone by `Drop`.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use fuser::BackgroundSession;
use tempfile::TempDir;

use super::device::{FILE, Shared, serve};
use super::host::{self, run};
use super::platter::{Blocks, Platter};

/// How long the kernel may take to let go of an unmounted disk; it takes milliseconds, unless something is
/// wrong.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a file may stay open after its program was told to end: a killed process closes its files when it
/// gets to it, and a process that another thread is just starting holds copies of ours for a moment.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// The pause between two tries.
const BUSY_RETRY: Duration = Duration::from_millis(20);

/// Writes nothing in the background (`noinit_itable`), so that what is counted is the program's; says so when
/// it finds damage (`errors`); detaches the loop device at unmounting (`loop`). Barriers are ext4's default.
const MOUNT_OPTIONS: &str = "loop,noinit_itable,errors=remount-ro,nodev,nosuid";

/// A simulated disk, in use.
pub(super) struct Mounted {
    platter: Shared,
    device: PathBuf,
    files: PathBuf,
    session: Option<BackgroundSession>,
    served: Receiver<()>,
    has_files: bool,
    /// Last, because it must outlive the mounts below it.
    _dir: TempDir,
}

impl Mounted {
    /// A freshly formatted disk.
    pub(super) fn format(size_mib: u32) -> io::Result<Self> {
        let mut disk = Self::serve(Blocks::zeroed(size_mib as usize * 256))?;
        let zeroed = "nodiscard,lazy_itable_init=1,lazy_journal_init=1";
        // The device is all zeros, so `mkfs` and ext4 need not make it so.
        run("mkfs.ext4", ["-q", "-F", "-b", "4096", "-m", "0", "-E", zeroed], &[&disk.file()])?;
        disk.platter.lock().reset_counters();
        disk.mount()?;
        disk.check_barriers()?;
        Ok(disk)
    }

    /// A disk as a power cut left it; mounting replays ext4's journal.
    pub(super) fn holding(content: Blocks) -> io::Result<Self> {
        let mut disk = Self::serve(content)?;
        disk.mount()?;
        Ok(disk)
    }

    /// Where the files are.
    pub(super) fn path(&self) -> &Path {
        &self.files
    }

    /// The bytes below.
    pub(super) fn platter(&self) -> &Shared {
        &self.platter
    }

    fn serve(content: Blocks) -> io::Result<Self> {
        host::sweep();
        let dir = host::temp_dir()?;
        let (device, files) = (dir.path().join("device"), dir.path().join("files"));
        fs::create_dir(&device)?;
        fs::create_dir(&files)?;
        let platter = Shared::new(Platter::holding(content));
        let (alive, served) = channel();
        let session = Some(serve(platter.clone(), &device, alive)?);
        Ok(Self { platter, device, files, session, served, has_files: false, _dir: dir })
    }

    fn file(&self) -> PathBuf {
        self.device.join(FILE)
    }

    fn mount(&mut self) -> io::Result<()> {
        run("mount", ["-t", "ext4", "-o", MOUNT_OPTIONS], &[&self.file(), &self.files])?;
        self.has_files = true;
        Ok(())
    }

    /// That an fsync reaches the platter: without barriers every program would look careless.
    fn check_barriers(&self) -> io::Result<()> {
        let probe = self.files.join("probe");
        File::create(&probe)?.sync_all()?;
        fs::remove_file(probe)?;
        File::open(&self.files)?.sync_all()?;
        let mut platter = self.platter.lock();
        if platter.flushes() == 0 {
            return Err(io::Error::other("an fsync on the simulated disk does not reach it"));
        }
        platter.reset_counters();
        Ok(())
    }

    /// Takes everything down, in the reverse of the order in which it was put up.
    fn take_down(&mut self) -> io::Result<()> {
        let unmounted = if self.has_files { self.unmount_files() } else { Ok(()) };
        let Some(session) = self.session.take() else { return unmounted };
        run("umount", ["-l"], &[&self.device])?;
        // Detached only: the session ends by itself when the last user has gone, and that is not awaited.
        unmounted?;
        match self.served.recv_timeout(RELEASE_TIMEOUT) {
            Err(RecvTimeoutError::Disconnected) => session.join(),
            _ => Err(io::Error::other("its loop device was not released")),
        }
    }

    fn unmount_files(&mut self) -> io::Result<()> {
        self.has_files = false;
        let start = Instant::now();
        let error = loop {
            match run("umount", [], &[&self.files]) {
                Ok(_) => return Ok(()),
                Err(error) if start.elapsed() > BUSY_TIMEOUT => break error,
                // Nothing is ever sent here: this waits, and ends early only if the disk is no longer served.
                Err(_) => drop(self.served.recv_timeout(BUSY_RETRY)),
            }
        };
        run("umount", ["-l"], &[&self.files])?;
        Err(error)
    }
}

impl Drop for Mounted {
    /// Panics when something was left behind, usually a program that still uses the disk.
    fn drop(&mut self) {
        if let Err(error) = self.take_down() {
            let message = format!("the simulated disk at {} is still in use: {error}", self.files.display());
            assert!(std::thread::panicking(), "{message}");
            eprintln!("{message}");
        }
    }
}
