//! A till: sells one order after the other, and insists.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fastrand::Rng;
use hub::demo::basket::{Line, Picker, stamped_id};
use protocol::ids::Id;
use protocol::order::OrderStatus;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::journal::{Journal, MENU, Paid, Sale, line_json, order_json};
use crate::client::{Answer, Client};

/// How long a till waits before it asks again.
const AGAIN_AFTER: Duration = Duration::from_millis(15);
/// Far beyond what any reply takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// The time from which a till's new ids take theirs: now, so that they rise as they do in an outlet.
fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

/// What the tills do all week.
#[derive(Debug, Clone)]
pub struct Week {
    /// Only orders: no rounds, no moves, no payments.
    pub only_orders: bool,
    /// Notes of this many characters on every line, to fill a disk.
    pub note_chars: usize,
    /// Lines of every order, repeated up to this many; 0 for baskets as they are.
    pub lines_min: usize,
    /// Guests of an order, at most; each has a line or two.
    pub guests_max: u32,
    /// Of a hundred lost replies, after how many the till gives the order up, never to ask again.
    pub abandon_percent: u32,
    /// Of a hundred requests under an id, how many are sent by a till that does not wait for the reply, and asks again.
    pub hurry_percent: u32,
    /// How many orders all tills together sell at most.
    pub orders_max: usize,
}

impl Default for Week {
    fn default() -> Self {
        Self {
            only_orders: false,
            note_chars: 0,
            lines_min: 0,
            guests_max: 4,
            abandon_percent: 0,
            hurry_percent: 0,
            orders_max: usize::MAX,
        }
    }
}

/// Tills at work.
#[derive(Debug)]
pub struct Tills {
    /// What they have sold.
    pub journal: Journal,
    shared: Arc<Shared>,
    tasks: Vec<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    is_closed: AtomicBool,
    begun: AtomicUsize,
    lost: AtomicUsize,
    refused: Mutex<Vec<Answer>>,
}

impl Tills {
    /// Opens `count` tills; the same seed sells the same baskets.
    #[must_use]
    pub fn open(client: &Client, count: u64, seed: u64, week: &Week) -> Self {
        Self::open_with(client, count, seed, week, Journal::default())
    }

    /// The same, on a journal that has begun.
    #[must_use]
    pub fn open_with(client: &Client, count: u64, seed: u64, week: &Week, journal: Journal) -> Self {
        let shared = Arc::new(Shared::default());
        let tasks = (0..count)
            .map(|at| {
                let mut till = Till {
                    client: client.another(),
                    rng: Rng::with_seed(seed.wrapping_mul(1_000).wrapping_add(at)),
                    journal: journal.clone(),
                    week: week.clone(),
                    shared: Arc::clone(&shared),
                };
                tokio::spawn(async move { till.work().await })
            })
            .collect();
        Self { journal, shared, tasks }
    }

    /// Answers that sent a till away for a while.
    #[must_use]
    pub fn refused(&self) -> Vec<Answer> {
        self.shared.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replies that were lost.
    #[must_use]
    pub fn lost(&self) -> usize {
        self.shared.lost.load(Ordering::Relaxed)
    }

    /// No new orders; those in hand are finished. Panics where a till has.
    pub async fn close(&mut self) {
        self.shared.is_closed.store(true, Ordering::Relaxed);
        self.finish().await;
    }

    /// Waits until all that the week holds is sold.
    pub async fn finish(&mut self) {
        for task in self.tasks.drain(..) {
            task.await.expect("a till was refused something");
        }
    }

    /// The tills are switched off in the middle of whatever they do.
    pub fn switch_off(&mut self) {
        for task in self.tasks.drain(..) {
            task.abort();
        }
    }
}

impl Drop for Tills {
    fn drop(&mut self) {
        self.switch_off();
    }
}

/// One till.
#[derive(Debug)]
pub struct Till {
    client: Client,
    rng: Rng,
    journal: Journal,
    week: Week,
    shared: Arc<Shared>,
}

impl Till {
    async fn work(&mut self) {
        while !self.shared.is_closed.load(Ordering::Relaxed) {
            if self.shared.begun.fetch_add(1, Ordering::Relaxed) >= self.week.orders_max {
                return;
            }
            // Nothing more is to be done about an order that was given up.
            let _ = self.sell().await;
        }
    }

    /// One order from its placing to its end; none where it was given up.
    async fn sell(&mut self) -> Option<()> {
        let sale = self.new_sale();
        let (id, body) = (sale.id, order_json(&sale));
        self.journal.begin(sale.clone());
        self.insist(id, Method::POST, "/api/orders/", &body).await?;
        self.journal.note(id, |sale| sale.rounds_acked = 1);
        if self.week.only_orders {
            return Some(());
        }
        self.round(id).await?;
        self.void(id, &sale).await?;
        if self.rng.u32(..20) == 0 {
            self.journal.note(id, |sale| sale.is_cancelled = true);
            let path = format!("/api/orders/{id}/cancel/");
            self.insist(id, Method::POST, &path, &json!({"reason": "tamu pulang"})).await?;
            self.journal.note(id, |sale| sale.status_acked = OrderStatus::Cancelled);
            return Some(());
        }
        for status in [OrderStatus::Preparing, OrderStatus::Ready, OrderStatus::Served] {
            let path = format!("/api/orders/{id}/");
            self.insist(id, Method::PATCH, &path, &json!({"status": status.word()})).await?;
            self.journal.note(id, |sale| sale.status_acked = status);
        }
        self.pay(id).await?;
        // Served and paid: it must have closed by itself.
        self.journal.note(id, |sale| sale.status_acked = OrderStatus::Closed);
        Some(())
    }

