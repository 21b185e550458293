//! Being found on the LAN: mDNS announces the pages as `_http._tcp` and `_https._tcp`, the hub as `_outlet-hub._tcp`, and
//! answers for `<name>.local`.
//!
//! The library follows interfaces by itself, with known gaps after an interface goes down and up or changes its address.
//! So they are watched here too, and every change says goodbye and announces everything anew.

use std::net::IpAddr;
use std::time::Duration;

use mdns_sd::{ServiceDaemon, ServiceInfo};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

/// How often the machine's addresses are looked at.
const WATCH_EVERY: Duration = Duration::from_secs(2);
/// How long a goodbye may take.
const GOODBYE_WITHIN: Duration = Duration::from_millis(500);
/// What is announced at the port of the pages: a page for people, the hub for programs.
const SERVICES: [&str; 2] = ["_http._tcp.local.", "_outlet-hub._tcp.local."];
/// What is announced where they are encrypted.
const ENCRYPTED: &str = "_https._tcp.local.";

/// What is announced, and where.
#[derive(Debug, Clone)]
struct Announcement {
    name: String,
    port: u16,
    https_port: Option<u16>,
    outlet: String,
}

/// An announcing hub; announces its end when stopped.
pub struct Discovery {
    stop: watch::Sender<bool>,
    watcher: tokio::task::JoinHandle<()>,
}

impl Discovery {
    /// Announces the hub under `name` with the ports of its pages, and again whenever the machine's addresses change.
    pub fn start(
        name: &str,
        port: u16,
        https_port: Option<u16>,
        outlet: &str,
    ) -> Result<Self, mdns_sd::Error> {
        let announcement =
            Announcement { name: name.to_owned(), port, https_port, outlet: outlet.to_owned() };
        let (stop, stopped) = watch::channel(false);
        let daemon = announcement.announce()?;
        Ok(Self { stop, watcher: tokio::spawn(keep_announced(announcement, daemon, stopped)) })
    }

    /// Says goodbye, so that browsers forget the hub at once.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.watcher.await;
    }
}

impl Announcement {
    /// Each kind of service, with its port.
    fn services(&self) -> impl Iterator<Item = (&'static str, u16)> {
        let plain = SERVICES.into_iter().map(|kind| (kind, self.port));
        plain.chain(self.https_port.map(|port| (ENCRYPTED, port)))
    }

    fn announce(&self) -> Result<ServiceDaemon, mdns_sd::Error> {
        let daemon = ServiceDaemon::new()?;
        for (kind, port) in self.services() {
            let properties =
                [("path", "/"), ("outlet", self.outlet.as_str()), ("version", env!("CARGO_PKG_VERSION"))];
            let host = format!("{}.local.", self.name);
            let service = ServiceInfo::new(kind, &self.name, &host, "", port, &properties[..])?;
            daemon.register(service.enable_addr_auto())?;
        }
        Ok(daemon)
    }

    /// Says goodbye and ends the daemon.
    async fn withdraw(&self, daemon: &ServiceDaemon) {
        for (kind, _) in self.services() {
            if let Ok(done) = daemon.unregister(&format!("{}.{kind}", self.name)) {
                let _ = tokio::time::timeout(GOODBYE_WITHIN, done.recv_async()).await;
            }
        }
        if let Ok(done) = daemon.shutdown() {
            let _ = tokio::time::timeout(GOODBYE_WITHIN, done.recv_async()).await;
        }
    }
}

/// Begins anew with a daemon of its own after each change: one that has seen an address go keeps answering with it.
async fn keep_announced(
    announcement: Announcement,
    mut daemon: ServiceDaemon,
    mut stopped: watch::Receiver<bool>,
) {
    let mut every = tokio::time::interval(WATCH_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut known = interfaces();
    let mut last = known.clone();
    let mut has_changed = false;
    loop {
        tokio::select! {
            _ = every.tick() => {}
            _ = stopped.changed() => return announcement.withdraw(&daemon).await,
        }
        let now = interfaces();
        has_changed |= now != known;
        let is_settled = now == last && now.iter().any(is_usable);
        last.clone_from(&now);
        if !has_changed || !is_settled {
            continue;
        }
        log::info!("discovery.addresses changed: {now:?}");
        announcement.withdraw(&daemon).await;
        match announcement.announce() {
            Ok(fresh) => {
                daemon = fresh;
                known = now;
                has_changed = false;
            }
            // Tried again at the next look.
            Err(error) => log::warn!("discovery: {error}"),
        }
    }
}

/// Whether an address leads anywhere. In the moment between two addresses there is none: a goodbye for the old one, and
/// everything else, waits for the new one.
fn is_usable((_, ip, is_up): &(String, IpAddr, bool)) -> bool {
    let is_link_local = match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    };
    *is_up && !is_link_local
}

/// Interfaces that are up, with their addresses.
fn interfaces() -> Vec<(String, IpAddr, bool)> {
    let mut all: Vec<(String, IpAddr, bool)> = if_addrs::get_if_addrs()
        .unwrap_or_default()
        .iter()
        .filter(|interface| !interface.is_loopback())
        .map(|interface| (interface.name.clone(), interface.ip(), interface.is_oper_up()))
        .collect();
    all.sort_unstable();
    all
}

/// The machine's addresses on the LAN, in order.
pub fn addresses() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let mut addresses: Vec<IpAddr> =
        interfaces.iter().filter(|interface| !interface.is_loopback()).map(if_addrs::Interface::ip).collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}
