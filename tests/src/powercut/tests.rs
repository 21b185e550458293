//! That the disk forgets what it should, and nothing else; skipped, aloud, where it cannot run.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::host::run;
use super::{Image, PowerCutDisk};

/// Far beyond what any step takes, so that a hang is a failure.
const PATIENCE: Duration = Duration::from_secs(30);

fn disk() -> Option<PowerCutDisk> {
    if let Some(why) = PowerCutDisk::unavailable() {
        eprintln!("skipped: {why}");
        return None;
    }
    Some(PowerCutDisk::new(32).unwrap())
}

fn sync_dir(dir: &Path) {
    File::open(dir).unwrap().sync_all().unwrap();
}

fn content(image: &Image, name: &str) -> Vec<u8> {
    let mounted = image.mount().unwrap();
    fs::read(mounted.path().join(name)).unwrap_or_default()
}

#[test]
fn only_what_was_synced_survives() {
    let Some(disk) = disk() else { return };
    let (a, b) = (vec![b'a'; 100_000], vec![b'b'; 100_000]);
    let mut file = File::create(disk.path().join("a")).unwrap();
    file.write_all(&a).unwrap();
    file.sync_all().unwrap();
    sync_dir(disk.path());
    let mut file = File::create(disk.path().join("b")).unwrap();
    file.write_all(&b).unwrap();

    let before = disk.cut(1);
    assert_eq!(content(&before.flushed, "a"), a);
    assert_eq!(content(&before.flushed, "b"), b"", "never synced");

    file.sync_all().unwrap();
    for image in disk.cut(2).each() {
        assert!(content(image, "a") == a && content(image, "b") == b, "{}", image.name);
    }
    assert_eq!(content(&before.flushed, "b"), b"", "an image does not change afterwards");
}

