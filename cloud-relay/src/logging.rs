//! Logging: real journal fields under systemd, one line each to stderr otherwise. Fields are dotted by entity.

use std::io::Write as _;

use log::kv::{Error, Key, Value, VisitSource};
use log::{LevelFilter, Log, Metadata, Record};

/// Starts logging; call once.
pub fn start(level: LevelFilter) {
    let journal = systemd_journal_logger::connected_to_journal()
        .then(systemd_journal_logger::JournalLog::new)
        .and_then(Result::ok);
    let installed = match journal {
        Some(journal) => journal.with_syslog_identifier("cloud-relay".to_owned()).install().is_ok(),
        None => log::set_logger(&Stderr).is_ok(),
    };
    if installed {
        log::set_max_level(level);
    }
}

/// A line to stderr: level, words, fields. What libraries say only where something is wrong.
struct Stderr;

impl Log for Stderr {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("relay") || metadata.level() <= log::Level::Warn
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
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
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        use std::fmt::Write as _;
        write!(self.0, " {key}={value}").map_err(Error::from)
    }
}
