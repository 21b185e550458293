//! What the kernel says about a process, and about this machine.

use std::fs;
use std::io;
use std::path::Path;

/// The kernel counts a process's time in hundredths of a second (`USER_HZ`), whatever it ticks at.
const TICKS_PER_SECOND: f64 = 100.0;

/// Memory in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Memory {
    /// Resident: the budget's figure.
    pub(crate) rss: u64,
    /// Resident, with what is shared divided among those who share it.
    pub(crate) pss: u64,
}

/// User and system time that a process has taken so far, in seconds, of all its threads.
pub(crate) fn cpu_seconds(pid: u32) -> io::Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name, in parentheses, may hold anything; the fields behind it begin with the third.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3).and_then(|text| text.parse::<f64>().ok());
    match (ticks(14), ticks(15)) {
        (Some(user), Some(system)) => Ok((user + system) / TICKS_PER_SECOND),
        _ => Err(io::Error::other(format!("/proc/{pid}/stat reads otherwise: {stat}"))),
    }
}

/// What a process holds in memory.
pub(crate) fn memory(pid: u32) -> io::Result<Memory> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    Ok(Memory { rss: field(&rollup, "Rss:")? * 1_024, pss: field(&rollup, "Pss:")? * 1_024 })
}

/// Bytes that a process has caused to be written to storage: pages that it dirtied, each time it did.
pub(crate) fn written_bytes(pid: u32) -> io::Result<u64> {
    field(&fs::read_to_string(format!("/proc/{pid}/io"))?, "write_bytes:")
}

fn field(text: &str, name: &str) -> io::Result<u64> {
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    let number = value.and_then(|value| value.split_whitespace().next()?.parse().ok());
    number.ok_or_else(|| io::Error::other(format!("there is no {name} in: {text}")))
}

/// One line about the machine.
pub(crate) fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let models: Vec<&str> = cpus.lines().filter(|line| line.starts_with("model name")).collect();
    let model =
        models.first().and_then(|line| line.split(": ").nth(1)).unwrap_or("a processor without a name");
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{cores} cores ({model}), Linux {}", kernel.trim())
}

/// Load average of the last minute: how busy others keep this machine.
pub(crate) fn load_average() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|load| load.parse().ok()).unwrap_or(f64::NAN)
}

/// The type of the file system that a folder is on, by the longest mount point above it.
pub(crate) fn file_system(dir: &Path) -> io::Result<String> {
    let dir = dir.canonicalize()?;
    let mounts = fs::read_to_string("/proc/self/mounts")?;
    let above = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        let (point, kind) = (fields.next()?, fields.next()?);
        dir.starts_with(point).then_some((point.len(), kind))
    });
    // Of two mounted on the same place the later hides the earlier; `max_by_key` keeps the last.
    Ok(above.max_by_key(|(length, _)| *length).map_or("unknown", |(_, kind)| kind).to_owned())
}
