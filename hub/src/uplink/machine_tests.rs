//! The machine by a table, and by lot against a relay that does everything a relay may.

use protocol::chain::Cursor;
use protocol::frame::{Refused, RelayFrame, Welcome};

use super::machine::{Input, Machine, Output, Trouble};

/// A ledger in which a record's hash tells its number and who wrote it.
fn at(epoch: u32, seq: u64) -> Cursor {
    let mut hash = [epoch as u8; 32];
    hash[..8].copy_from_slice(&seq.to_le_bytes());
    if seq == 0 { Cursor::START } else { Cursor { epoch, seq, hash } }
}

fn welcome(have: Cursor) -> RelayFrame<'static> {
    RelayFrame::Welcome(Welcome { have, credit: 1_000, heartbeat_ms: 15_000, now_ms: 0 })
}

fn ack(have: Cursor) -> RelayFrame<'static> {
    RelayFrame::Ack { have, credit: 1_000 }
}

/// A machine that has just said hello.
fn greeted(head: Cursor) -> Machine {
    let mut machine = Machine::new(head, Cursor::START, 1, 0);
    assert_eq!(machine.on(0, Input::Tick), [Output::Connect]);
    assert_eq!(machine.on(5, Input::Connected), [Output::Hello]);
    machine
}

#[test]
fn records_go_up_from_where_the_relay_is_and_no_further_than_it_allows() {
    let mut machine = greeted(at(1, 5_000));
    let hello = welcome(at(1, 100));
    assert_eq!(machine.on(10, Input::Heard(&hello)), [Output::Find(100)]);
    let first = machine.on(11, Input::Found(Some(at(1, 100))));
    assert_eq!(first, [Output::Forward { after: at(1, 100), records_max: 500 }]);
    // The next waits for its turn, not for the acknowledgement.
    assert_eq!(machine.on(12, Input::Forwarded(Some(at(1, 600)))), []);
    let due_ms = machine.wake_ms().unwrap();
    let second = machine.on(due_ms, Input::Tick);
    assert_eq!(second, [Output::Forward { after: at(1, 600), records_max: 500 }]);
    assert_eq!(machine.on(40, Input::Forwarded(Some(at(1, 1_100)))), []);
    // A thousand are on their way: that is all the credit there is.
    assert_eq!(machine.on(100, Input::Tick), []);
    let some = ack(at(1, 350));
    let third = machine.on(101, Input::Heard(&some));
    assert_eq!(third, [Output::Forward { after: at(1, 1_100), records_max: 250 }]);
    assert_eq!(machine.have(), Some(at(1, 350)));
}

#[test]
fn a_new_relay_gets_everything_and_a_new_record_goes_at_once() {
    let mut machine = greeted(at(1, 2));
    let (hello, all) = (welcome(Cursor::START), ack(at(1, 2)));
    let first = machine.on(10, Input::Heard(&hello));
    assert_eq!(first, [Output::Forward { after: Cursor::START, records_max: 2 }]);
    assert_eq!(machine.on(11, Input::Forwarded(Some(at(1, 2)))), []);
    assert_eq!(machine.on(12, Input::Heard(&all)), []);
    let next = machine.on(9_000, Input::Head(at(1, 3)));
    assert_eq!(next, [Output::Forward { after: at(1, 2), records_max: 1 }]);
}

