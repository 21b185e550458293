//! Random commands and faults against a model: whatever was acknowledged is there, whole and once, after anything.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use hub::ledger::recover::Found;
use hub::ledger::{Ledger, LedgerError, Outcome, OutcomeKind, Status};
use hub::views::State;
use hub::views::orders::refold;
use proptest::prelude::*;
use protocol::ids::Id;
use protocol::order::{Order, OrderStatus};

use crate::bench_outlet::{change, find, open, order_id, pay, place, set_up};
use crate::simdisk::SimDisk;

#[derive(Debug, Clone)]
enum Step {
    /// Commands given at once, so that they share barriers; the numbers pick orders.
    Burst(Vec<(u8, u8)>),
    /// The power is cut while they are carried out.
    Cut(u64, Vec<(u8, u8)>),
    /// The process is killed while they are carried out.
    Kill(Vec<(u8, u8)>),
    /// The disk has room for so many bytes more, during these.
    Full(u16, Vec<(u8, u8)>),
    /// The disk is read-only during these.
    ReadOnly(Vec<(u8, u8)>),
    /// So many barriers fail during these.
    Barriers(u8, Vec<(u8, u8)>),
}

fn commands() -> impl Strategy<Value = Vec<(u8, u8)>> {
    proptest::collection::vec((any::<u8>(), 0_u8..24), 1..24)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => commands().prop_map(Step::Burst),
        3 => (any::<u64>(), commands()).prop_map(|(seed, commands)| Step::Cut(seed, commands)),
        2 => commands().prop_map(Step::Kill),
        1 => (any::<u16>(), commands()).prop_map(|(room, commands)| Step::Full(room, commands)),
        1 => commands().prop_map(Step::ReadOnly),
        1 => (1_u8..4, commands()).prop_map(|(count, commands)| Step::Barriers(count, commands)),
    ];
    proptest::collection::vec(step, 1..12)
}

/// What was acknowledged: by order, the last record and the order as it was then.
type Acknowledged = HashMap<Id, (u64, Arc<Order>)>;

struct Outlet {
    disk: SimDisk,
    ledger: Ledger,
    acknowledged: Arc<Mutex<Acknowledged>>,
}

impl Outlet {
    fn new() -> Self {
        let disk = SimDisk::default();
        let ledger = open(&disk).unwrap();
        for request in set_up() {
            ledger.call_blocking(request, 0).unwrap();
        }
        Self { disk, ledger, acknowledged: Arc::default() }
    }

    /// Gives commands without waiting for their outcomes.
    fn give(&self, commands: &[(u8, u8)]) -> std::sync::mpsc::Receiver<Result<Outcome, LedgerError>> {
        let (sender, receiver) = std::sync::mpsc::channel();
        for (kind, at) in commands {
            let at = u32::from(*at);
            let request = match kind % 8 {
                0..=3 => place(at),
                4 => pay(at),
                5 => change(at, OrderStatus::Preparing),
                6 => change(at, OrderStatus::Ready),
                _ => change(at, OrderStatus::Served),
            };
            let (sender, acknowledged) = (sender.clone(), Arc::clone(&self.acknowledged));
            let reply = Box::new(move |result: Result<Outcome, LedgerError>| {
                if let Ok(Outcome { kind: OutcomeKind::New, seq, subject, order: Some(order), .. }) = &result
                {
                    acknowledged.lock().unwrap().insert(*subject, (*seq, Arc::clone(order)));
                }
                sender.send(result).ok();
            });
            self.ledger.submit(request, 100, reply);
        }
        receiver
    }

    /// Gives commands and waits for all of their outcomes.
    fn carry_out(&self, commands: &[(u8, u8)]) -> Vec<Result<Outcome, LedgerError>> {
        self.give(commands).into_iter().collect()
    }

    /// Starts again on what `after` makes of the disk, while commands are under way.
    fn restart(&mut self, commands: &[(u8, u8)], after: impl FnOnce(&SimDisk) -> SimDisk) {
        let outcomes = self.give(commands);
        // Half of the outcomes are awaited: the cut falls between two groups, or into one.
        for _ in 0..commands.len() / 2 {
            outcomes.recv().ok();
        }
        let known = self.acknowledged.lock().unwrap().clone();
        let disk = after(&self.disk);
        self.ledger.stop();
        self.disk = disk;
        self.ledger = open(&self.disk).unwrap();
        self.acknowledged = Arc::new(Mutex::new(known));
        self.check();
    }

    /// What a start would find. The writer may be cutting off what a failed barrier left: then it is looked at again.
    fn found(&self) -> (Found, State) {
        for _ in 0..1_000 {
            let (found, state) = find(&self.disk);
            if (state.cursor.seq, state.cursor.hash) == (found.end.seq, found.end.hash) {
                return (found, state);
            }
        }
        panic!("the ledger's end is never folded");
    }

