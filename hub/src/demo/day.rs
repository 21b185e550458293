//! A day of an outlet that opens from 10.00 to 22.00: lunch from 11.30 to 13.30 and dinner from 18.30 to 20.30 are
//! full, the hours between are quiet, and the last order is taken at 21.30.
//!
//! Promises: the same menu, seed and options give the same steps; steps are sorted by time; every order's moves are
//! legal; nothing sold out is ordered; no table has two parties at once; the shares of an order's payments make the
//! whole bill. Guests who came late leave after closing, so the last steps lie past 22.00.

use fastrand::Rng;
use protocol::ids::Id;
use protocol::money::BasisPoints;
use protocol::order::{OrderStatus, OrderType};

pub use super::basket::{Line, basket};
use super::basket::{Picker, chance, party, weighted};
use super::menu::Menu;
use super::story::{self, Visit};

/// Minute of the local day at which the outlet opens: 10.00.
pub const OPENS_MINUTE: i64 = 600;
/// Minute of the local day after which no order is taken: 21.30.
pub const LAST_ORDER_MINUTE: i64 = 1_290;
/// All of a bill, in the unit of `Action::Pay`.
pub const SHARE_WHOLE_BP: BasisPoints = 10_000;
/// 2026-11-21, a Saturday, 10.00 in Jakarta.
pub const OPENING_MS_DEFAULT: i64 = 1_795_230_000_000;
/// Most orders of one generated day; beyond it is a load test, which has `basket`.
pub const ORDERS_MAX: usize = 20_000;

const MINUTE_MS: i64 = 60_000;
/// How full the house is by minute of the day, straight between the points; 100 is an ordinary hour.
const DEMAND: [(i64, i64); 15] = [
    (600, 25),
    (660, 60),
    (690, 200),
    (720, 310),
    (780, 300),
    (810, 160),
    (840, 70),
    (900, 40),
    (1_000, 45),
    (1_080, 130),
    (1_110, 240),
    (1_140, 320),
    (1_200, 300),
    (1_230, 170),
    (1_290, 30),
];
/// Order types with how many in a hundred are of it.
const TYPES: [(OrderType, u32); 3] =
    [(OrderType::DineIn, 62), (OrderType::TakeAway, 22), (OrderType::Delivery, 16)];

/// What kind of day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayOptions {
    /// How many orders are placed; at most `ORDERS_MAX`.
    pub orders: usize,
    /// How many tables there are, named `1` and up. Who finds none takes the food away.
    pub tables: u32,
    /// Unix time of the opening in milliseconds, from which ids take their time.
    pub opening_ms: i64,
}

impl Default for DayOptions {
    fn default() -> Self {
        Self { orders: 400, tables: 36, opening_ms: OPENING_MS_DEFAULT }
    }
}

/// Something that happens to an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When, in milliseconds from the day's opening.
    pub at_ms: i64,
    /// Which order.
    pub order: Id,
    /// What.
    pub action: Action,
}

/// What happens to an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// It begins, and is open.
    Place {
        /// How the guests eat.
        order_type: OrderType,
        /// Where; empty unless at a table.
        table: String,
        /// For everybody; mostly empty.
        notes: String,
        /// What they order.
        lines: Vec<Line>,
    },
    /// More is ordered at the table. A served order is in preparation again.
    Round {
        /// What they order; counted on from the lines before.
        lines: Vec<Line>,
    },
    /// A line is called off.
    Void {
        /// Which, counted from 0 over all lines of the order as they came.
        line: usize,
        /// Why.
        reason: String,
    },
    /// It moves to that state.
    Move(OrderStatus),
    /// Someone pays.
    Pay {
        /// `cash`, `qris` or `card`.
        method: &'static str,
        /// How much of the bill, of `SHARE_WHOLE_BP`. The last payment settles whatever is still due.
        share_bp: BasisPoints,
    },
    /// The whole order is called off.
    Cancel {
        /// Why.
        reason: String,
    },
}

/// A day's steps, sorted by time. No orders come where nothing on the menu is available.
#[must_use]
pub fn day(menu: &Menu, seed: u64, options: &DayOptions) -> Vec<Step> {
    let mut rng = Rng::with_seed(seed);
    let picker = Picker::new(menu);
    if picker.meal(&mut rng, 1, options.opening_ms).is_empty() {
        return Vec::new();
    }
    let orders = options.orders.min(ORDERS_MAX);
    let mut arrivals: Vec<i64> = (0..orders).map(|_| arrival_ms(&mut rng)).collect();
    arrivals.sort_unstable();
    let mut tables = vec![i64::MIN; options.tables as usize];
    let mut steps = Vec::with_capacity(orders * 8);
    for at_ms in arrivals {
        let wanted = weighted(&mut rng, &TYPES, |(_, weight)| *weight).map_or(OrderType::DineIn, |it| it.0);
        let seat = if wanted == OrderType::DineIn { free_table(&mut rng, &tables, at_ms) } else { None };
        let order_type =
            if wanted == OrderType::DineIn && seat.is_none() { OrderType::TakeAway } else { wanted };
        let visit = Visit {
            at_ms,
            opening_ms: options.opening_ms,
            order_type,
            table: seat.map(|seat| (seat + 1).to_string()).unwrap_or_default(),
            party: party(&mut rng, order_type),
            pace_percent: 80 + demand(OPENS_MINUTE + at_ms / MINUTE_MS) / 5,
        };
        let told = story::tell(&picker, &mut rng, visit);
        if let (Some(seat), Some(last)) = (seat, told.last()) {
            tables[seat] = last.at_ms;
        }
        steps.extend(told);
    }
    // Stable: steps of one order at the same moment keep their order.
    steps.sort_by_key(|step| step.at_ms);
    steps
}

/// A moment of the day, as likely as the house is full.
fn arrival_ms(rng: &mut Rng) -> i64 {
    let fullest = DEMAND.iter().map(|point| point.1).max().unwrap_or(1);
    loop {
        let at_ms = rng.i64(0..(LAST_ORDER_MINUTE - OPENS_MINUTE) * MINUTE_MS);
        if rng.i64(0..fullest) < demand(OPENS_MINUTE + at_ms / MINUTE_MS) {
            return at_ms;
        }
    }
}

fn demand(minute: i64) -> i64 {
    DEMAND.windows(2).find(|pair| (pair[0].0..=pair[1].0).contains(&minute)).map_or(0, |pair| {
        pair[0].1 + (pair[1].1 - pair[0].1) * (minute - pair[0].0) / (pair[1].0 - pair[0].0)
    })
}

/// A table whose last guests have left, if there is one.
fn free_table(rng: &mut Rng, tables: &[i64], at_ms: i64) -> Option<usize> {
    let free: Vec<usize> = (0..tables.len()).filter(|seat| tables[*seat] < at_ms).collect();
    // Regulars like the first tables, by the window.
    let near = free.len().div_ceil(3);
    if chance(rng, 400) { rng.choice(free.into_iter().take(near)) } else { rng.choice(free) }
}

#[cfg(test)]
#[path = "day_tests.rs"]
mod tests;
