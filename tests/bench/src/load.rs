//! Loads: orders at a fixed rate, orders one after the other from each till, and the search for the highest rate.
//!
//! At a fixed rate nobody waits for anybody: an order is due when it is due, however slow the server is, and its latency
//! counts from that moment, so that a server that stalls is not spared the orders that it held up.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::desk::Desk;
use crate::proc;
use crate::wire::Connection;

/// Between giving a load and its first order.
const LEAD: Duration = Duration::from_millis(20);
/// A rate is sustained where all deliveries arrive and 99 of 100 do within this.
const SUSTAINED_P99_MS: f64 = 250.0;
/// How long deliveries may come after the last order is due.
const DRAIN_WITHIN: Duration = Duration::from_secs(8);
/// How much a rate is raised while it is sustained.
const RAISE: f64 = 1.6;
/// The search ends where the rate that is sustained and the one that is not are this close.
const CLOSE: f64 = 1.1;
/// Most steps of a search.
const STEPS_MAX: usize = 9;

/// A load at a fixed rate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// Orders per second, of all tills together.
    pub(crate) rate: f64,
    /// How long.
    pub(crate) seconds: f64,
    /// Of which the first are not looked at for their latency.
    pub(crate) warm_seconds: f64,
}

/// What a load did.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub(crate) rate: f64,
    pub(crate) orders: usize,
    pub(crate) deliveries: u64,
    pub(crate) missing: u64,
    pub(crate) unacked: usize,
    pub(crate) lost: usize,
    pub(crate) refused: usize,
    pub(crate) refusal: String,
    /// An order was heard more than once, or not by all.
    pub(crate) is_inexact: bool,
    pub(crate) messages: u64,
    pub(crate) bytes: u64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) server_cpu_s: f64,
    pub(crate) client_cpu_s: f64,
    pub(crate) wall_s: f64,
    /// How late the load itself was at its worst.
    pub(crate) late_ms_max: f64,
}

impl Seen {
    /// What is wrong with it, if anything: everything must have arrived, once.
    pub(crate) fn fault(&self) -> Option<String> {
        let whole = self.missing == 0 && self.unacked == 0 && self.refused == 0 && self.lost == 0;
        if whole && !self.is_inexact {
            return None;
        }
        Some(format!(
            "of {} orders {} deliveries and {} acknowledgements are missing, {} were refused, {} connections were \
             lost{} {}",
            self.orders,
            self.missing,
            self.unacked,
            self.refused,
            self.lost,
            if self.is_inexact { ", and some were heard twice or not by all" } else { "" },
            self.refusal,
        ))
    }

    fn is_sustained(&self) -> bool {
        self.fault().is_none() && self.p99_ms < SUSTAINED_P99_MS
    }

    /// CPU-seconds of the server for 10,000 orders that reached a screen.
    pub(crate) fn cpu_per_10k(&self) -> f64 {
        self.server_cpu_s / self.deliveries as f64 * 10_000.0
    }

    /// Orders for each second of CPU that the server took.
    pub(crate) fn orders_per_cpu_s(&self) -> f64 {
        self.orders as f64 / self.server_cpu_s
    }
}

/// Sends orders at a fixed rate to all screens, and waits until they have come.
pub(crate) async fn open_loop(desk: &mut Desk, pid: u32, load: Load) -> io::Result<Seen> {
    let orders = (load.rate * load.seconds).round() as usize;
    let warm = (load.rate * load.warm_seconds).round() as usize;
    let period = Duration::from_secs_f64(1.0 / load.rate);
    let (server_cpu, client_cpu) = (proc::cpu_seconds(pid)?, proc::cpu_seconds(std::process::id())?);
    let start = Instant::now() + LEAD;
    let run = desk.begin(orders, warm, start, period);
    let is_over = Arc::new(AtomicBool::new(false));
    let sender = {
        let (tills, made, is_over) = (desk.tills.clone(), Arc::clone(&desk.orders), Arc::clone(&is_over));
        std::thread::spawn(move || {
            pace(&tills, start, period, orders, &is_over, |index| made.frame(run, index))
        })
    };
    let within = LEAD + period * orders as u32 + DRAIN_WITHIN;
    desk.until(within, |tally| tally.is_complete() || tally.lost > 0).await;
    let wall_s = start.elapsed().as_secs_f64();
    is_over.store(true, Ordering::Relaxed);
    let late = sender.join().map_err(|_| io::Error::other("the load's sender has panicked"))?;
    let server_cpu_s = proc::cpu_seconds(pid)? - server_cpu;
    let client_cpu_s = proc::cpu_seconds(std::process::id())? - client_cpu;
    let seen = Seen { rate: load.rate, server_cpu_s, client_cpu_s, wall_s, ..read(desk) };
    Ok(Seen { late_ms_max: late.as_secs_f64() * 1_000.0, ..seen })
}