#[test]
fn what_stops_the_uplink_is_told_by_name() {
    let found_wrong = Cursor { hash: [9; 32], ..at(1, 7) };
    for (head, fork, have, found, trouble) in [
        (at(1, 9), Cursor::START, at(1, 7), Some(found_wrong), Trouble::Diverged(7)),
        (at(1, 5), Cursor::START, at(1, 7), None, Trouble::Behind(7)),
        (at(1, 9), Cursor::START, at(2, 7), Some(at(1, 7)), Trouble::Fenced(2)),
    ] {
        let mut machine = Machine::new(head, fork, 1, 0);
        machine.on(0, Input::Tick);
        machine.on(1, Input::Connected);
        let hello = welcome(have);
        machine.on(2, Input::Heard(&hello));
        assert_eq!(machine.on(3, Input::Found(found)), [Output::Close], "{trouble:?}");
        assert_eq!(machine.trouble(), Some(&trouble));
        assert!(!machine.is_connected());
    }
    for (refused, is_stopped) in [
        (Refused::Revoked, true),
        (Refused::OtherOutlet, true),
        (Refused::Fenced { epoch: 4 }, true),
        (Refused::Diverged { seq: 3 }, false),
        (Refused::Version { newest: 0 }, false),
        (Refused::Busy { retry_ms: 5_000 }, false),
    ] {
        let mut machine = greeted(at(1, 9));
        let frame = RelayFrame::Refused(refused);
        assert_eq!(machine.on(10, Input::Heard(&frame)), [Output::Close]);
        assert_eq!(machine.is_stopped(), is_stopped, "{frame:?}");
        assert_eq!(machine.wake_ms().is_none(), is_stopped);
        // Nothing that comes late wakes it.
        assert_eq!(machine.on(20, Input::Closed("gone".to_owned())), []);
    }
}

#[test]
fn a_restored_ledger_goes_on_from_where_its_epoch_begins() {
    // The relay has more of the epoch before than the backup had.
    let mut machine = Machine::new(at(2, 12), at(1, 10), 1, 0);
    machine.on(0, Input::Tick);
    machine.on(1, Input::Connected);
    let hello = welcome(at(1, 30));
    machine.on(2, Input::Heard(&hello));
    let first = machine.on(3, Input::Found(None));
    assert_eq!(first, [Output::Forward { after: at(1, 10), records_max: 2 }]);
}

#[test]
fn a_silent_relay_is_left_and_tried_again_later_each_time() {
    let mut machine = greeted(at(1, 9));
    let hello = welcome(at(1, 9));
    machine.on(10, Input::Heard(&hello));
    machine.on(11, Input::Found(Some(at(1, 9))));
    assert_eq!(machine.on(15_005, Input::Tick), [Output::Heartbeat]);
    assert_eq!(machine.on(30_009, Input::Tick), [Output::Heartbeat]);
    assert_eq!(machine.on(30_010, Input::Tick), [Output::Close]);
    let mut now_ms = 30_010;
    let mut waits = Vec::new();
    for _ in 0..10 {
        let due_ms = machine.wake_ms().unwrap();
        waits.push(due_ms - now_ms);
        assert_eq!(machine.on(due_ms, Input::Tick), [Output::Connect]);
        assert_eq!(machine.on(due_ms, Input::Closed("refused".to_owned())), []);
        now_ms = due_ms;
    }
    assert!(waits[0] <= 1_000 && waits[9] >= 30_000 && waits.iter().all(|wait| *wait <= 60_000), "{waits:?}");
}

#[test]
fn an_acknowledgement_of_what_was_not_sent_ends_the_connection() {
    for wrong in [at(1, 8), Cursor { hash: [9; 32], ..at(1, 5) }, at(1, 1)] {
        let mut machine = greeted(at(1, 9));
        let hello = welcome(at(1, 3));
        machine.on(10, Input::Heard(&hello));
        machine.on(11, Input::Found(Some(at(1, 3))));
        machine.on(12, Input::Forwarded(Some(at(1, 5))));
        let frame = ack(wrong);
        assert_eq!(machine.on(13, Input::Heard(&frame)), [Output::Close], "{wrong:?}");
        assert!(matches!(machine.trouble(), Some(Trouble::Malformed(_))));
    }
}

/// A relay, a network and a disk that do by lot whatever they may do. Whatever comes, the relay ends with the hub's records, each once and in order.
#[test]
fn by_lot_everything_arrives_once_and_in_order() {
    for seed in 0..1_000 {
        World::new(seed).play();
    }
}

struct World {
    lots: fastrand::Rng,
    machine: Machine,
    now_ms: u64,
    head: u64,
    /// Numbers that the relay has committed: always 1, 2, 3 …
    stored: Vec<u64>,
    /// Batches on their way: the record before, and the last.
    wire: Vec<(u64, u64)>,
    /// What the relay has said and the hub has not heard.
    back: Vec<RelayFrame<'static>>,
    connected: bool,
    todo: Vec<Output>,
}

