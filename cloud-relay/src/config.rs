//! The configuration: a TOML file, overridden by the environment, overridden by the command line.
//!
//! Every value of the file has an environment variable: `CLOUD_RELAY_` and its path in capitals, sections joined by two
//! underscores (`CLOUD_RELAY_HTTP__LISTEN`). Wrong keys and wrong values are refused by name before anything is opened.
//! `config/cloud-relay.toml` shows every key with its default.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use protocol::frame::BATCH_RECORDS_MAX;
use protocol::layers;
use serde::Deserialize;
use toml::Table;

/// What a variable of ours begins with.
const PREFIX: &str = "CLOUD_RELAY_";

/// Everything that can be set.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where everything is kept.
    pub database: Database,
    /// Where hubs connect.
    pub http: Http,
    /// Encryption, where no proxy does it.
    pub tls: Option<Tls>,
    /// How ledgers come in.
    pub ingest: Ingest,
    /// How codes are exchanged.
    pub claim: Claim,
    /// What is logged.
    pub log: Log,
}

/// Where everything is kept.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `postgres://user:password@host/name`
    pub url: String,
    /// Connections of this node.
    pub connections_max: u32,
}

/// Where hubs connect.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address and port.
    pub listen: SocketAddr,
    /// Connections in all.
    pub connections_max: usize,
    /// Whether a proxy before the relay says in `X-Forwarded-For` who asks.
    pub behind_proxy: bool,
    /// Whether `/metrics` answers others than this machine.
    pub metrics_for_all: bool,
}

/// Encryption.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The chain, as PEM.
    pub certificate: PathBuf,
    /// Its key, as PEM.
    pub key: PathBuf,
}

/// How ledgers come in.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ingest {
    /// Records that a hub may have on their way, unacknowledged.
    pub credit: u32,
    /// How long a commit waits for the batches of other hubs, in milliseconds.
    pub group_wait_ms: u64,
    /// Records after which it waits no longer.
    pub group_records: usize,
    /// Bytes of records that may wait for the database on this node.
    pub queue_bytes_max: u32,
    /// After how long a silence each side says something, in milliseconds.
    pub heartbeat_ms: u32,
}

/// How codes are exchanged.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Claim {
    /// Attempts that one address may make, for each minute; 0 counts none.
    pub attempts_per_minute: u32,
}

/// What is logged.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub level: log::LevelFilter,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: String::new(), connections_max: 10 }
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address holds a password.
        formatter
            .debug_struct("Database")
            .field("connections_max", &self.connections_max)
            .finish_non_exhaustive()
    }
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([0, 0, 0, 0], 8900)),
            connections_max: 10_000,
            behind_proxy: false,
            metrics_for_all: false,
        }
    }
}

impl Default for Ingest {
    fn default() -> Self {
        Self {
            credit: 2_000,
            group_wait_ms: 10,
            group_records: 500,
            queue_bytes_max: 64 << 20,
            heartbeat_ms: 15_000,
        }
    }
}

impl Ingest {
    /// How long a commit waits for others.
    #[must_use]
    pub fn group_wait(&self) -> Duration {
        Duration::from_millis(self.group_wait_ms)
    }

    /// After how long a silence each side says something.
    #[must_use]
    pub fn heartbeat(&self) -> Duration {
        Duration::from_millis(u64::from(self.heartbeat_ms))
    }
}

impl Default for Claim {
    fn default() -> Self {
        Self { attempts_per_minute: 10 }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: log::LevelFilter::Info }
    }
}

/// A key or a value that does not hold. Its words name it.
#[derive(Debug, thiserror::Error)]
#[error("configuration: {0}")]
pub struct ConfigError(String);

impl Config {
    /// Reads the file, where there is one, and the environment.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let table = match file {
            None => Table::new(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| ConfigError(format!("{}: {error}", path.display())))?;
                text.parse::<Table>().map_err(|error| ConfigError(format!("{}: {error}", path.display())))?
            }
        };
        let config: Self = layers::over(table, PREFIX, environment).map_err(ConfigError)?;
        config.check()?;
        Ok(config)
    }

    /// Values that each are of their type and make no sense.
    fn check(&self) -> Result<(), ConfigError> {
        let records = BATCH_RECORDS_MAX as u64;
        let ranges = [
            ("database.connections_max", u64::from(self.database.connections_max), 2..=500),
            ("http.connections_max", self.http.connections_max as u64, 1..=200_000),
            ("ingest.credit", u64::from(self.ingest.credit), records..=100_000),
            ("ingest.group_wait_ms", self.ingest.group_wait_ms, 0..=1_000),
            ("ingest.group_records", self.ingest.group_records as u64, 1..=10_000),
            ("ingest.queue_bytes_max", u64::from(self.ingest.queue_bytes_max), 8 << 20..=1 << 30),
            ("ingest.heartbeat_ms", u64::from(self.ingest.heartbeat_ms), 100..=600_000),
        ];
        for (name, value, range) in ranges {
            if !range.contains(&value) {
                return Err(ConfigError(format!("{name}: must be {} to {}", range.start(), range.end())));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let pairs: Vec<(String, String)> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Config::load(None, pairs.into_iter())
    }

    #[test]
    fn the_commented_file_says_what_the_defaults_are() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/cloud-relay.toml");
        let shown = Config::load(Some(&path), std::iter::empty()).unwrap();
        assert_eq!(format!("{shown:?}"), format!("{:?}", Config::default()));
        assert_eq!(shown.database.url, "");
    }

    #[test]
    fn every_value_has_a_variable() {
        let config = load(&[
            ("CLOUD_RELAY_DATABASE__URL", "postgres:///relay"),
            ("CLOUD_RELAY_HTTP__LISTEN", "127.0.0.1:9"),
            ("CLOUD_RELAY_TLS__CERTIFICATE", "/etc/c.pem"),
            ("CLOUD_RELAY_TLS__KEY", "/etc/k.pem"),
            ("CLOUD_RELAY_INGEST__CREDIT", "700"),
            ("UNRELATED", "x"),
        ])
        .unwrap();
        assert_eq!(config.database.url, "postgres:///relay");
        assert_eq!((config.ingest.credit, config.http.listen.port()), (700, 9));
        assert_eq!(config.tls.unwrap().key, Path::new("/etc/k.pem"));
    }

    #[test]
    fn wrong_keys_and_values_are_named() {
        for (variable, value, named) in [
            ("CLOUD_RELAY_HTPP__LISTEN", "127.0.0.1:9", "htpp"),
            ("CLOUD_RELAY_HTTP__LISTEN", "everywhere", "http.listen"),
            ("CLOUD_RELAY_INGEST__CREDIT", "1", "ingest.credit"),
            ("CLOUD_RELAY_INGEST__HEARTBEAT_MS", "0", "ingest.heartbeat_ms"),
            ("CLOUD_RELAY_DATABASE__CONNECTIONS_MAX", "1", "database.connections_max"),
            ("CLOUD_RELAY_TLS__KEY", "/etc/k.pem", "certificate"),
        ] {
            let error = load(&[(variable, value)]).unwrap_err().to_string();
            assert!(error.contains(named), "{variable}={value}: {error}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let config = load(&[("CLOUD_RELAY_DATABASE__URL", "postgres://a:geheim@b/c")]).unwrap();
        assert!(!format!("{config:?}").contains("geheim"));
    }
}
