//! The life of one order: placed, cooked, eaten, paid, closed; or called off.
//!
//! Every move is legal by `OrderStatus::may_become`. A round at the table puts a served order back into preparation
//! by itself, so that its next move is `ready`, which is legal from either state.

use std::ops::RangeInclusive;

use fastrand::Rng;
use protocol::ids::Id;
use protocol::money::BasisPoints;
use protocol::order::{OrderStatus, OrderType};

use super::basket::{Line, Picker, chance, stamped_id, weighted};
use super::day::{Action, SHARE_WHOLE_BP, Step};

/// Of a thousand orders, how many are called off.
const CANCEL_PERMILLE: u32 = 10;
/// Of a thousand lines, how many are voided; a little more than 20, since some cannot be (the last, the prepaid).
const VOID_PERMILLE: u32 = 26;
/// Of a thousand tables of two or more, how many split the bill.
const SPLIT_PERMILLE: u32 = 130;
/// Most payments that a split makes.
const SPLIT_MAX: u32 = 4;

const VOID_REASONS: [&str; 4] = ["salah input", "tamu batal pesan", "bahan habis", "terlalu lama"];
const CANCEL_REASONS: [&str; 3] = ["tamu pulang", "pesanan ganda", "kurir membatalkan"];
const TABLE_NOTES: [&str; 3] =
    ["ulang tahun, tolong siapkan lilin", "perlu kursi bayi", "makanan keluar bersamaan"];
const DELIVERY_NOTES: [&str; 3] = ["titip di satpam lobi", "tanpa alat makan", "telepon kalau sudah dekat"];

/// What is decided about an order before it begins.
pub(super) struct Visit {
    /// Offset of its placing from the opening.
    pub(super) at_ms: i64,
    /// Unix time of the opening.
    pub(super) opening_ms: i64,
    /// How the guests eat.
    pub(super) order_type: OrderType,
    /// Where; empty unless at a table.
    pub(super) table: String,
    /// How many they are.
    pub(super) party: u32,
    /// How long the kitchen takes, in percent of a quiet hour.
    pub(super) pace_percent: i64,
}

/// All steps of one order, in time.
pub(super) fn tell(picker: &Picker<'_>, rng: &mut Rng, visit: Visit) -> Vec<Step> {
    let order = stamped_id(rng, visit.opening_ms + visit.at_ms);
    let at_ms = visit.at_ms;
    let mut story = Story { picker, rng, visit, order, at_ms, steps: Vec::new(), placed: 0, live: 0 };
    story.run();
    story.steps
}

struct Story<'a, 'm> {
    picker: &'a Picker<'m>,
    rng: &'a mut Rng,
    visit: Visit,
    order: Id,
    at_ms: i64,
    steps: Vec<Step>,
    /// Lines so far, and how many of them are not voided.
    placed: usize,
    live: usize,
}

impl Story<'_, '_> {
    fn run(&mut self) {
        let lines = self.place();
        if chance(self.rng, CANCEL_PERMILLE) {
            return self.call_off();
        }
        let at_table = self.visit.order_type == OrderType::DineIn;
        let prepaid = !at_table && chance(self.rng, 700);
        if prepaid {
            self.wait(8..=45);
            self.pay();
        }
        self.wait(2..=30);
        self.act(Action::Move(OrderStatus::Sent));
        self.wait(30..=150);
        self.act(Action::Move(OrderStatus::Preparing));
        self.cook(&lines, 0, !prepaid);
        if at_table {
            self.rounds();
            self.wait(600..=1_800);
        }
        if !prepaid {
            self.wait(20..=90);
            self.pay();
        }
        self.wait(20..=180);
        self.act(Action::Move(OrderStatus::Closed));
    }

    fn place(&mut self) -> Vec<Line> {
        let lines = self.picker.meal(self.rng, self.visit.party, self.unix_ms());
        let pool = match self.visit.order_type {
            OrderType::DineIn => Some((&TABLE_NOTES, 40)),
            OrderType::Delivery => Some((&DELIVERY_NOTES, 450)),
            OrderType::TakeAway => None,
        };
        let notes = match pool {
            Some((pool, permille)) if chance(self.rng, permille) => self.one_of(pool),
            _ => String::new(),
        };
        self.count(&lines);
        let (order_type, table) = (self.visit.order_type, self.visit.table.clone());
        self.act(Action::Place { order_type, table, notes, lines: lines.clone() });
        lines
    }