    fn new_sale(&mut self) -> Sale {
        let rng = &mut self.rng;
        let picker = Picker::new(&MENU);
        let mut lines: Vec<Line> = picker.meal(rng, rng.clone().u32(1..=self.week.guests_max), now_ms());
        while lines.len() < self.week.lines_min {
            let again = Line { item: stamped_id(rng, now_ms()), ..lines[rng.usize(..lines.len())].clone() };
            lines.push(again);
        }
        if self.week.note_chars > 0 {
            // Four bytes each, so that few lines fill a disk; every one of them is a character.
            let mut picture = || char::from_u32(0x1_F300 + rng.u32(..0x200)).unwrap_or('x');
            for line in &mut lines {
                line.notes = std::iter::repeat_with(&mut picture).take(self.week.note_chars).collect();
            }
        }
        let is_at_table = rng.bool();
        Sale {
            id: stamped_id(rng, now_ms()),
            order_type: if is_at_table { "dine_in" } else { "take_away" },
            table: if is_at_table { rng.u32(1..40).to_string() } else { String::new() },
            notes: if rng.u32(..10) == 0 { "makanan keluar bersamaan".to_owned() } else { String::new() },
            rounds: vec![(Id::nil(), lines)],
            rounds_acked: 0,
            voids: Vec::new(),
            voids_acked: 0,
            payments: Vec::new(),
            payments_acked: 0,
            status_acked: OrderStatus::Open,
            is_cancelled: false,
            is_abandoned: false,
        }
    }

    async fn round(&mut self, order: Id) -> Option<()> {
        if self.rng.u32(..3) > 0 {
            return Some(());
        }
        let round = stamped_id(&mut self.rng, now_ms());
        let lines = Picker::new(&MENU).round(&mut self.rng, 2, now_ms());
        let items: Vec<Value> = lines.iter().map(line_json).collect();
        self.journal.note(order, |sale| sale.rounds.push((round, lines)));
        let path = format!("/api/orders/{order}/items/");
        self.insist(order, Method::POST, &path, &json!({"id": round, "items": items})).await?;
        self.journal.note(order, |sale| sale.rounds_acked += 1);
        Some(())
    }

    async fn void(&mut self, order: Id, sale: &Sale) -> Option<()> {
        let lines = &sale.rounds[0].1;
        if lines.len() < 2 || self.rng.u32(..6) > 0 {
            return Some(());
        }
        let item = lines[self.rng.usize(..lines.len())].item;
        self.journal.note(order, |sale| sale.voids.push(item));
        let path = format!("/api/order-items/{item}/void/");
        self.insist(order, Method::POST, &path, &json!({"reason": "salah input"})).await?;
        self.journal.note(order, |sale| sale.voids_acked += 1);
        Some(())
    }

    /// All at once, or in two parts by different tenders.
    async fn pay(&mut self, order: Id) -> Option<()> {
        let mut due = 0;
        self.journal.note(order, |sale| due = sale.bill(sale.rounds.len(), sale.voids.len()).total);
        let first = if self.rng.u32(..4) == 0 { due / 2 } else { due };
        let shares = [("cash", first), ("qris", due - first)];
        for (method, amount) in shares.into_iter().filter(|(_, amount)| *amount > 0) {
            let id = stamped_id(&mut self.rng, now_ms());
            self.journal.note(order, |sale| sale.payments.push(Paid { id, method, amount }));
            let body = json!({"id": id, "order": order, "method": method, "amount": amount});
            self.insist(order, Method::POST, "/api/payments/", &body).await?;
            self.journal.note(order, |sale| sale.payments_acked += 1);
        }
        Some(())
    }

    /// Asks until it is done. None where the reply was lost and the order is given up.
    async fn insist(&mut self, order: Id, method: Method, path: &str, body: &Value) -> Option<Answer> {
        loop {
            match self.ask(&method, path, body).await {
                Some(answer) if answer.status < 300 => return Some(answer),
                Some(answer) if matches!(answer.status, 503 | 507) => {
                    self.shared.refused.lock().unwrap_or_else(PoisonError::into_inner).push(answer);
                }
                Some(answer) => panic!("{method} {path} {body}: {} {}", answer.status, answer.text),
                None => {
                    self.shared.lost.fetch_add(1, Ordering::Relaxed);
                    if self.rng.u32(..100) < self.week.abandon_percent {
                        self.journal.note(order, |sale| sale.is_abandoned = true);
                        return None;
                    }
                }
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }

    /// Asks once. None where the reply was lost, or not waited for: then the hub may have done what was asked.
    async fn ask(&mut self, method: &Method, path: &str, body: &Value) -> Option<Answer> {
        // A move has no id: a late repeat of it would step back.
        let hurries = *method == Method::POST && self.rng.u32(..100) < self.week.hurry_percent;
        let patience = if hurries { Duration::from_micros(self.rng.u64(200..6_000)) } else { PATIENCE };
        let asked = self.client.try_json(method.clone(), path, body);
        timeout(patience, asked).await.ok()?.ok()
    }
}
