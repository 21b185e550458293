//! `accept` by a table, and by random schedules against relays that keep whole chains.

use proptest::prelude::*;
use protocol::frame::Stored;

use super::*;

/// A ledger: its epochs and bodies, from the first record on.
type Ledger = Vec<(u32, Vec<u8>)>;

fn ledger(epochs: &[(u32, &str)]) -> Ledger {
    epochs.iter().flat_map(|(epoch, bodies)| bodies.bytes().map(|body| (*epoch, vec![body]))).collect()
}

/// The places of a ledger, that before the first included.
fn chain(ledger: &Ledger) -> Vec<Cursor> {
    let mut at = vec![Cursor::START];
    for (epoch, body) in ledger {
        at.push(at[at.len() - 1].next(2, *epoch, body));
    }
    at
}

/// The records `from..to` of a ledger as they are sent.
fn links(ledger: &Ledger, from: usize, to: usize) -> Links {
    let chain = chain(ledger);
    let record = |(epoch, body): &'_ (u32, Vec<u8>)| (*epoch, body.clone());
    let owned: Vec<(u32, Vec<u8>)> = ledger[from..to].iter().map(record).collect();
    let records = owned.iter().map(|(epoch, body)| Stored { version: 2, more: false, epoch: *epoch, body });
    Links::of(&Batch { before: chain[from], records: records.collect(), last: chain[to].hash }).unwrap()
}

/// What a relay that has a whole chain says.
fn asked(has: &Ledger, links: &Links) -> Verdict {
    let chain = chain(has);
    let have = chain[chain.len() - 1];
    let held =
        links.overlap(&have).map(|range| chain[*range.start() as usize..=*range.end() as usize].to_vec());
    accept(&have, &held.unwrap_or_default(), links)
}

#[test]
fn each_case_has_its_verdict() {
    let old = ledger(&[(1, "abcdef")]);
    let fork = ledger(&[(1, "abcdXYZ")]);
    let restored = ledger(&[(1, "abcd"), (2, "ghij")]);
    let rival = ledger(&[(1, "abcd"), (2, "gXYZ")]);
    let third = ledger(&[(1, "abcd"), (2, "gh"), (3, "kl")]);
    let empty = ledger(&[]);
    let late = ledger(&[(4, "abc")]);
    for (name, has, sent, from, to, verdict) in [
        ("the first of all", &empty, &old, 0, 3, Verdict::Append { skip: 0 }),
        ("the first of a later epoch", &empty, &late, 0, 3, Verdict::Append { skip: 0 }),
        ("nothing is there of what it follows", &empty, &old, 2, 4, Verdict::Gap),
        ("nothing is there at all", &empty, &restored, 5, 6, Verdict::Gap),
        ("the next", &old[..3].to_vec(), &old, 3, 6, Verdict::Append { skip: 0 }),
        ("some of it again", &old[..3].to_vec(), &old, 1, 6, Verdict::Append { skip: 2 }),
        ("from the beginning again", &old[..3].to_vec(), &old, 0, 6, Verdict::Append { skip: 3 }),
        ("all of it again", &old, &old, 0, 6, Verdict::Duplicate),
        ("a middle again", &old, &old, 2, 4, Verdict::Duplicate),
        ("one is left out", &old[..3].to_vec(), &old, 4, 6, Verdict::Gap),
        ("another in its place", &old, &fork, 3, 6, Verdict::Diverged { seq: 5 }),
        ("another, and one before it", &old, &fork, 4, 7, Verdict::Diverged { seq: 5 }),
        ("it follows from another", &old, &fork, 5, 7, Verdict::Diverged { seq: 5 }),
        ("it follows from another at the head", &old, &fork, 6, 7, Verdict::Diverged { seq: 6 }),
        ("it is beyond, and another", &old[..4].to_vec(), &fork, 6, 7, Verdict::Gap),
        (
            "an epoch at the head",
            &old[..4].to_vec(),
            &restored,
            4,
            6,
            Verdict::NewEpoch { skip: 0, at: 4, superseded: 0 },
        ),
        (
            "an epoch before the head",
            &old,
            &restored,
            4,
            6,
            Verdict::NewEpoch { skip: 0, at: 4, superseded: 2 },
        ),
        (
            "with what is before it",
            &old,
            &restored,
            2,
            6,
            Verdict::NewEpoch { skip: 2, at: 4, superseded: 2 },
        ),
        ("an epoch whose beginning is missing", &old, &restored, 5, 7, Verdict::Gap),
        ("an epoch beyond what is there", &old, &restored, 7, 8, Verdict::Gap),
        ("the epoch goes on", &restored[..6].to_vec(), &restored, 5, 8, Verdict::Append { skip: 1 }),
        ("the epoch again, from before it", &restored, &restored, 2, 8, Verdict::Duplicate),
        ("a replaced box goes on", &restored[..6].to_vec(), &old, 4, 6, Verdict::Fenced { epoch: 2 }),
        ("a replaced box is beyond", &restored[..5].to_vec(), &old, 5, 6, Verdict::Fenced { epoch: 2 }),
        ("a replaced box repeats what is there", &restored, &old, 0, 4, Verdict::Duplicate),
        ("two boxes of one epoch", &restored, &rival, 4, 8, Verdict::Diverged { seq: 6 }),
        ("two boxes, from before", &restored, &rival, 0, 8, Verdict::Diverged { seq: 6 }),
        (
            "an epoch skipped, with its beginning",
            &old,
            &third,
            3,
            8,
            Verdict::NewEpoch { skip: 1, at: 4, superseded: 2 },
        ),
        ("a third epoch", &restored, &third, 5, 8, Verdict::NewEpoch { skip: 1, at: 6, superseded: 2 }),
        ("a whole other ledger", &old, &late, 0, 3, Verdict::NewEpoch { skip: 0, at: 0, superseded: 6 }),
    ] {
        assert_eq!(asked(has, &links(sent, from, to)), verdict, "{name}");
    }
}

