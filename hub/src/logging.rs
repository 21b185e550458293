//! Logging: real journal fields under systemd, one line each to stderr otherwise. Fields are dotted by entity.

use std::io::Write as _;
use std::time::Instant;

use log::kv::{Key, Value, VisitSource};
use log::{LevelFilter, Log, Metadata, Record};

use crate::ledger::Outcome;

/// Starts logging; call once.
pub fn start(level: LevelFilter) {
    let journal = systemd_journal_logger::connected_to_journal()
        .then(systemd_journal_logger::JournalLog::new)
        .and_then(Result::ok);
    let installed = match journal {
        Some(journal) => journal.with_syslog_identifier("outlet-hub".to_owned()).install().is_ok(),
        None => log::set_logger(&Stderr).is_ok(),
    };
    if installed {
        log::set_max_level(level);
    }
}

/// One line per order placed: which, where in the ledger, how long it took from its arrival to its barrier.
pub fn order_placed(outcome: &Outcome, began: Instant) {
    let latency = began.elapsed();
    metrics::counter!("outlet_hub_orders_total").increment(1);
    metrics::histogram!("outlet_hub_order_seconds").record(latency.as_secs_f64());
    let number = outcome.order.as_ref().map(|order| order.order_number.clone()).unwrap_or_default();
    log::info!(
        "order.id" = outcome.subject.to_string().as_str(),
        "order.number" = number.as_str(),
        "ledger.epoch" = outcome.epoch,
        "ledger.seq" = outcome.seq,
        "latency_ms" = (latency.as_secs_f64() * 100_000.0).round() / 100.0;
        "order placed"
    );
}

/// A line to stderr: level, target, words, fields.
struct Stderr;

impl Log for Stderr {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let mut line = format!("{:5} {}", record.level(), record.args());
        let _ = record.key_values().visit(&mut Fields(&mut line));
        line.push('\n');
        // Where stderr is gone there is nobody to tell.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }

    fn flush(&self) {}
}

struct Fields<'line>(&'line mut String);

impl<'kvs> VisitSource<'kvs> for Fields<'_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), log::kv::Error> {
        use std::fmt::Write as _;
        write!(self.0, " {key}={value}").map_err(log::kv::Error::from)
    }
}
