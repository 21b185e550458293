//! Being found on the LAN: mDNS announces the pages as `_http._tcp`, the hub as `_outlet-hub._tcp`, and answers for
//! `<name>.local`.
//!
//! The library follows interfaces by itself, with known gaps after an interface goes down and up or changes its address.
//! So the addresses are watched here too, and every change announces the services again.

use std::net::IpAddr;
use std::time::Duration;

use mdns_sd::{ServiceDaemon, ServiceInfo};
use tokio::time::MissedTickBehavior;

/// How often the machine's addresses are looked at.
const WATCH_EVERY: Duration = Duration::from_secs(2);
/// What is announced: a page for people, the hub for programs.
const SERVICES: [&str; 2] = ["_http._tcp.local.", "_outlet-hub._tcp.local."];

/// An announcing hub; announces its end when stopped.
pub struct Discovery {
    daemon: ServiceDaemon,
    names: Vec<String>,
    watcher: tokio::task::JoinHandle<()>,
}

impl Discovery {
    /// Announces the hub under `name` with the port of its pages.
    pub fn start(name: &str, port: u16, outlet: &str) -> Result<Self, mdns_sd::Error> {
        let daemon = ServiceDaemon::new()?;
        let services = SERVICES
            .iter()
            .map(|kind| {
                let properties = [("path", "/"), ("outlet", outlet), ("version", env!("CARGO_PKG_VERSION"))];
                let host = format!("{name}.local.");
                Ok(ServiceInfo::new(kind, name, &host, "", port, &properties[..])?.enable_addr_auto())
            })
            .collect::<Result<Vec<_>, mdns_sd::Error>>()?;
        for service in &services {
            daemon.register(service.clone())?;
        }
        let names = services.iter().map(|service| service.get_fullname().to_owned()).collect();
        let watcher = tokio::spawn(watch(daemon.clone(), services));
        Ok(Self { daemon, names, watcher })
    }

    /// Says goodbye, so that browsers forget the hub at once.
    pub fn stop(&self) {
        self.watcher.abort();
        for name in &self.names {
            if let Err(error) = self.daemon.unregister(name) {
                log::debug!("discovery: {error}");
            }
        }
        if let Err(error) = self.daemon.shutdown() {
            log::debug!("discovery: {error}");
        }
    }
}

/// Announces the services again whenever the machine's addresses change.
async fn watch(daemon: ServiceDaemon, services: Vec<ServiceInfo>) {
    let mut every = tokio::time::interval(WATCH_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut known = addresses();
    loop {
        every.tick().await;
        let now = addresses();
        if now == known {
            continue;
        }
        log::info!("discovery.addresses changed: {now:?}");
        known = now;
        for service in &services {
            if let Err(error) = daemon.register(service.clone()) {
                log::warn!("discovery: {error}");
            }
        }
    }
}

/// The machine's addresses on the LAN, in order.
pub fn addresses() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let mut addresses: Vec<IpAddr> = interfaces
        .iter()
        .filter(|interface| !interface.is_loopback())
        .map(|interface| interface.ip())
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}
