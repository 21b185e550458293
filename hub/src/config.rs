//! The configuration: a TOML file, overridden by the environment, overridden by the command line.
//!
//! Every value of the file has an environment variable: `OUTLET_HUB_` and its path in capitals, sections joined by two
//! underscores (`OUTLET_HUB_HTTP__LISTEN`). Wrong keys and wrong values are refused by name before anything is opened.
//! `config/hub.toml` shows every key with its default.

use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use protocol::layers;
use protocol::money::{BasisPoints, Minor, RoundingMode, WHOLE_BP};
use protocol::pricing::{Charges, ServiceBase};
use protocol::settings::Settings;
use serde::Deserialize;
use toml::Table;

use crate::guard::{host, origin};

/// What a variable of ours begins with.
const PREFIX: &str = "OUTLET_HUB_";
/// Largest request body that may be configured: what one record can hold, with room for what the hub adds.
const BODY_BYTES_MAX: usize = 1_900_000;
/// Most requests for each second that may be configured: beyond what any machine answers.
const REQUESTS_PER_SECOND_MAX: u32 = 1_000_000;
/// Most connections that may be configured: the service may have this many files open, and needs some for the ledger.
const CONNECTIONS_MAX: usize = 60_000;

/// Everything that can be set.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where ledger and views are kept.
    pub data_dir: PathBuf,
    /// The pages and the API.
    pub http: Http,
    /// The same, encrypted.
    pub https: Https,
    /// Live connections.
    pub socketio: SocketIo,
    /// How far rights go.
    pub rights: Rights,
    /// Copies of the ledger.
    pub backup: Backup,
    /// Being found on the LAN.
    pub discovery: Discovery,
    /// What is logged.
    pub log: Log,
    /// What the demo is made of.
    pub demo: Demo,
    /// The outlet, for the first start.
    pub outlet: Option<OutletSettings>,
}

/// What the demo is made of.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Demo {
    /// Whether its guests get something off: bills then depend on the hour.
    pub promotions: bool,
}

/// The pages and the API.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address and port.
    pub listen: SocketAddr,
    /// Largest request body, in bytes.
    pub body_bytes_max: usize,
    /// Whether passwords and a manager's rights are taken where others can read along.
    pub allow_insecure_sign_in: bool,
    /// Names by which the hub may be called, beside its own and private addresses.
    pub allowed_hosts: Vec<String>,
    /// Origins of other servers' pages that may ask the hub; "private" is every private network.
    pub cors_origins: Vec<String>,
    /// Requests to the API that a device, a person or an address may send, for each second; 0 counts none.
    pub requests_per_second_max: u32,
    /// Connections in all, on every port.
    pub connections_max: usize,
    /// Connections from one address; this machine's own has no limit of its own.
    pub connections_per_address_max: usize,
}

/// The pages and the API, encrypted.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Https {
    /// Whether there is HTTPS.
    pub enabled: bool,
    /// Address and port.
    pub listen: SocketAddr,
}

/// Live connections.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SocketIo {
    /// Where tills and screens of the replaced server connect.
    pub listen: SocketAddr,
    /// Whether clients that were never paired may use the old events.
    pub allow_unpaired: bool,
    /// How often a connection is asked whether it is there, in milliseconds.
    pub ping_interval_ms: u64,
    /// How long it may take to answer, in milliseconds.
    pub ping_timeout_ms: u64,
}

/// How far rights go.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rights {
    /// How much of an order a cashier may take off without a manager, in hundredths of a percent.
    pub cashier_discount_max_bp: BasisPoints,
}

/// Copies of the ledger and the pictures.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Backup {
    /// Where they go; below the data folder, unless it begins with a slash.
    pub folder: PathBuf,
}

/// Being found on the LAN.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Discovery {
    /// Whether the hub announces itself by mDNS.
    pub enabled: bool,
    /// `<name>.local`, and the name of the service.
    pub name: String,
}

/// What is logged.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub level: log::LevelFilter,
}

