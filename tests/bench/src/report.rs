//! The report: a table beside each server that was replaced, and what must be known to read it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::rounds::Figures;
use crate::rows::{API, LIVE, table};
use crate::server::Side;

/// What is said beside the tables.
#[derive(Debug)]
pub(crate) struct About {
    pub(crate) machine: String,
    pub(crate) hub: String,
    pub(crate) file_system: String,
    pub(crate) load_average: (f64, f64),
    pub(crate) took_s: f64,
    /// None where the hub was not measured beside Node.
    pub(crate) live: Option<AboutLive>,
    /// None where it was not measured beside Django.
    pub(crate) api: Option<AboutApi>,
}

/// About the live part.
#[derive(Debug)]
pub(crate) struct AboutLive {
    pub(crate) node: String,
    /// How bytes on disk are counted.
    pub(crate) written: &'static str,
    pub(crate) rounds: usize,
    pub(crate) order_bytes: f64,
}

/// About the API.
#[derive(Debug)]
pub(crate) struct AboutApi {
    pub(crate) django: String,
    /// Where PostgreSQL's data are.
    pub(crate) file_system: String,
    pub(crate) rounds: usize,
    pub(crate) orders: usize,
    pub(crate) took_s: f64,
}

/// The report for people.
pub(crate) fn markdown(figures: &Figures, about: &About, faults: &[String]) -> String {
    let mut text = String::from("# Outlet Hub beside the servers that it replaces\n\n");
    let About { machine, hub, file_system, load_average, took_s, .. } = about;
    let _ = write!(
        text,
        "Medians of some rounds, the servers in turn, never asked at once, with the same client on the same machine: {machine},
shared with others (load average {:.1} before, {:.1} after, {took_s:.0} s). Ratios count; absolute times are noisy.
hub: {hub}, its log at `info` to nowhere, data on {file_system}. CPU is user and system time. MB are 10^6 bytes.
",
        load_average.0, load_average.1
    );
    if let Some(live) = &about.live {
        text += "\n## Live orders, beside the Node server\n\n";
        text += &table(&LIVE, figures, Side::Node);
        text += &live.words();
    }
    if let Some(api) = &about.api {
        text += "\n## The API, beside Django\n\n";
        text += &table(&API, figures, Side::Django);
        text += &api.words();
    }
    if !faults.is_empty() {
        text.push_str("\nNot everything arrived:\n\n");
        for fault in faults {
            let _ = writeln!(text, "- {fault}");
        }
    }
    text
}

impl AboutLive {
    fn words(&self) -> String {
        let Self { node, written, rounds, order_bytes } = self;
        format!(
            "
- {rounds} rounds. Each order waits for the hub's disk barrier before it is shown: all of the hub's figures include it. node: {node},
  which stores nothing.
- Orders: baskets of 2 to 4 lines, {order_bytes:.0} bytes of JSON on average, from 16 tills that only send. A delivery is an order
  that reaches a screen. Screens subscribe with the bare outlet id, as old ones do.
- Latency is from when an order was due to be sent until a screen's client has read it, at a rate that waits for nobody.
- A rate is sustained where for 3 s every delivery arrives, once, and p99 stays under 250 ms. Client and server share the two
  cores, so the rate itself is bounded by both; the orders per CPU-second are the server's own.
- CPU is the server's process's. RSS is the budget's figure; written is {written}.
"
        )
    }
}

impl AboutApi {
    fn words(&self) -> String {
        let Self { django, file_system, rounds, orders, took_s } = self;
        format!(
            "
- {rounds} rounds, {took_s:.0} s. django: {django}, 3 workers, a connection to PostgreSQL kept by each; PostgreSQL with default settings,
  `fsync` on, data on {file_system}. tests/bench/django says how it was written.
- Both sell the same 100 products and hold the same {orders} orders and a few more; menu, charges and the page of orders were compared before
  anything was timed, and the count of orders afterwards. An order is answered once it is on disk, in both.
- Each client asks again when it was answered, signed in by token, over a connection that is kept where the server keeps it. Answers are whole,
  plain (200, `identity`); the last lines are what a browser gets of the hub, which the replaced backend did not do.
- CPU is milliseconds for each answer, of the hub's process, and of gunicorn, its workers and all of PostgreSQL's processes, those included
  that have ended. PSS is summed over the same.
"
        )
    }
}

/// The report for programs: every round's values.
pub(crate) fn json(figures: &Figures, about: &About, faults: &[String]) -> Value {
    let live = about.live.iter().flat_map(|_| LIVE.iter().map(|row| row.json(figures, Side::Node)));
    let api = about.api.iter().flat_map(|_| API.iter().map(|row| row.json(figures, Side::Django)));
    let rows: Vec<Value> = live.chain(api).collect();
    let rounds: Vec<Value> = figures
        .all()
        .map(|(figure, side, values)| json!({"figure": figure, "side": side, "values": values}))
        .collect();
    json!({
        "machine": about.machine, "hub": about.hub, "node": about.live.as_ref().map(|live| &live.node),
        "django": about.api.as_ref().map(|api| &api.django), "file_system": about.file_system,
        "order_bytes_mean": about.live.as_ref().map(|live| live.order_bytes),
        "load_average_before": about.load_average.0, "load_average_after": about.load_average.1,
        "took_s": about.took_s, "rows": rows, "rounds": rounds, "faults": faults,
    })
}
