//! What is shown of the figures, and what each should be.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::rounds::Figures;
use crate::server::Side;
use crate::stats::median;

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
enum Aim {
    None,
    /// The hub's divided by the other's, at most.
    RatioMost(f64),
    /// The same, at least.
    RatioLeast(f64),
    /// The hub's own, at most.
    Most(f64),
}

/// A line of a table.
#[derive(Debug)]
pub(crate) struct Row {
    title: &'static str,
    figure: &'static str,
    unit: &'static str,
    digits: usize,
    aim: Aim,
}

const fn row(title: &'static str, figure: &'static str, unit: &'static str, digits: usize, aim: Aim) -> Row {
    Row { title, figure, unit, digits, aim }
}

/// Live orders, beside Node.
pub(crate) const LIVE: [Row; 27] = [
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

/// At most this part of what the replaced backend takes.
const LIST: Aim = Aim::RatioMost(0.01);
const ORDER: Aim = Aim::RatioMost(0.02);

/// The API, beside Django.
pub(crate) const API: [Row; 34] = [
    row("CPU, list of 100 products, 1 client", "list1_cpu_ms", "ms", 3, LIST),
    row("CPU, list of 100 products, 16 clients", "list16_cpu_ms", "ms", 3, LIST),
    row("CPU, page of 20 orders, 1 client", "page1_cpu_ms", "ms", 3, Aim::None),
    row("CPU, page of 20 orders, 16 clients", "page16_cpu_ms", "ms", 3, Aim::None),
    row("CPU, order of 3 items, durable, 1 client", "order1_cpu_ms", "ms", 3, ORDER),
    row("CPU, order of 3 items, durable, 16 clients", "order16_cpu_ms", "ms", 3, ORDER),
    row("List p50, 1 client", "list1_p50_ms", "ms", 2, Aim::None),
    row("List p99, 1 client", "list1_p99_ms", "ms", 2, Aim::None),
    row("List p50, 16 clients", "list16_p50_ms", "ms", 2, Aim::None),
    row("List p99, 16 clients", "list16_p99_ms", "ms", 2, Aim::None),
    row("Page of orders p50, 1 client", "page1_p50_ms", "ms", 2, Aim::None),
    row("Page of orders p99, 1 client", "page1_p99_ms", "ms", 2, Aim::None),
    row("Page of orders p50, 16 clients", "page16_p50_ms", "ms", 2, Aim::None),
    row("Page of orders p99, 16 clients", "page16_p99_ms", "ms", 2, Aim::None),
    row("Order p50, 1 client", "order1_p50_ms", "ms", 2, Aim::None),
    row("Order p99, 1 client", "order1_p99_ms", "ms", 2, Aim::None),
    row("Order p50, 16 clients", "order16_p50_ms", "ms", 2, Aim::None),
    row("Order p99, 16 clients", "order16_p99_ms", "ms", 2, Aim::None),
    row("Lists, 1 client", "list1_rate", "/s", 0, Aim::None),
    row("Lists, 16 clients", "list16_rate", "/s", 0, Aim::None),
    row("Pages of orders, 1 client", "page1_rate", "/s", 0, Aim::None),
    row("Pages of orders, 16 clients", "page16_rate", "/s", 0, Aim::None),
    row("Orders, 1 client", "order1_rate", "/s", 0, Aim::None),
    row("Orders, 16 clients", "order16_rate", "/s", 0, Aim::None),
    row("Memory idle (PSS)", "api_idle_pss_mb", "MB", 1, Aim::None),
    row("Memory after all loads (PSS)", "api_end_pss_mb", "MB", 1, Aim::None),
    row("Bytes of the list", "list_bytes", "", 0, Aim::None),
    row("Bytes of the page of orders", "page_bytes", "", 0, Aim::None),
    row("CPU, list compressed (gzip)", "gzip_cpu_ms", "ms", 3, Aim::None),
    row("List compressed p50", "gzip_p50_ms", "ms", 2, Aim::None),
    row("Bytes of the list compressed", "gzip_bytes", "", 0, Aim::None),
    row("CPU, list that the client holds (304)", "held_cpu_ms", "ms", 3, Aim::None),
    row("List that the client holds p50", "held_p50_ms", "ms", 2, Aim::None),
    row("Lists that the client holds, 1 client", "held_rate", "/s", 0, Aim::None),
];

impl Row {
    fn ratio(&self, figures: &Figures, peer: Side) -> Option<f64> {
        let hub = median(figures.of(self.figure, Side::Hub))?;
        let other = median(figures.of(self.figure, peer))?;
        (other > 0.0).then(|| hub / other)
    }

    /// Whether the aim is met; none where there is no aim, or nothing was measured.
    fn is_met(&self, figures: &Figures, peer: Side) -> Option<bool> {
        match self.aim {
            Aim::None => None,
            Aim::RatioMost(most) => self.ratio(figures, peer).map(|ratio| ratio <= most),
            Aim::RatioLeast(least) => self.ratio(figures, peer).map(|ratio| ratio >= least),
            Aim::Most(most) => median(figures.of(self.figure, Side::Hub)).map(|hub| hub <= most),
        }
    }

    fn aim(&self, peer: Side) -> String {
        match self.aim {
            Aim::None => String::new(),
            Aim::RatioMost(most) => format!("≤ {} × {}", ratio(most, 0), peer.title()),
            Aim::RatioLeast(least) => format!("≥ {least} × {}", peer.title()),
            Aim::Most(most) => format!("≤ {most} {}", self.unit),
        }
    }

    fn cells(&self, figures: &Figures, peer: Side) -> [String; 6] {
        let value = |side| {
            let value = median(figures.of(self.figure, side));
            value.map_or("–".to_owned(), |value| {
                format!("{value:.*} {}", self.digits, self.unit).trim_end().to_owned()
            })
        };
        let met = match self.is_met(figures, peer) {
            None => "",
            Some(true) => "met",
            Some(false) => "**missed**",
        };
        let ratio = self.ratio(figures, peer).map_or(String::new(), |value| ratio(value, 1));
        [self.title.to_owned(), value(Side::Hub), value(peer), ratio, self.aim(peer), met.to_owned()]
    }

    /// For programs.
    pub(crate) fn json(&self, figures: &Figures, peer: Side) -> Value {
        let mut row = json!({
            "figure": self.figure, "title": self.title, "unit": self.unit, "aim": self.aim(peer),
            "hub": median(figures.of(self.figure, Side::Hub)),
            "ratio": self.ratio(figures, peer), "is_met": self.is_met(figures, peer),
        });
        row[peer.name()] = json!(median(figures.of(self.figure, peer)));
        row
    }
}

/// A ratio; a small one as a part of one.
fn ratio(value: f64, digits: usize) -> String {
    if value < 0.1 { format!("1/{:.digits$}", 1.0 / value) } else { format!("{value:.2}") }
}

/// A table for people.
pub(crate) fn table(rows: &[Row], figures: &Figures, peer: Side) -> String {
    let mut lines = vec![["figure", "hub", peer.name(), "ratio", "aim", ""].map(str::to_owned)];
    lines.extend(rows.iter().map(|row| row.cells(figures, peer)));
    let widths: Vec<usize> = (0..6)
        .map(|at| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or_default())
        .collect();
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        text.push('|');
        for (cell, width) in line.iter().zip(&widths) {
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
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_ratio_is_a_part_of_one() {
        assert_eq!(ratio(0.01, 0), "1/100");
        assert_eq!(ratio(0.0125, 1), "1/80.0");
        assert_eq!(ratio(0.55, 0), "0.55");
    }

    #[test]
    fn an_aim_is_met_or_missed_by_the_medians() {
        let mut figures = Figures::default();
        for (hub, django) in [(0.1, 14.0), (0.2, 15.0), (0.1, 16.0)] {
            figures.add("list1_cpu_ms", Side::Hub, hub);
            figures.add("list1_cpu_ms", Side::Django, django);
            figures.add("list16_cpu_ms", Side::Hub, hub);
            figures.add("list16_cpu_ms", Side::Django, django / 2.0);
        }
        let met = |at: usize| API[at].is_met(&figures, Side::Django);
        assert_eq!((met(0), met(1), met(2)), (Some(true), Some(false), None));
    }
}
