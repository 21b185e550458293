//! The table: each figure of the hub beside Node's, their ratio, and whether the aim is met.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::rounds::Figures;
use crate::server::Side;
use crate::stats::median;

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
enum Aim {
    None,
    /// The hub's divided by Node's, at most.
    RatioMost(f64),
    /// The same, at least.
    RatioLeast(f64),
    /// The hub's own, at most.
    Most(f64),
}

/// A line of the table.
#[derive(Debug)]
struct Row {
    title: &'static str,
    figure: &'static str,
    unit: &'static str,
    digits: usize,
    aim: Aim,
}

const fn row(title: &'static str, figure: &'static str, unit: &'static str, digits: usize, aim: Aim) -> Row {
    Row { title, figure, unit, digits, aim }
}

const ROWS: [Row; 27] = [
    row("Fan-out p50, 10 screens, 200 orders/s", "few_p50_ms", "ms", 2, Aim::None),
    row("Fan-out p99, 10 screens, 200 orders/s", "few_p99_ms", "ms", 2, Aim::RatioMost(1.0)),
    row("Fan-out p50, 100 screens, 200 orders/s", "many_p50_ms", "ms", 2, Aim::None),
    row("Fan-out p99, 100 screens, 200 orders/s", "many_p99_ms", "ms", 2, Aim::RatioMost(1.0)),
    row("CPU per 10,000 deliveries, 100 screens, 100 orders/s", "calm_cpu_s", "s", 3, Aim::RatioMost(0.55)),
    row("CPU per 10,000 deliveries, 100 screens, 200 orders/s", "many_cpu_s", "s", 3, Aim::RatioMost(0.55)),
    row("CPU per 10,000 deliveries, 10 screens, 200 orders/s", "few_cpu_s", "s", 3, Aim::None),
    row("Highest sustained rate, 100 screens", "top_rate", "orders/s", 0, Aim::RatioLeast(8.0)),
    row("Orders per CPU-second of the server at it", "top_orders_per_cpu_s", "", 0, Aim::RatioLeast(8.0)),
    row("Cores that the server took at it", "top_server_cores", "", 2, Aim::None),
    row("Cores that the load's client took at it", "top_client_cores", "", 2, Aim::None),
    row("Fan-out p99 at it", "top_p99_ms", "ms", 0, Aim::None),
    row("Memory idle (RSS)", "idle_rss_mb", "MB", 1, Aim::Most(15.0)),
    row("Memory with 100 screens (RSS)", "screens_rss_mb", "MB", 1, Aim::Most(20.0)),
    row("Memory with 100 screens after 1,500 orders (RSS)", "burst_rss_mb", "MB", 1, Aim::Most(20.0)),
    row("Memory after the search (RSS)", "end_rss_mb", "MB", 1, Aim::None),
    row("Memory idle (PSS)", "idle_pss_mb", "MB", 1, Aim::None),
    row("Memory with 100 screens (PSS)", "screens_pss_mb", "MB", 1, Aim::None),
    row("Start to first accept, empty folder", "start_accept_ms", "ms", 1, Aim::Most(50.0)),
    row("Start to first HTTP answer, empty folder", "start_answer_ms", "ms", 1, Aim::None),
    row("Start to first accept, 5,000 orders", "start_existing_accept_ms", "ms", 1, Aim::Most(50.0)),
    row("Start to first HTTP answer, 5,000 orders", "start_existing_answer_ms", "ms", 1, Aim::None),
    row("Written per order, 16 tills by REST", "rest_kb_per_order", "kB", 2, Aim::Most(2.5)),
    row("Written per order, 16 tills by `new_order`", "event_kb_per_order", "kB", 2, Aim::Most(2.5)),
    row("Orders by REST, 16 tills", "rest_orders_per_s", "orders/s", 0, Aim::None),
    row("Messages that a screen gets for an order", "messages_per_delivery", "", 2, Aim::None),
    row("Bytes that a screen gets for an order", "bytes_per_delivery", "", 0, Aim::None),
];

/// What is said beside the table.
#[derive(Debug)]
pub(crate) struct About {
    pub(crate) machine: String,
    pub(crate) hub: String,
    pub(crate) node: String,
    pub(crate) file_system: String,
    /// How bytes on disk are counted.
    pub(crate) written: &'static str,
    pub(crate) rounds: usize,
    pub(crate) order_bytes: f64,
    pub(crate) load_average: (f64, f64),
    pub(crate) took_s: f64,
}

impl Row {
    fn ratio(&self, figures: &Figures) -> Option<f64> {
        let hub = median(figures.of(self.figure, Side::Hub))?;
        let node = median(figures.of(self.figure, Side::Node))?;
        (node > 0.0).then(|| hub / node)
    }

