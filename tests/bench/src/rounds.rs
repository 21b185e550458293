//! What is measured in one round of one server.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::desk::Desk;
use crate::disk::Disk;
use crate::load::{self, Load, Seen};
use crate::orders::{Orders, RunId};
use crate::proc;
use crate::rest;
use crate::server::{Programs, Server, Side};
use crate::shop::CASHIER;

/// Tills that send, at any rate.
pub(crate) const TILLS: usize = 16;
/// A run number that no `Desk` comes to.
const REST_RUN: usize = 0xf00;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) rounds: usize,
    /// Starts of a server in a round, on each kind of data folder.
    pub(crate) starts: usize,
    /// How long a server is left alone before its memory is read.
    pub(crate) settle: Duration,
    pub(crate) few_screens: usize,
    pub(crate) many_screens: usize,
    /// Orders per second at which latency is measured.
    pub(crate) rate: f64,
    /// And at which the server's time is, too: as it was before the first line was written.
    pub(crate) calm_rate: f64,
    pub(crate) warm_seconds: f64,
    pub(crate) seconds: f64,
    /// How long a rate must be sustained; none where the highest is not searched.
    pub(crate) sustain_seconds: Option<f64>,
    /// Orders whose bytes on disk are counted, each way.
    pub(crate) disk_orders: usize,
    /// Orders in the folder on which a start is measured.
    pub(crate) existing_orders: usize,
    /// How long the views may take to reach the disk.
    pub(crate) checkpoint: Duration,
}

impl Plan {
    /// Everything, within six minutes on two cores.
    pub(crate) const FULL: Self = Self {
        rounds: 3,
        starts: 3,
        settle: Duration::from_secs(2),
        few_screens: 10,
        many_screens: 100,
        rate: 200.0,
        calm_rate: 100.0,
        warm_seconds: 1.0,
        seconds: 4.0,
        sustain_seconds: Some(3.0),
        disk_orders: 2_000,
        existing_orders: 5_000,
        checkpoint: Duration::from_millis(5_500),
    };

    /// Whether everything works, and nothing about how fast.
    pub(crate) const QUICK: Self = Self {
        rounds: 1,
        starts: 1,
        settle: Duration::from_millis(200),
        few_screens: 3,
        many_screens: 20,
        rate: 50.0,
        calm_rate: 50.0,
        warm_seconds: 0.2,
        seconds: 1.0,
        sustain_seconds: None,
        disk_orders: 160,
        existing_orders: 400,
        checkpoint: Duration::ZERO,
    };
}

/// Values of one figure of one side, a round each.
#[derive(Debug, Default)]
pub(crate) struct Figures(BTreeMap<(&'static str, &'static str), Vec<f64>>);

impl Figures {
    /// Keeps what a round has given.
    pub(crate) fn add(&mut self, figure: &'static str, side: Side, value: f64) {
        self.0.entry((figure, side.name())).or_default().push(value);
    }

    /// What the rounds gave.
    pub(crate) fn of(&self, figure: &str, side: Side) -> &[f64] {
        let found = self.0.iter().find(|((name, of), _)| *name == figure && *of == side.name());
        found.map_or(&[], |(_, values)| values)
    }

    /// Everything: figure, side, values.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'static str, &'static str, &[f64])> {
        self.0.iter().map(|((figure, side), values)| (*figure, *side, &values[..]))
    }
}

/// Measures.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) programs: Programs,
    pub(crate) plan: Plan,
    /// For the hub's data: on a real disk.
    pub(crate) scratch: PathBuf,
    pub(crate) orders: Arc<Orders>,
    /// Where its bytes are counted.
    pub(crate) disk: Disk,
    pub(crate) figures: Figures,
    /// What did not arrive, in words.
    pub(crate) faults: Vec<String>,
}

impl Bench {
    /// One round of one side.
    pub(crate) async fn round(&mut self, side: Side, round: usize) -> io::Result<()> {
        let empty = self.scratch.join(format!("{}-{round}", side.name()));
        self.starts(side, &empty, ["start_accept_ms", "start_answer_ms"], true)?;
        self.live(side, round, &fresh(&empty)?).await?;
        if side == Side::Hub {
            let kept = self.disk.dir().join(format!("kept-{round}"));
            self.written(&fresh(&kept)?).await?;
            self.starts(side, &kept, ["start_existing_accept_ms", "start_existing_answer_ms"], false)?;
            fs::remove_dir_all(&kept)?;
        }
        fs::remove_dir_all(&empty)
    }

