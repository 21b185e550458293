//! Frames between hub and relay read back for ever: one of each kind, as bytes.
//!
//! `golden/frames.txt` holds a line of hex per kind. A change that makes this fail cuts off every hub in the field that has not been
//! updated: add kinds at the end with `UPDATE_GOLDEN=1`, or raise `FRAME_VERSION` and read the version before it too.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fmt::Write as _;

use protocol::chain::{Cursor, GENESIS};
use protocol::frame::{
    Applied, Batch, Compared, DayFigures, DocumentKind, Downlink, Health, Hello, HubFrame, Refused,
    RelayFrame, Stored, Welcome, decode, encode,
};
use protocol::ids::derived_id;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/frames.txt");

fn cursor() -> Cursor {
    Cursor { epoch: 2, seq: 300, hash: [7; 32] }
}

fn health() -> Health {
    Health { head_seq: 300, now_ms: 1_795_000_000_000, time_unverified: true, disk_free_bytes: 1 << 33 }
}

fn from_hub() -> Vec<(&'static str, HubFrame<'static>)> {
    let hello = Hello {
        software: "outlet-hub 0.1.0".to_owned(),
        outlet: derived_id("outlet", "1"),
        head: cursor(),
        applied: vec![(DocumentKind::Menu, 12), (DocumentKind::Settings, 1)],
        health: health(),
    };
    let records = vec![
        Stored { version: 2, more: true, epoch: 2, body: b"one" },
        Stored { version: 2, more: false, epoch: 2, body: b"two" },
    ];
    let applied = |refused: Option<&str>| {
        HubFrame::Applied(Applied {
            kind: DocumentKind::Promotions,
            version: 3,
            refused: refused.map(str::to_owned),
        })
    };
    let figures = DayFigures {
        day: 20_779,
        upto: cursor(),
        orders: 312,
        cancelled: 4,
        total: 29_172_000,
        paid: 29_170_000,
    };
    vec![
        ("Hello", HubFrame::Hello(hello)),
        ("Batch", HubFrame::Batch(Batch { before: cursor(), records, last: [9; 32] })),
        ("Applied", applied(None)),
        ("AppliedRefused", applied(Some("unknown category"))),
        ("HubHeartbeat", HubFrame::Heartbeat(health())),
        ("Compare", HubFrame::Compare(figures)),
    ]
}

fn from_relay() -> Vec<(&'static str, RelayFrame<'static>)> {
    let welcome =
        Welcome { have: Cursor::START, credit: 2_000, heartbeat_ms: 15_000, now_ms: 1_795_000_000_000 };
    let refused = RelayFrame::Refused;
    let compared = Compared { day: 20_779, differs: Some("total".to_owned()), first_seq: Some(41) };
    vec![
        ("Welcome", RelayFrame::Welcome(welcome)),
        ("RefusedVersion", refused(Refused::Version { newest: 1 })),
        ("RefusedOtherOutlet", refused(Refused::OtherOutlet)),
        ("RefusedFenced", refused(Refused::Fenced { epoch: 3 })),
        ("RefusedDiverged", refused(Refused::Diverged { seq: 41 })),
        ("RefusedGap", refused(Refused::Gap { have: cursor() })),
        ("RefusedMalformed", refused(Refused::Malformed("no records".to_owned()))),
        ("RefusedBusy", refused(Refused::Busy { retry_ms: 5_000 })),
        ("RefusedRevoked", refused(Refused::Revoked)),
        ("Ack", RelayFrame::Ack { have: cursor(), credit: 2_000 }),
        ("Quarantined", RelayFrame::Quarantined { seq: 41, why: "it cannot be read".to_owned() }),
        (
            "Downlink",
            RelayFrame::Downlink(Downlink { kind: DocumentKind::Staff, version: 4, content: b"{}" }),
        ),
        ("RelayHeartbeat", RelayFrame::Heartbeat { now_ms: 1_795_000_000_000 }),
        ("Compared", RelayFrame::Compared(compared)),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

#[test]
fn every_kind_of_frame_is_sent_as_it_always_was() {
    let mut lines = String::new();
    for (name, frame) in from_hub() {
        let bytes = encode(&frame);
        assert_eq!(decode::<HubFrame<'_>>(&bytes, &mut Vec::new()).unwrap(), frame, "{name}");
        writeln!(lines, "{name} {}", hex(&bytes)).unwrap();
    }
    for (name, frame) in from_relay() {
        let bytes = encode(&frame);
        assert_eq!(decode::<RelayFrame<'_>>(&bytes, &mut Vec::new()).unwrap(), frame, "{name}");
        writeln!(lines, "{name} {}", hex(&bytes)).unwrap();
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(FILE, &lines).unwrap();
    }
    assert_eq!(std::fs::read_to_string(FILE).unwrap(), lines);
}

#[test]
fn a_batch_reckons_the_chain_from_the_record_before_it() {
    let one = Cursor::START.next(2, 1, b"one");
    let two = one.next(2, 2, b"two");
    let stored = |epoch, body| Stored { version: 2, more: false, epoch, body };
    let batch =
        Batch { before: Cursor::START, records: vec![stored(1, b"one"), stored(2, b"two")], last: two.hash };
    assert_eq!(batch.cursors().collect::<Vec<_>>(), [one, two]);
    assert_eq!((batch.last_seq(), two.epoch), (2, 2));
    assert_ne!(Cursor { hash: GENESIS, ..one }.next(2, 2, b"two").hash, two.hash);
    assert!(one.may_precede(2) && !one.may_precede(3) && !two.may_precede(1) && Cursor::START.may_precede(7));
}
