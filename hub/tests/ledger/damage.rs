//! Anything that is not as it was written is found, named by its number, kept, and never passed over.

use std::ops::ControlFlow;

use hub::ledger::archive;
use hub::ledger::files::ReadError;
use hub::ledger::record::Cursor;
use hub::ledger::segment::OpenSegment;

use crate::bench_outlet::{dir, file_name, find, open, place, segments, set_up};
use crate::simdisk::SimDisk;

/// A ledger of three segments: two compressed, one open.
fn ledger() -> (SimDisk, u64) {
    let disk = SimDisk::default();
    let mut at = 0;
    for part in 0..3 {
        let ledger = open(&disk).unwrap();
        if part == 0 {
            for request in set_up() {
                ledger.call_blocking(request, 0).unwrap();
            }
        }
        for _ in 0..6 {
            ledger.call_blocking(place(at), 0).unwrap();
            at += 1;
        }
        ledger.stop();
        if part < 2 {
            let (found, _) = find(&disk);
            let first = found.files.segments().last().unwrap().before().seq + 1;
            OpenSegment::create(&*disk.shared(), &dir(), &found.end).unwrap();
            assert!(archive::compress(&*disk.shared(), &dir(), first).unwrap());
        }
    }
    let (found, state) = find(&disk);
    assert_eq!(found.damage, Vec::new());
    assert_eq!(
        segments(&disk).iter().filter(|path| path.extension().is_some_and(|end| end == "arc")).count(),
        2
    );
    (disk, state.cursor.seq)
}

/// What a whole check says: the records that hold from the beginning, and what is named as damaged.
fn check(disk: &SimDisk) -> (u64, Vec<u64>) {
    let before: Vec<_> = disk.paths().iter().map(|path| (path.clone(), disk.bytes(path))).collect();
    let (found, _) = find(disk);
    let mut named: Vec<u64> = found.damage.iter().map(|damage| damage.seq).collect();
    let mut held = 0;
    let scanned = found.files.scan(Cursor::START, |record| {
        held = record.seq;
        ControlFlow::Continue(())
    });
    if let Err(ReadError::Damaged(damage)) = scanned {
        named.push(damage.seq);
    }
    if !named.is_empty() {
        for (path, bytes) in before {
            assert_eq!(disk.bytes(&path), bytes, "a damaged ledger was changed");
        }
    }
    (held, named)
}

#[test]
fn every_flipped_bit_is_found() {
    let (disk, end) = ledger();
    let mut passed = 0;
    for path in segments(&disk) {
        let whole = disk.bytes(&path);
        let used = whole.iter().rposition(|byte| *byte != 0).unwrap() + 1;
        for bit in (0..used * 8).step_by(5) {
            let mut bytes = (*whole).clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let damaged = disk.after_kill();
            damaged.put(&path, bytes);
            let (held, named) = check(&damaged);
            assert!(!named.is_empty(), "{}: bit {bit} passed, {held} of {end} held", file_name(&path));
            assert!(named[0] >= 1 && named[0] <= end + 1, "{}: bit {bit}: {named:?}", file_name(&path));
            assert!(held < named[0].max(1) || held == end, "record {} was passed over, to {held}", named[0]);
            passed += 1;
        }
    }
    assert!(passed > 3_000, "only {passed} bits were flipped");
}

#[test]
fn every_truncation_is_found() {
    let (disk, end) = ledger();
    for path in segments(&disk) {
        let whole = disk.bytes(&path);
        let used = whole.iter().rposition(|byte| *byte != 0).unwrap() + 1;
        for len in (0..used).step_by(3) {
            let damaged = disk.after_kill();
            damaged.put(&path, whole[..len].to_vec());
            let (held, named) = check(&damaged);
            assert!(!named.is_empty(), "{} cut to {len} passed, {held} of {end} held", file_name(&path));
        }
    }
}

#[test]
fn segments_in_each_others_place_are_found() {
    let (disk, _) = ledger();
    let paths = segments(&disk);
    for (one, other) in [(0, 1), (1, 2), (0, 2)] {
        let swapped = disk.after_kill();
        swapped.put(&paths[one], disk.bytes(&paths[other]).to_vec());
        swapped.put(&paths[other], disk.bytes(&paths[one]).to_vec());
        let (held, named) = check(&swapped);
        assert!(!named.is_empty(), "{one} and {other} were swapped, and {held} held");
    }
}

#[test]
fn a_segment_that_is_gone_is_found() {
    let (disk, _) = ledger();
    for path in segments(&disk) {
        let gone = disk.after_kill();
        hub::ledger::disk::Disk::remove(&gone, &path).unwrap();
        let (held, named) = check(&gone);
        assert!(!named.is_empty(), "{} is gone, and {held} held", file_name(&path));
    }
}

#[test]
fn a_ledger_damaged_in_its_open_segment_answers_and_takes_nothing() {
    let (disk, _) = ledger();
    let path = segments(&disk).pop().unwrap();
    let mut bytes = disk.bytes(&path).to_vec();
    bytes[200] ^= 1;
    disk.put(&path, bytes.clone());
    let ledger = open(&disk).unwrap();
    let refused = ledger.call_blocking(place(99), 0);
    assert!(matches!(refused, Err(hub::ledger::LedgerError::Damaged(_))), "{refused:?}");
    assert!(!ledger.state().orders.is_empty());
    ledger.stop();
    assert_eq!(*disk.bytes(&path), bytes);
}

#[test]
fn old_damage_does_not_stop_the_selling() {
    let (disk, end) = ledger();
    let path = segments(&disk).remove(0);
    let (found, state) = find(&disk);
    drop(found);
    let mut bytes = disk.bytes(&path).to_vec();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    disk.put(&path, bytes);
    // The views know what the damaged segment said: what is folded already need not be read again.
    let found = hub::ledger::recover::find(&disk.shared(), &dir()).unwrap();
    assert!(!found.damage.is_empty() && found.may_write());
    let environment = hub::ledger::Environment {
        clock: hub::clock::Clock::system(),
        past: std::sync::Arc::new(crate::bench_outlet::NoPast),
        publish: Box::new(|_| {}),
        heal_every: hub::ledger::HEAL_EVERY,
    };
    let ledger = hub::ledger::Ledger::start(found, state, environment).unwrap();
    assert_eq!(ledger.call_blocking(place(77), 0).unwrap().seq, end + 1);
    ledger.stop();
}