    fn check(&self) {
        let (found, state) = self.found();
        assert_eq!(found.damage, Vec::new(), "a power cut is no damage");
        for (id, (seq, order)) in &*self.acknowledged.lock().unwrap() {
            let kept = state.orders.get(id).expect("an acknowledged order is gone");
            let seqs: Vec<u64> = kept.history.iter().copied().filter(|at| at <= seq).collect();
            let then = refold(&found.files, &seqs).unwrap().expect("an order without its records");
            assert_eq!(then, **order, "an acknowledged order has changed");
        }
        let mut receipts: Vec<u64> = state.orders.values().filter_map(|order| order.receipt_number).collect();
        receipts.sort_unstable();
        assert_eq!(
            receipts,
            (1..=receipts.len() as u64).collect::<Vec<_>>(),
            "receipts have a gap or a repeat"
        );
        let mut numbers: Vec<&str> = state.orders.values().map(|order| order.order_number.as_str()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), state.orders.len(), "two orders have one number");
    }

    /// Waits until a disk that was in trouble takes writes again: it is tried while requests come.
    fn heal(&self) {
        for _ in 0..1_000_000 {
            if self.ledger.status() == Status::Writable {
                return;
            }
            drop(self.ledger.call_blocking(place(1_000), 100));
        }
        panic!("the disk takes writes, and the ledger does not: {:?}", self.ledger.status());
    }
}

fn run(steps: &[Step]) {
    let mut outlet = Outlet::new();
    for step in steps {
        match step {
            Step::Burst(commands) => {
                outlet.carry_out(commands);
            }
            Step::Cut(seed, commands) => {
                let mut rng = fastrand::Rng::with_seed(*seed);
                outlet.restart(commands, |disk| disk.cut(&mut rng));
            }
            Step::Kill(commands) => outlet.restart(commands, SimDisk::after_kill),
            Step::Full(room, commands) => {
                outlet.disk.set_capacity(Some(outlet.disk.used() + u64::from(*room)));
                outlet.carry_out(commands);
                outlet.check();
                outlet.disk.set_capacity(None);
                outlet.restart(&[], SimDisk::after_kill);
            }
            Step::ReadOnly(commands) => {
                outlet.disk.set_read_only(true);
                for outcome in outlet.carry_out(commands) {
                    let is_new = outcome.is_ok_and(|outcome| outcome.kind == OutcomeKind::New);
                    assert!(!is_new, "something new on a disk that takes no writes");
                }
                outlet.disk.set_read_only(false);
                outlet.heal();
                outlet.check();
            }
            Step::Barriers(count, commands) => {
                outlet.disk.fail_barriers(u32::from(*count));
                outlet.carry_out(commands);
                outlet.disk.fail_barriers(0);
                outlet.heal();
                outlet.check();
            }
        }
    }
    outlet.ledger.stop();
    outlet.check();
}

/// As many as `LEDGER_CASES` says; a proof asks for thousands.
fn cases() -> u32 {
    std::env::var("LEDGER_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_acknowledged_survives_anything(steps in steps()) {
        run(&steps);
    }
}

#[test]
fn a_repeat_is_answered_as_before_and_other_content_is_refused() {
    let outlet = Outlet::new();
    let first = outlet.ledger.call_blocking(place(1), 0).unwrap();
    let again = outlet.ledger.call_blocking(place(1), 0).unwrap();
    assert_eq!((again.kind, again.seq, again.subject), (OutcomeKind::Repeat, first.seq, first.subject));
    let mut other = place(1);
    other.keys[0].content = [0xEE; 16];
    assert!(matches!(outlet.ledger.call_blocking(other, 0), Err(LedgerError::Refused(_))));
    assert_eq!(outlet.ledger.state().orders.len(), 1);
    assert!(outlet.ledger.state().orders.contains_key(&order_id(1)));
    outlet.ledger.stop();
}

#[test]
fn a_queue_that_is_full_says_so() {
    let outlet = Outlet::new();
    let (sender, receiver) = std::sync::mpsc::channel();
    let bytes = hub::ledger::QUEUE_BYTES / 2 + 1;
    for at in 0..8 {
        let sender = sender.clone();
        outlet.ledger.submit(place(at), bytes, Box::new(move |result| sender.send(result).unwrap()));
    }
    drop(sender);
    let outcomes: Vec<_> = receiver.into_iter().collect();
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Err(LedgerError::Busy))));
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(_) | Err(LedgerError::Busy))));
    assert_eq!(outlet.ledger.queued_bytes(), 0);
    outlet.ledger.stop();
}