#[test]
fn what_reached_the_disk_unflushed_is_forgotten_by_block() {
    let Some(disk) = disk() else { return };
    let (older, newer) = (vec![b'.'; 64 * 4096], vec![b'n'; 64 * 4096]);
    let path = disk.path().join("file");
    let mut file = File::create(&path).unwrap();
    file.write_all(&older).unwrap();
    file.sync_all().unwrap();
    sync_dir(disk.path());
    let flushes = disk.flushes();

    // Past the page cache, over blocks that exist: to the disk, and no barrier.
    let mut source = tempfile::NamedTempFile::new().unwrap();
    source.write_all(&newer).unwrap();
    let (from, to) = (format!("if={}", source.path().display()), format!("of={}", path.display()));
    let done =
        Command::new("dd").args([&from, &to, "bs=4096", "oflag=direct", "conv=notrunc"]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(disk.flushes(), flushes);

    let cut = disk.cut(3);
    assert_eq!(content(&cut.flushed, "file"), older);
    assert_eq!(content(&cut.written, "file"), newer);
    let partial = content(&cut.partial, "file");
    let newer = partial.chunks(4096).filter(|block| block.iter().all(|byte| *byte == b'n')).count();
    let older = partial.chunks(4096).filter(|block| block.iter().all(|byte| *byte == b'.')).count();
    assert!(newer > 0 && older > 0 && newer + older == 64, "{newer} newer, {older} older of 64 blocks");
}

#[test]
fn it_counts_what_reaches_it() {
    let Some(disk) = disk() else { return };
    assert_eq!((disk.flushes(), disk.bytes_written()), (0, 0));
    let mut file = File::create(disk.path().join("log")).unwrap();
    file.write_all(&vec![1; 40_000]).unwrap();
    file.sync_all().unwrap();
    let (flushes, bytes) = (disk.flushes(), disk.bytes_written());
    assert!(flushes > 0 && (40_000..400_000).contains(&bytes), "{flushes} flushes, {bytes} bytes");
    file.write_all(&[2; 4096]).unwrap();
    file.sync_data().unwrap();
    assert!(disk.flushes() > flushes && disk.bytes_written() >= bytes + 4096);
}

#[test]
fn a_second_cut_during_recovery_keeps_what_the_first_kept() {
    let Some(disk) = disk() else { return };
    let mut file = File::create(disk.path().join("a")).unwrap();
    file.write_all(b"synced").unwrap();
    file.sync_all().unwrap();
    sync_dir(disk.path());
    let recovering = disk.cut(4).partial.mount().unwrap();
    let mut file = File::create(recovering.path().join("b")).unwrap();
    file.write_all(b"repaired").unwrap();
    file.sync_all().unwrap();
    sync_dir(recovering.path());
    for image in recovering.cut(5).each() {
        assert_eq!(content(image, "a"), b"synced", "{}", image.name);
        assert_eq!(content(image, "b"), b"repaired", "{}", image.name);
    }
}

const RECORD_LEN: usize = 64;

/// Appends numbered records, acknowledging each, until told to stop.
fn program(mut log: File, syncs: bool, acked: &AtomicU64, stop: &AtomicBool, progress: &SyncSender<()>) {
    // A limit on what the naive one piles up; the disk has room for it.
    for number in 1..=100_000_u64 {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        log.write_all(&number.to_le_bytes().repeat(RECORD_LEN / 8)).unwrap();
        if syncs {
            log.sync_data().unwrap();
        }
        acked.store(number, Ordering::SeqCst);
        let _ = progress.try_send(());
    }
}

/// Whole records, from the first on without a gap.
fn whole_records(log: &[u8]) -> u64 {
    let records = log.chunks_exact(RECORD_LEN).zip(1_u64..);
    records.take_while(|(record, number)| **record == number.to_le_bytes().repeat(RECORD_LEN / 8)).count()
        as u64
}

/// Cuts the power ten times under the program; gives the images of each cut that lack an acknowledged record.
fn images_with_losses(disk: &PowerCutDisk, syncs: bool) -> Vec<String> {
    let log = File::create(disk.path().join("log")).unwrap();
    log.sync_all().unwrap();
    sync_dir(disk.path());
    let (acked, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let (progress, progressed) = sync_channel(1);
    thread::scope(|scope| {
        let (acked, stop) = (&acked, &stop);
        scope.spawn(move || program(log, syncs, acked, stop, &progress));
        let mut losses = Vec::new();
        for seed in 0..10 {
            for _ in 0..=seed * 7 % 11 {
                // Ended is fine: it has acknowledged everything then.
                let _ = progressed.recv_timeout(PATIENCE);
            }
            let promised = acked.load(Ordering::SeqCst);
            assert!(promised > 0, "the program does not get anywhere");
            for image in disk.cut(seed).each() {
                let found = whole_records(&content(image, "log"));
                if found < promised {
                    losses.push(format!("cut {seed}, {}: {found} of {promised}", image.name));
                }
            }
        }
        stop.store(true, Ordering::SeqCst);
        losses
    })
}

#[test]
fn a_program_that_syncs_loses_nothing() {
    let Some(disk) = disk() else { return };
    let losses = images_with_losses(&disk, true);
    assert!(losses.is_empty(), "{losses:#?}");
}

#[test]
fn a_program_that_does_not_sync_is_found_out() {
    let Some(disk) = disk() else { return };
    let losses = images_with_losses(&disk, false);
    assert!(!losses.is_empty(), "a naive program passed: the disk forgets nothing");
}

fn is_mounted(path: &Path) -> bool {
    fs::read_to_string("/proc/self/mounts").unwrap().contains(path.to_str().unwrap())
}

fn loop_backing_files() -> String {
    run("losetup", ["--list", "--noheadings", "--output", "BACK-FILE"], &[]).unwrap()
}

#[test]
fn a_panic_leaves_nothing_behind() {
    let Some(disk) = disk() else { return };
    let files = disk.path().to_path_buf();
    let folder = files.parent().unwrap().to_path_buf();
    assert!(is_mounted(&files) && loop_backing_files().contains(folder.to_str().unwrap()));
    let panicked = thread::spawn(move || {
        let _disk = disk;
        panic!("as a failing test would");
    });
    assert!(panicked.join().is_err());
    assert!(!is_mounted(&folder) && !folder.exists());
    assert!(!loop_backing_files().contains(folder.to_str().unwrap()));
}

#[test]
fn a_program_that_still_uses_the_disk_is_reported() {
    let Some(disk) = disk() else { return };
    let folder = disk.path().parent().unwrap().to_path_buf();
    let open = File::create(disk.path().join("left-open")).unwrap();
    assert!(thread::spawn(move || drop(disk)).join().is_err());
    assert!(!is_mounted(&folder) && !folder.exists());
    drop(open);
    until("its loop device is free", || !loop_backing_files().contains(folder.to_str().unwrap()));
}

/// Polls through a command that takes a moment itself.
fn until(what: &str, done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "never so: {what}");
        thread::yield_now();
    }
}

/// The child of the next test; by itself it does nothing.
#[test]
#[ignore = "started by the_disk_of_a_killed_run_is_taken_down"]
fn holds_a_disk_until_killed() {
    let disk = PowerCutDisk::new(32).unwrap();
    println!("\nholding {}", disk.path().display());
    let log = File::create(disk.path().join("log")).unwrap();
    let (progress, _) = sync_channel(1);
    let writes_for_ever = || program(log, true, &AtomicU64::new(0), &AtomicBool::new(false), &progress);
    thread::scope(|scope| {
        scope.spawn(writes_for_ever);
        std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    });
}

#[test]
fn the_disk_of_a_killed_run_is_taken_down() {
    let Some(disk) = disk() else { return };
    let (_, module) = module_path!().split_once("::").unwrap();
    let test = format!("{module}::holds_a_disk_until_killed");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([&test, "--exact", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let files = lines.find_map(|line| line.strip_prefix("holding ").map(PathBuf::from)).unwrap();
    let folder = files.parent().unwrap();
    assert!(is_mounted(&files));
    child.kill().unwrap();
    // Its own write may be waiting for its own dead disk, so it is swept while it dies.
    until("the killed run's disk is gone", || {
        super::host::sweep();
        !is_mounted(folder) && !folder.exists()
    });
    child.wait().unwrap();
    until("its loop device is free", || !loop_backing_files().contains(folder.to_str().unwrap()));
    assert!(is_mounted(disk.path()), "a living run's disk stays");
}