    /// Whether the aim is met; none where there is no aim, or nothing was measured.
    fn is_met(&self, figures: &Figures) -> Option<bool> {
        match self.aim {
            Aim::None => None,
            Aim::RatioMost(most) => self.ratio(figures).map(|ratio| ratio <= most),
            Aim::RatioLeast(least) => self.ratio(figures).map(|ratio| ratio >= least),
            Aim::Most(most) => median(figures.of(self.figure, Side::Hub)).map(|hub| hub <= most),
        }
    }

    fn aim(&self) -> String {
        match self.aim {
            Aim::None => String::new(),
            Aim::RatioMost(most) => format!("≤ {most} × Node"),
            Aim::RatioLeast(least) => format!("≥ {least} × Node"),
            Aim::Most(most) => format!("≤ {most} {}", self.unit),
        }
    }

    fn cells(&self, figures: &Figures) -> [String; 6] {
        let value = |side| {
            let value = median(figures.of(self.figure, side));
            value.map_or("–".to_owned(), |value| {
                format!("{value:.*} {}", self.digits, self.unit).trim_end().to_owned()
            })
        };
        let met = match self.is_met(figures) {
            None => "",
            Some(true) => "met",
            Some(false) => "**missed**",
        };
        let ratio = self.ratio(figures).map_or(String::new(), |ratio| format!("{ratio:.2}"));
        [self.title.to_owned(), value(Side::Hub), value(Side::Node), ratio, self.aim(), met.to_owned()]
    }
}

/// The report for people.
pub(crate) fn markdown(figures: &Figures, about: &About, faults: &[String]) -> String {
    let mut text = String::from("# Outlet Hub beside the Node server that it replaces\n\n");
    let mut rows = vec![["figure", "hub", "node", "ratio", "aim", ""].map(str::to_owned)];
    rows.extend(ROWS.iter().map(|row| row.cells(figures)));
    let widths: Vec<usize> =
        (0..6).map(|at| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or_default()).collect();
    for (at, row) in rows.iter().enumerate() {
        text.push('|');
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(text, " {cell:width$} |");
        }
        text.push('\n');
        if at == 0 {
            text.push('|');
            for width in &widths {
                let _ = write!(text, "-{}-|", "-".repeat(*width));
            }
            text.push('\n');
        }
    }
    let About { machine, hub, node, file_system, written, rounds, order_bytes, load_average, took_s } = about;
    let _ = write!(
        text,
        "
Medians of {rounds} rounds, the two servers in turn, never at once, with the same client on the same machine: {machine},
shared with others (load average {:.1} before, {:.1} after, {took_s:.0} s). Ratios count; absolute times are noisy.

- hub: {hub}, its log at `info` to nowhere, data on {file_system}. Each order waits for its disk barrier before it is shown:
  all of the hub's figures include it. node: {node}, which stores nothing.
- Orders: baskets of 2 to 4 lines, {order_bytes:.0} bytes of JSON on average, from 16 tills that only send. A delivery is an order
  that reaches a screen. Screens subscribe with the bare outlet id, as old ones do.
- Latency is from when an order was due to be sent until a screen's client has read it, at a rate that waits for nobody.
- A rate is sustained where for 3 s every delivery arrives, once, and p99 stays under 250 ms. Client and server share the two
  cores, so the rate itself is bounded by both; the orders per CPU-second are the server's own.
- CPU is user and system time of the server's process. RSS is the budget's figure, MB are 10^6 bytes; written is
  {written}.
",
        load_average.0, load_average.1
    );
    if !faults.is_empty() {
        text.push_str("\nNot everything arrived:\n\n");
        for fault in faults {
            let _ = writeln!(text, "- {fault}");
        }
    }
    text
}

/// The report for programs: every round's values.
pub(crate) fn json(figures: &Figures, about: &About, faults: &[String]) -> Value {
    let rows: Vec<Value> = ROWS
        .iter()
        .map(|row| {
            json!({
                "figure": row.figure, "title": row.title, "unit": row.unit, "aim": row.aim(),
                "hub": median(figures.of(row.figure, Side::Hub)),
                "node": median(figures.of(row.figure, Side::Node)),
                "ratio": row.ratio(figures), "is_met": row.is_met(figures),
            })
        })
        .collect();
    let rounds: Vec<Value> = figures
        .all()
        .map(|(figure, side, values)| json!({"figure": figure, "side": side, "values": values}))
        .collect();
    json!({
        "machine": about.machine, "hub": about.hub, "node": about.node, "file_system": about.file_system,
        "order_bytes_mean": about.order_bytes, "load_average_before": about.load_average.0,
        "load_average_after": about.load_average.1, "took_s": about.took_s,
        "rows": rows, "rounds": rounds, "faults": faults,
    })
}
