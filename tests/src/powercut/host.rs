//! What the disk needs of the machine: tools, privileges, and order left by runs that were killed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::{env, io};

use tempfile::TempDir;

/// Each disk's folder is called this, then the process id of its owner, a dash and something random.
const PREFIX: &str = "outlet-hub-powercut-";

/// Where the tools are; a test's `PATH` often lacks the first and the third.
const TOOL_DIRS: [&str; 4] = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/// The bit of `CAP_SYS_ADMIN`, which mounting takes, in the masks of `/proc/self/status`.
const CAP_SYS_ADMIN: u64 = 1 << 21;

/// The bit of `SIGKILL` in the masks of `/proc/<pid>/status`.
const SIGKILL: u64 = 1 << 8;

/// Why a disk cannot be simulated here, or `None`.
pub(super) fn unavailable() -> Option<String> {
    if fs::metadata("/proc/self").map(|process| process.uid()).ok() != Some(0) || !may_mount() {
        return Some("it takes root with CAP_SYS_ADMIN to mount a simulated disk".into());
    }
    if let Err(error) = File::options().read(true).write(true).open("/dev/fuse") {
        return Some(format!("/dev/fuse cannot be opened: {error}"));
    }
    if let Some(name) =
        ["mkfs.ext4", "losetup", "mount", "umount"].into_iter().find(|name| tool(name).is_err())
    {
        return Some(format!("{name} is not installed"));
    }
    sweep();
    match run("losetup", ["--find"], &[]) {
        Ok(device) if Path::new(device.trim()).exists() => None,
        Ok(device) => Some(format!("every loop device is in use, and {} does not exist", device.trim())),
        Err(error) => Some(format!("there is no loop device: {error}")),
    }
}

fn may_mount() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & CAP_SYS_ADMIN != 0)
}

fn tool(name: &str) -> io::Result<PathBuf> {
    let found = TOOL_DIRS.iter().map(|dir| Path::new(dir).join(name)).find(|path| path.exists());
    found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, format!("{name} is not installed")))
}

/// Runs a tool to its end; gives what it printed, or an error with what it complained of.
pub(super) fn run<const N: usize>(name: &str, options: [&str; N], paths: &[&Path]) -> io::Result<String> {
    let output = Command::new(tool(name)?).args(options).args(paths).env("LC_ALL", "C").output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{name} failed ({}): {}", output.status, complaint.trim())))
}

/// A folder for one disk, which tells whose it is.
pub(super) fn temp_dir() -> io::Result<TempDir> {
    tempfile::Builder::new().prefix(&format!("{PREFIX}{}-", process::id())).tempdir()
}

/// Takes down the disks of processes that were killed, because nothing else would, and loop devices are few.
///
/// Best effort: another process may be sweeping too.
pub(super) fn sweep() {
    let entries = fs::read_dir(env::temp_dir()).into_iter().flatten().flatten();
    for folder in entries.map(|entry| entry.path()).filter(|path| is_abandoned(path)) {
        let (device, files) = (folder.join("device"), folder.join("files"));
        // By force, which also fails what a killed program's threads may still be waiting for.
        let _ = run("umount", ["-f", "-l"], &[&device]);
        let _ = run("umount", ["-l"], &[&files]);
        // Only empty folders: what is still mounted here is not to be deleted from.
        let _ = fs::remove_dir(files);
        let _ = fs::remove_dir(device);
        let _ = fs::remove_dir(folder);
    }
}

/// Whether a folder is a disk's whose owner is dead, or dying and waiting for that very disk.
fn is_abandoned(folder: &Path) -> bool {
    // Anyone may put a folder of this name, or a link, where temporary files go.
    let is_ours = fs::symlink_metadata(folder).is_ok_and(|entry| entry.is_dir() && entry.uid() == 0);
    let name = folder.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let owner = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next()?.parse::<u32>().ok());
    is_ours && owner.is_some_and(is_dead)
}

/// Gone, a zombie, or with an unanswered `SIGKILL`, which is how one looks that waits for its own dead disk.
fn is_dead(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let field = |name| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let signals = field("SigPnd:").and_then(|mask| u64::from_str_radix(mask, 16).ok()).unwrap_or(0);
    field("State:").is_none_or(|state| state.starts_with('Z')) || signals & SIGKILL != 0
}