const RECORDS: u64 = 4_000;

impl World {
    fn new(seed: u64) -> Self {
        let mut lots = fastrand::Rng::with_seed(seed);
        let head = lots.u64(0..2_000);
        let stored = (1..=lots.u64(0..=head)).collect();
        let machine = Machine::new(at(1, head), Cursor::START, seed, 0);
        let (wire, back, todo) = (Vec::new(), Vec::new(), Vec::new());
        Self { lots, machine, now_ms: 0, head, stored, wire, back, connected: false, todo }
    }

    fn play(&mut self) {
        for step in 0.. {
            assert!(step < 40_000, "it does not come to an end: {:?}", self.machine);
            // What goes wrong ends at some time; then everything must arrive.
            let is_calm = step > 400;
            if is_calm && self.stored.len() as u64 == RECORDS && self.head == RECORDS {
                return;
            }
            self.head = if is_calm { RECORDS } else { (self.head + self.lots.u64(0..40)).min(RECORDS) };
            self.step(is_calm);
        }
    }

    fn step(&mut self, is_calm: bool) {
        let head = at(1, self.head);
        self.on(Input::Head(head));
        if !self.todo.is_empty() {
            let output = self.todo.remove(0);
            self.carry_out(output, is_calm);
            return;
        }
        match self.lots.u8(0..10) {
            0 if !is_calm && self.connected => self.hang_up(),
            1..=4 if !self.wire.is_empty() => self.relay_takes(),
            5..=8 if !self.back.is_empty() => {
                let frame = self.back.remove(0);
                self.on(Input::Heard(&frame));
            }
            _ => {
                let due_ms = self.machine.wake_ms().unwrap_or(self.now_ms);
                self.now_ms = self.now_ms.max(due_ms.min(self.now_ms + 5_000));
                self.on(Input::Tick);
            }
        }
    }

    fn on(&mut self, input: Input<'_>) {
        let outputs = self.machine.on(self.now_ms, input);
        self.todo.extend(outputs);
    }

    fn hang_up(&mut self) {
        // What was on its way may still arrive, whole batches of it, in order.
        let arrived = self.lots.usize(0..=self.wire.len());
        for _ in 0..arrived {
            self.relay_takes();
        }
        (self.connected, self.wire, self.back) = (false, Vec::new(), Vec::new());
        self.on(Input::Closed("lost".to_owned()));
    }

    fn carry_out(&mut self, output: Output, is_calm: bool) {
        match output {
            Output::Connect if is_calm || self.lots.u8(0..3) > 0 => {
                self.connected = true;
                self.on(Input::Connected);
            }
            Output::Connect => self.on(Input::Closed("refused".to_owned())),
            Output::Close => (self.connected, self.wire, self.back) = (false, Vec::new(), Vec::new()),
            Output::Hello if self.connected => self.back.push(welcome(at(1, self.stored.len() as u64))),
            Output::Hello | Output::Heartbeat => {}
            Output::Find(seq) => self.on(Input::Found((seq <= self.head).then(|| at(1, seq)))),
            Output::Forward { after, records_max } => {
                assert!(records_max <= 500 && after.seq < self.head);
                let most = (after.seq + records_max as u64).min(self.head);
                let last = if is_calm { most } else { self.lots.u64(after.seq + 1..=most) };
                if self.connected {
                    self.wire.push((after.seq, last));
                }
                self.on(Input::Forwarded(Some(at(1, last))));
            }
        }
    }

    fn relay_takes(&mut self) {
        let (before, last) = self.wire.remove(0);
        let have = self.stored.len() as u64;
        assert!(before <= have, "a gap: {before} after {have}");
        self.stored.extend(have + 1..=last);
        assert!(self.stored.iter().zip(1..).all(|(stored, number)| *stored == number));
        self.back.push(ack(at(1, self.stored.len() as u64)));
    }
}