    fn starts(
        &mut self,
        side: Side,
        dir: &Path,
        figures: [&'static str; 2],
        is_empty: bool,
    ) -> io::Result<()> {
        for _ in 0..self.plan.starts {
            if is_empty {
                fresh(dir)?;
            }
            let server = self.start(side, dir)?;
            self.figures.add(figures[0], side, server.accept_ms);
            self.figures.add(figures[1], side, server.answer_ms);
            server.stop()?;
        }
        Ok(())
    }

    fn start(&self, side: Side, dir: &Path) -> io::Result<Server> {
        if side == Side::Hub {
            Server::start_hub(&self.programs, dir)
        } else {
            Server::start_node(&self.programs)
        }
    }

    /// Memory, latency, the server's time, and the highest rate.
    async fn live(&mut self, side: Side, round: usize, dir: &Path) -> io::Result<()> {
        let plan = self.plan;
        let server = self.start(side, dir)?;
        let pid = server.pid();
        sleep(plan.settle).await;
        self.memory(side, pid, ["idle_rss_mb", "idle_pss_mb"])?;

        let mut desk = Desk::open(server.live, TILLS, &self.orders).await?;
        desk.set_screens(plan.many_screens).await?;
        sleep(plan.settle / 2).await;
        self.memory(side, pid, ["screens_rss_mb", "screens_pss_mb"])?;

        let (seconds, warm_seconds) = (plan.seconds + plan.warm_seconds, plan.warm_seconds);
        let calm = Load { rate: plan.calm_rate, seconds, warm_seconds };
        let calm = load::open_loop(&mut desk, pid, calm).await?;
        self.check(side, round, "100 orders/s", &calm);
        self.figures.add("calm_cpu_s", side, calm.cpu_per_10k());

        let load = Load { rate: plan.rate, seconds, warm_seconds };
        let many = load::open_loop(&mut desk, pid, load).await?;
        self.check(side, round, "many screens", &many);
        self.figures.add("many_p50_ms", side, many.p50_ms);
        self.figures.add("many_p99_ms", side, many.p99_ms);
        self.figures.add("many_cpu_s", side, many.cpu_per_10k());
        self.figures.add("client_cpu_share", side, many.client_cpu_s / many.wall_s);
        self.figures.add("late_ms_max", side, many.late_ms_max);
        self.figures.add("messages_per_delivery", side, many.messages as f64 / many.deliveries as f64);
        self.figures.add("bytes_per_delivery", side, many.bytes as f64 / many.deliveries as f64);
        self.memory(side, pid, ["burst_rss_mb", "burst_pss_mb"])?;

        desk.set_screens(plan.few_screens).await?;
        let few = load::open_loop(&mut desk, pid, load).await?;
        self.check(side, round, "few screens", &few);
        self.figures.add("few_p50_ms", side, few.p50_ms);
        self.figures.add("few_p99_ms", side, few.p99_ms);
        self.figures.add("few_cpu_s", side, few.cpu_per_10k());

        if let Some(seconds) = plan.sustain_seconds {
            self.highest(side, &mut desk, pid, seconds).await?;
        }
        if desk.unanswered > 0 {
            let fault = format!("{} wishes to subscribe were never answered", desk.unanswered);
            self.faults.push(format!("{}, round {}: {fault}", side.name(), round + 1));
        }
        drop(desk);
        server.stop()
    }

    async fn highest(&mut self, side: Side, desk: &mut Desk, pid: u32, seconds: f64) -> io::Result<()> {
        // Later rounds begin where the earlier ones ended.
        let before = self.figures.of("top_rate", side).iter().copied().fold(0.0, f64::max);
        let guess = if before > 0.0 { before } else { 500.0 };
        let found = load::highest(desk, pid, self.plan.many_screens, guess, seconds).await?;
        if let Some(best) = found {
            self.figures.add("top_rate", side, best.rate);
            self.figures.add("top_p99_ms", side, best.p99_ms);
            self.figures.add("top_orders_per_cpu_s", side, best.orders_per_cpu_s());
            self.figures.add("top_server_cores", side, best.server_cpu_s / best.wall_s);
            self.figures.add("top_client_cores", side, best.client_cpu_s / best.wall_s);
        }
        self.memory(side, pid, ["end_rss_mb", "end_pss_mb"])
    }

    /// What an order costs on disk, from tills that place them at once: by REST, then by the old event.
    async fn written(&mut self, dir: &Path) -> io::Result<()> {
        let plan = self.plan;
        let server = Server::start_hub(&self.programs, dir)?;
        let pid = server.pid();
        let token = rest::sign_in(server.http, CASHIER).await?;
        sleep(plan.checkpoint).await;
        let before = self.disk.written_bytes(pid)?;
        let took_s =
            rest::place(server.http, &token, TILLS, plan.disk_orders, &self.orders, RunId::new(REST_RUN))
                .await?;
        sleep(plan.checkpoint).await;
        let between = self.disk.written_bytes(pid)?;
        let orders = plan.disk_orders as f64;
        self.figures.add("rest_kb_per_order", Side::Hub, (between - before) as f64 / orders / 1_000.0);
        self.figures.add("rest_orders_per_s", Side::Hub, orders / took_s);

        let mut desk = Desk::open(server.live, TILLS, &self.orders).await?;
        let seen = load::closed_loop(&mut desk, plan.disk_orders).await?;
        self.check(Side::Hub, 0, "one at a time", &seen);
        sleep(plan.checkpoint).await;
        let after = self.disk.written_bytes(pid)?;
        self.figures.add("event_kb_per_order", Side::Hub, (after - between) as f64 / orders / 1_000.0);
        self.figures.add("event_orders_per_s", Side::Hub, orders / seen.wall_s);

        let more = plan.existing_orders.saturating_sub(2 * plan.disk_orders);
        let seen = load::closed_loop(&mut desk, more).await?;
        self.check(Side::Hub, 0, "the rest of a folder", &seen);
        drop(desk);
        server.stop()
    }

    fn memory(&mut self, side: Side, pid: u32, figures: [&'static str; 2]) -> io::Result<()> {
        let memory = proc::memory(pid)?;
        self.figures.add(figures[0], side, memory.rss as f64 / 1e6);
        self.figures.add(figures[1], side, memory.pss as f64 / 1e6);
        Ok(())
    }

    fn check(&mut self, side: Side, round: usize, what: &str, seen: &Seen) {
        if let Some(fault) = seen.fault() {
            self.faults.push(format!("{}, round {}, {what}: {fault}", side.name(), round + 1));
        }
    }
}

/// An empty folder.
fn fresh(dir: &Path) -> io::Result<PathBuf> {
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    fs::create_dir_all(dir)?;
    Ok(dir.to_owned())
}