/// The outlet, for the first start of an empty ledger.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutletSettings {
    /// Number in the replaced system.
    pub number: u32,
    /// Name on receipts.
    pub name: String,
    /// Address on receipts.
    #[serde(default)]
    pub address: String,
    /// ISO 4217 code.
    #[serde(default = "currency")]
    pub currency: String,
    /// Digits behind the decimal point.
    #[serde(default)]
    pub currency_exponent: u8,
    /// IANA name.
    #[serde(default = "time_zone")]
    pub time_zone: String,
    /// Hour at which a business day begins.
    #[serde(default = "day_start")]
    pub business_day_start_hour: u8,
    /// `id` or `en`.
    #[serde(default = "language")]
    pub language: String,
    /// Service charge in basis points.
    #[serde(default)]
    pub service_rate_bp: BasisPoints,
    /// What it is taken from.
    #[serde(default)]
    pub service_base: ServiceBase,
    /// Tax in basis points.
    #[serde(default)]
    pub tax_rate_bp: BasisPoints,
    /// Whether prices contain the tax.
    #[serde(default)]
    pub tax_included: bool,
    /// Smallest coin, in minor units.
    #[serde(default)]
    pub cash_rounding_unit: Minor,
    /// Direction of cash rounding.
    #[serde(default)]
    pub cash_rounding_mode: RoundingMode,
}

fn currency() -> String {
    "IDR".to_owned()
}

fn time_zone() -> String {
    "Asia/Jakarta".to_owned()
}

const fn day_start() -> u8 {
    4
}

fn language() -> String {
    "id".to_owned()
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("/var/lib/outlet-hub"),
            http: Http::default(),
            https: Https::default(),
            socketio: SocketIo::default(),
            rights: Rights::default(),
            backup: Backup::default(),
            discovery: Discovery::default(),
            log: Log::default(),
            demo: Demo::default(),
            outlet: None,
        }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([0, 0, 0, 0], 8080)),
            body_bytes_max: 1_000_000,
            allow_insecure_sign_in: false,
            allowed_hosts: Vec::new(),
            cors_origins: vec!["private".to_owned()],
            requests_per_second_max: 200,
            connections_max: 2_048,
            connections_per_address_max: 256,
        }
    }
}

impl Default for Https {
    fn default() -> Self {
        Self { enabled: true, listen: SocketAddr::from(([0, 0, 0, 0], 8443)) }
    }
}

impl Default for SocketIo {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([0, 0, 0, 0], 3002)),
            allow_unpaired: false,
            ping_interval_ms: 25_000,
            ping_timeout_ms: 20_000,
        }
    }
}

impl Default for Rights {
    fn default() -> Self {
        Self { cashier_discount_max_bp: 1_000 }
    }
}

impl Default for Backup {
    fn default() -> Self {
        Self { folder: PathBuf::from("backups") }
    }
}

impl Default for Discovery {
    fn default() -> Self {
        Self { enabled: true, name: "outlet-hub".to_owned() }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: log::LevelFilter::Info }
    }
}

impl Default for Demo {
    fn default() -> Self {
        Self { promotions: true }
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

    /// Values that each are of their type and together make no sense.
    fn check(&self) -> Result<(), ConfigError> {
        let refuse = |name: &str, why: &str| Err(ConfigError(format!("{name}: {why}")));
        if !(1_000..=BODY_BYTES_MAX).contains(&self.http.body_bytes_max) {
            return refuse("http.body_bytes_max", &format!("must be 1000 to {BODY_BYTES_MAX}"));
        }
        if let Some(entry) = self.http.allowed_hosts.iter().find(|entry| !host::is_entry(entry)) {
            return refuse(
                "http.allowed_hosts",
                &format!("{entry:?} is no name or address (without a port)"),
            );
        }
        if let Some(entry) = self.http.cors_origins.iter().find(|entry| !origin::is_entry(entry)) {
            let why =
                format!("{entry:?} is neither \"private\" nor an origin such as \"http://192.168.1.7:3000\"");
            return refuse("http.cors_origins", &why);
        }
        if self.http.requests_per_second_max > REQUESTS_PER_SECOND_MAX {
            return refuse(
                "http.requests_per_second_max",
                &format!("must be 0 to {REQUESTS_PER_SECOND_MAX}"),
            );
        }
        let http = &self.http;
        if !(1..=CONNECTIONS_MAX).contains(&http.connections_max) {
            return refuse("http.connections_max", &format!("must be 1 to {CONNECTIONS_MAX}"));
        }
        if !(1..=CONNECTIONS_MAX).contains(&http.connections_per_address_max) {
            return refuse("http.connections_per_address_max", &format!("must be 1 to {CONNECTIONS_MAX}"));
        }
        if self.socketio.ping_interval_ms < 100 || self.socketio.ping_timeout_ms < 100 {
            return refuse("socketio.ping_interval_ms, socketio.ping_timeout_ms", "must be 100 or more");
        }
        let name = &self.discovery.name;
        let is_label = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if name.is_empty()
            || name.len() > 63
            || !is_label(name)
            || name.starts_with('-')
            || name.ends_with('-')
        {
            return refuse(
                "discovery.name",
                "must be 1 to 63 letters, digits and hyphens, as in a host name",
            );
        }
        if i128::from(self.rights.cashier_discount_max_bp) > WHOLE_BP {
            return refuse("rights.cashier_discount_max_bp", &format!("must be 0 to {WHOLE_BP}"));
        }
        let folder = &self.backup.folder;
        if folder.as_os_str().is_empty() || folder.components().any(|part| part == Component::ParentDir) {
            return refuse("backup.folder", "must name a folder, without ..");
        }
        if let Some(outlet) = &self.outlet {
            outlet.check().map_err(|(name, why)| ConfigError(format!("outlet.{name}: {why}")))?;
        }
        Ok(())
    }

    /// The hub's own settings until somebody sets them.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings { cashier_discount_max_bp: self.rights.cashier_discount_max_bp, ..Settings::default() }
    }