/// Sends each order when it is due; answers how late the latest was.
fn pace(
    tills: &[Arc<Connection>],
    start: Instant,
    period: Duration,
    orders: usize,
    is_over: &AtomicBool,
    frame: impl Fn(usize) -> Vec<u8>,
) -> Duration {
    let mut latest = Duration::ZERO;
    for index in 0..orders {
        let due = start + period * index as u32;
        loop {
            let now = Instant::now();
            if now >= due {
                latest = latest.max(now - due);
                break;
            }
            // The kernel's timer is finer than the runtime's, which counts in milliseconds.
            std::thread::park_timeout(due - now);
        }
        // A connection that the server has ended is seen by its reader.
        if is_over.load(Ordering::Relaxed) || tills[index % tills.len()].send(&frame(index)).is_err() {
            break;
        }
    }
    latest
}

/// Each till sends an order when its last one was acknowledged.
pub(crate) async fn closed_loop(desk: &mut Desk, orders: usize) -> io::Result<Seen> {
    let start = Instant::now();
    let run = desk.begin(orders, 0, start, Duration::ZERO);
    let tasks: Vec<_> = desk
        .tills
        .iter()
        .enumerate()
        .map(|(first, till)| {
            let (till, made, tills) = (Arc::clone(till), Arc::clone(&desk.orders), desk.tills.len());
            tokio::spawn(async move {
                for index in (first..orders).step_by(tills) {
                    till.send(&made.frame(run, index))?;
                    till.acked.notified().await;
                }
                io::Result::Ok(())
            })
        })
        .collect();
    desk.until(Duration::from_secs(30), |tally| tally.is_complete() || tally.lost > 0 || tally.refused > 0)
        .await;
    tasks.iter().for_each(tokio::task::JoinHandle::abort);
    Ok(Seen { wall_s: start.elapsed().as_secs_f64(), ..read(desk) })
}

fn read(desk: &Desk) -> Seen {
    let tally = desk.tally();
    let Some(run) = &tally.run else { return Seen::default() };
    Seen {
        orders: run.heard.len(),
        deliveries: run.deliveries,
        missing: run.missing(),
        unacked: run.heard.len().saturating_sub(run.acked),
        lost: tally.lost,
        refused: tally.refused,
        refusal: tally.first_refusal.clone(),
        is_inexact: !run.is_exact(),
        messages: tally.messages,
        bytes: tally.bytes,
        p50_ms: run.latency.quantile_ms(0.50),
        p99_ms: run.latency.quantile_ms(0.99),
        ..Seen::default()
    }
}

/// Finds the highest rate that is sustained, beginning at a guess. The steps are geometric; what is answered is the highest
/// that was, and where none was, nothing.
pub(crate) async fn highest(
    desk: &mut Desk,
    pid: u32,
    screens: usize,
    guess: f64,
    seconds: f64,
) -> io::Result<Option<Seen>> {
    let mut best: Option<Seen> = None;
    let mut refused: Option<f64> = None;
    let mut rate = guess;
    for _ in 0..STEPS_MAX {
        desk.set_screens(screens).await?;
        // The first second of each step is the change from the step before.
        let load = Load { rate, seconds: seconds + 1.0, warm_seconds: 1.0 };
        let seen = open_loop(desk, pid, load).await?;
        if seen.is_sustained() {
            best = Some(seen);
        } else {
            refused = Some(rate);
        }
        rate = match (&best, refused) {
            (Some(best), None) => best.rate * RAISE,
            (None, Some(refused)) => refused / RAISE,
            (Some(best), Some(refused)) if refused / best.rate > CLOSE => (best.rate * refused).sqrt(),
            _ => break,
        };
    }
    Ok(best)
}