    fn call_off(&mut self) {
        self.wait(2..=30);
        self.act(Action::Move(OrderStatus::Sent));
        self.wait(60..=300);
        if self.rng.bool() {
            self.act(Action::Move(OrderStatus::Preparing));
            self.wait(30..=240);
        }
        let reason = self.one_of(&CANCEL_REASONS);
        self.act(Action::Cancel { reason });
    }

    /// From the stove to the table. `first` is the place of the first of `lines` in the order.
    fn cook(&mut self, lines: &[Line], first: usize, may_void: bool) {
        let mut slowest = 0;
        for (place, line) in (first..).zip(lines) {
            if may_void && self.live > 1 && chance(self.rng, VOID_PERMILLE) {
                self.wait(15..=80);
                let reason = self.one_of(&VOID_REASONS);
                self.act(Action::Void { line: place, reason });
                self.live -= 1;
                continue;
            }
            let seconds = self.rng.i64(cooking_s(self.picker.station(line.product)));
            slowest = slowest.max(seconds + i64::from(line.quantity - 1) * 20);
        }
        let seconds = slowest.max(30) * self.visit.pace_percent / 100;
        self.wait(seconds..=seconds + 30);
        self.act(Action::Move(OrderStatus::Ready));
        match self.visit.order_type {
            OrderType::DineIn => self.wait(15..=120),
            OrderType::TakeAway => self.wait(30..=480),
            OrderType::Delivery => self.wait(120..=720),
        }
        self.act(Action::Move(OrderStatus::Served));
    }

    fn rounds(&mut self) {
        let mut permille = if self.visit.party > 1 { 380 } else { 150 };
        while chance(self.rng, permille) {
            permille /= 4;
            self.wait(420..=1_200);
            let lines = self.picker.round(self.rng, self.visit.party, self.unix_ms());
            if lines.is_empty() {
                return;
            }
            let first = self.placed;
            self.count(&lines);
            self.act(Action::Round { lines: lines.clone() });
            self.wait(20..=120);
            self.cook(&lines, first, true);
        }
    }

    fn pay(&mut self) {
        let split = self.visit.order_type == OrderType::DineIn
            && self.visit.party > 1
            && chance(self.rng, SPLIT_PERMILLE);
        let payers = if split { self.rng.u32(2..=self.visit.party.min(SPLIT_MAX)) } else { 1 };
        for share_bp in shares(payers) {
            let method = self.method();
            self.act(Action::Pay { method, share_bp });
            self.wait(15..=50);
        }
    }

    fn method(&mut self) -> &'static str {
        let mix = match self.visit.order_type {
            OrderType::Delivery => [("cash", 25), ("qris", 70), ("card", 5)],
            OrderType::DineIn | OrderType::TakeAway => [("cash", 44), ("qris", 40), ("card", 16)],
        };
        weighted(self.rng, &mix, |(_, weight)| *weight).map_or("cash", |(method, _)| method)
    }

    fn count(&mut self, lines: &[Line]) {
        self.placed += lines.len();
        self.live += lines.len();
    }

    fn one_of(&mut self, words: &[&str]) -> String {
        self.rng.choice(words).copied().unwrap_or_default().to_owned()
    }

    fn wait(&mut self, seconds: RangeInclusive<i64>) {
        self.at_ms += self.rng.i64(seconds) * 1_000 + self.rng.i64(0..1_000);
    }

    fn unix_ms(&self) -> i64 {
        self.visit.opening_ms + self.at_ms
    }

    fn act(&mut self, action: Action) {
        self.steps.push(Step { at_ms: self.at_ms, order: self.order, action });
    }
}

/// Equal shares of a bill; the last carries what does not divide.
fn shares(payers: u32) -> impl Iterator<Item = BasisPoints> {
    let each = SHARE_WHOLE_BP / payers;
    (1..=payers).map(move |payer| if payer == payers { SHARE_WHOLE_BP - each * (payers - 1) } else { each })
}

/// How long a dish takes in a quiet hour, in seconds.
fn cooking_s(station: &str) -> RangeInclusive<i64> {
    match station {
        "bar" => 60..=240,
        "panggang" => 540..=1_080,
        _ => 300..=780,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_make_the_whole() {
        for payers in 1..=SPLIT_MAX {
            assert_eq!(shares(payers).count(), payers as usize);
            assert_eq!(shares(payers).sum::<BasisPoints>(), SHARE_WHOLE_BP);
        }
    }
}