    /// Where backups go.
    #[must_use]
    pub fn backups(&self) -> PathBuf {
        self.data_dir.join(&self.backup.folder)
    }

    /// How live connections behave.
    #[must_use]
    pub fn live_options(&self) -> crate::live::Options {
        crate::live::Options {
            allow_unpaired: self.socketio.allow_unpaired,
            ping_interval: Duration::from_millis(self.socketio.ping_interval_ms),
            ping_timeout: Duration::from_millis(self.socketio.ping_timeout_ms),
        }
    }
}

impl OutletSettings {
    fn check(&self) -> Result<(), (&'static str, String)> {
        let refuse = |name, why: &str| Err((name, why.to_owned()));
        if self.name.trim().is_empty() {
            return refuse("name", "must not be empty");
        }
        if jiff::tz::TimeZone::get(&self.time_zone).is_err() {
            return Err(("time_zone", format!("{} is no IANA time zone", self.time_zone)));
        }
        if self.business_day_start_hour > 23 {
            return refuse("business_day_start_hour", "must be 0 to 23");
        }
        if self.currency.len() != 3 || !self.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return refuse("currency", "must be three capital letters");
        }
        if self.currency_exponent > 4 {
            return refuse("currency_exponent", "must be 0 to 4");
        }
        if !matches!(self.language.as_str(), "id" | "en") {
            return refuse("language", "must be \"id\" or \"en\"");
        }
        if self.service_rate_bp > 10_000 {
            return refuse("service_rate_bp", "must be 0 to 10000");
        }
        if self.tax_rate_bp > 10_000 {
            return refuse("tax_rate_bp", "must be 0 to 10000");
        }
        if !(0..=1_000_000).contains(&self.cash_rounding_unit) {
            return refuse("cash_rounding_unit", "must be 0 to 1000000");
        }
        Ok(())
    }

    /// As the ledger keeps it. The identity follows from number and name, so that a first start that was cut off makes the
    /// same one again.
    #[must_use]
    pub fn outlet(&self) -> protocol::outlet::Outlet {
        protocol::outlet::Outlet {
            id: protocol::ids::derived_id("outlet", &format!("{}/{}", self.number, self.name)),
            number: self.number,
            name: self.name.trim().to_owned(),
            address: self.address.clone(),
            currency: self.currency.clone(),
            currency_exponent: self.currency_exponent,
            time_zone: self.time_zone.clone(),
            business_day_start_hour: self.business_day_start_hour,
            language: self.language.clone(),
            charges: Charges {
                service_rate_bp: self.service_rate_bp,
                service_base: self.service_base,
                tax_rate_bp: self.tax_rate_bp,
                tax_included: self.tax_included,
                cash_rounding_unit: self.cash_rounding_unit,
                cash_rounding_mode: self.cash_rounding_mode,
            },
        }
    }
}

#[cfg(test)]
mod tests;
