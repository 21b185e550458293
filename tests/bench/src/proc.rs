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
    match (stat_field::<f64>(&stat, 14), stat_field::<f64>(&stat, 15)) {
        (Some(user), Some(system)) => Ok((user + system) / TICKS_PER_SECOND),
        _ => Err(io::Error::other(format!("/proc/{pid}/stat reads otherwise: {stat}"))),
    }
}

/// User and system time that processes and all that they have started have taken so far, in seconds: those that have ended too,
/// which the kernel counts to whoever waited for them.
pub(crate) fn tree_cpu_seconds(roots: &[u32]) -> io::Result<f64> {
    let mut ticks = 0.0;
    for pid in tree(roots)? {
        // What ends while it is looked at is counted to its parent the next time.
        let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
        ticks += (14..=17).filter_map(|field| stat_field::<f64>(&stat, field)).sum::<f64>();
    }
    Ok(ticks / TICKS_PER_SECOND)
}

/// What they all hold in memory, together; what they share counts once in `pss`.
pub(crate) fn tree_memory(roots: &[u32]) -> io::Result<Memory> {
    let mut sum = Memory::default();
    for pid in tree(roots)? {
        match memory(pid) {
            Ok(one) => sum = Memory { rss: sum.rss + one.rss, pss: sum.pss + one.pss },
            Err(_) if !Path::new(&format!("/proc/{pid}")).exists() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sum)
}

/// These processes and all below them.
fn tree(roots: &[u32]) -> io::Result<Vec<u32>> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
        parents.extend(stat_field::<u32>(&stat, 4).map(|parent| (pid, parent)));
    }
    let mut found = roots.to_vec();
    let mut at = 0;
    while at < found.len() {
        let children = parents.iter().filter(|(_, parent)| *parent == found[at]).map(|(pid, _)| *pid);
        found.extend(children.collect::<Vec<_>>());
        at += 1;
    }
    Ok(found)
}

/// A field of `/proc/<pid>/stat` behind the name, counted as its manual does. The name, in parentheses, may hold anything; the fields
/// behind it begin with the third.
fn stat_field<T: std::str::FromStr>(stat: &str, field: usize) -> Option<T> {
    stat.rsplit(')').next()?.split_whitespace().nth(field - 3)?.parse().ok()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_behind_any_name() {
        let stat = "12 (a) (b c)) S 7 12 12 0 -1 4194560 1 2 3 4 50 60 70 80 20 0";
        assert_eq!(stat_field::<u32>(stat, 4), Some(7));
        assert_eq!((14..=17).filter_map(|field| stat_field::<u32>(stat, field)).sum::<u32>(), 260);
    }

    #[test]
    fn a_child_is_in_the_tree() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let found = tree(&[std::process::id()]).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(found.contains(&child.id()));
    }
}