#[test]
fn what_no_ledger_writes_is_refused() {
    let record = Stored { version: 2, more: false, epoch: 1, body: b"x" };
    let good = Cursor::START.next(2, 1, b"x");
    let refused = |before: Cursor, records: Vec<Stored<'_>>, last: Hash| {
        Links::of(&Batch { before, records, last }).err().unwrap_or_default()
    };
    let start = Cursor::START;
    assert_eq!(refused(start, vec![record], good.hash), "");
    assert!(refused(start, vec![], good.hash).contains("from 1 to"));
    assert!(refused(start, vec![record; 501], good.hash).contains("from 1 to"));
    assert!(refused(start, vec![record], [7; 32]).contains("the hash of the last"));
    assert!(refused(Cursor { hash: [7; 32], ..start }, vec![record], good.hash).contains("before the first"));
    assert!(refused(Cursor { seq: u64::MAX, ..good }, vec![record], good.hash).contains("as long"));
    assert!(refused(Cursor { epoch: u32::MAX, ..good }, vec![record], good.hash).contains("such a number"));
    for epoch in [0, u32::MAX] {
        assert!(refused(start, vec![Stored { epoch, ..record }], good.hash).contains("such a number"));
    }
    for epoch in [3, 9] {
        assert!(refused(good, vec![Stored { epoch, ..record }], good.hash).contains("one after the other"));
    }
    let later = good.next(2, 2, b"x");
    assert!(refused(later, vec![record], good.hash).contains("one after the other"));
}

#[test]
fn epochs_that_begin_are_named() {
    let third = ledger(&[(1, "ab"), (2, "cd"), (3, "ef")]);
    let begun = |from, skip| -> Vec<(u32, u64)> {
        links(&third, from, 6).begun(skip).map(|(epoch, before)| (epoch, before.seq)).collect()
    };
    assert_eq!(begun(0, 0), [(2, 2), (3, 4)]);
    assert_eq!(begun(1, 1), [(2, 2), (3, 4)]);
    assert_eq!(begun(1, 2), [(3, 4)]);
    assert_eq!(begun(2, 0), [(2, 2), (3, 4)]);
}

/// Carries a verdict out on a relay that keeps whole chains.
fn carry_out(has: &mut Ledger, sent: &Ledger, from: usize, to: usize) -> Verdict {
    let verdict = asked(has, &links(sent, from, to));
    match verdict {
        Verdict::Append { skip } => {
            assert_eq!(from + skip, has.len(), "what is taken follows from the head");
            has.extend_from_slice(&sent[from + skip..to]);
        }
        Verdict::NewEpoch { skip, at, superseded } => {
            assert_eq!((from + skip) as u64, at);
            assert_eq!(has.len() as u64 - superseded, at);
            has.truncate(at as usize);
            has.extend_from_slice(&sent[from + skip..to]);
        }
        _ => {}
    }
    verdict
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// One hub, whatever it sends of its ledger and in whatever order: nothing is lost, doubled or refused.
    #[test]
    fn an_honest_hub_is_never_refused(
        length in 1_usize..40,
        second in 1_usize..40,
        sends in prop::collection::vec((0_usize..40, 1_usize..12), 1..60),
    ) {
        let hub: Ledger =
            (0..length).map(|n| (1 + u32::from(n >= second), vec![n as u8])).collect();
        let mut has = Ledger::new();
        for (from, count) in sends {
            let from = from % length;
            let to = (from + count).min(length);
            let before = has.len();
            match carry_out(&mut has, &hub, from, to) {
                Verdict::Append { .. } => prop_assert_eq!(has.len(), to),
                Verdict::NewEpoch { superseded, .. } => prop_assert_eq!((superseded, has.len()), (0, to)),
                Verdict::Duplicate => prop_assert!(to <= before),
                Verdict::Gap => prop_assert!(from > before),
                refused => prop_assert!(false, "{:?}", refused),
            }
            prop_assert_eq!(&has[..], &hub[..has.len()]);
        }
        // From where the relay says it is, it always goes on.
        while has.len() < length {
            let from = has.len();
            carry_out(&mut has, &hub, from, (from + 7).min(length));
        }
        prop_assert_eq!(has, hub);
    }

    /// Several boxes of one outlet, restored from one another's past or copied: what the relay keeps is always a beginning of
    /// one box's ledger, an older epoch never replaces a newer one, and two of one epoch are found out.
    #[test]
    fn boxes_that_part_are_never_mixed(
        boxes in prop::collection::vec((0_usize..4, 0_usize..12, any::<bool>(), 1_usize..8), 1..5),
        sends in prop::collection::vec((0_usize..6, 0_usize..20, 1_usize..12), 1..80),
    ) {
        let mut ledgers: Vec<Ledger> = vec![(0..10).map(|n| (1, vec![0, n])).collect()];
        for (number, (parent, kept, is_restored, more)) in boxes.into_iter().enumerate() {
            let parent = &ledgers[parent % ledgers.len()];
            let mut made = parent[..kept.clamp(1, parent.len())].to_vec();
            let epoch = made[made.len() - 1].0 + u32::from(is_restored);
            made.extend((0..more).map(|n| (epoch, vec![number as u8 + 1, n as u8])));
            ledgers.push(made);
        }
        let mut has = Ledger::new();
        for (which, from, count) in sends {
            let sent = &ledgers[which % ledgers.len()];
            let from = from % sent.len();
            let to = (from + count).min(sent.len());
            let was = has.clone();
            let shared = was.iter().zip(sent).take_while(|(one, other)| one == other).count();
            let verdict = carry_out(&mut has, sent, from, to);
            let is_of_one = ledgers.iter().any(|ledger| ledger.len() >= has.len() && ledger[..has.len()] == has[..]);
            prop_assert!(is_of_one, "{:?} mixed two: {:?}", verdict, has);
            let epoch = |ledger: &Ledger| ledger.last().map_or(0, |record| record.0);
            prop_assert!(epoch(&has) >= epoch(&was));
            match verdict {
                Verdict::Append { .. } => prop_assert!(has.len() > was.len() && shared == was.len()),
                Verdict::NewEpoch { .. } => prop_assert!(epoch(&has) > epoch(&was) && shared == has.len().min(shared)),
                _ => prop_assert_eq!(&has, &was),
            }
            if let Verdict::Diverged { seq } = verdict {
                let at = seq as usize - 1;
                prop_assert!(at >= shared && was[at] != sent[at] || seq as usize == from, "{} {}", seq, shared);
            }
            if verdict == Verdict::Duplicate {
                prop_assert!(to <= shared);
            }
        }
    }
}
