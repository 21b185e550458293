//! Against DNS rebinding: a page of the internet whose name suddenly leads to this hub would be the hub's own page to the browser,
//! and could ask it for everything. It cannot change the name that the browser sends, so names that are neither this hub's nor
//! known to its own network alone are refused.
//!
//! An address as a host is what somebody typed; no name server can make a browser send it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, Uri, header};

use super::shown;
use crate::discovery;

/// What routers and mDNS put behind the names of machines on their own network; nobody can buy a name below these.
const LOCAL_SUFFIXES: [&str; 4] = [".local", ".lan", ".home.arpa", ".internal"];
/// Longest name that there is.
const NAME_BYTES_MAX: usize = 253;
/// How long the machine's own addresses are taken to be the same.
const ADDRESSES_FOR: Duration = Duration::from_secs(5);

/// What a client calls a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// By address.
    Address(IpAddr),
    /// By name, in lower case, without a dot at its end.
    Name(String),
}

/// Reads `name`, `name:port`, `192.0.2.1:port` or `[2001:db8::1]:port`.
#[must_use]
pub fn parse(text: &str) -> Option<(Host, Option<u16>)> {
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        // A link-local address may say through which interface.
        let address = address.split('%').next()?;
        (Host::Address(IpAddr::V6(address.parse::<Ipv6Addr>().ok()?).to_canonical()), port)
    } else {
        let (name, port) = text.find(':').map_or((text, ""), |at| text.split_at(at));
        (name_or_v4(name)?, port)
    };
    let port = match port {
        "" | ":" => None,
        port => Some(port.strip_prefix(':')?.parse().ok()?),
    };
    Some((host, port))
}

fn name_or_v4(text: &str) -> Option<Host> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if let Ok(address) = text.parse::<Ipv4Addr>() {
        return Some(Host::Address(IpAddr::V4(address)));
    }
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_name = !text.is_empty() && text.len() <= NAME_BYTES_MAX && text.bytes().all(is_letter);
    is_name.then(|| Host::Name(text.to_ascii_lowercase()))
}

/// Whether an address leads nowhere but to this machine or its networks.
#[must_use]
pub fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(ip) => {
            // 100.64/10 is what providers, and private networks over the internet, give out.
            let is_shared = ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64;
            ip.is_loopback() || ip.is_private() || ip.is_link_local() || is_shared
        }
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// Whether a name is one that only a local network knows.
#[must_use]
pub fn is_local_name(name: &str) -> bool {
    let is_single = !name.contains('.') && name.bytes().any(|byte| byte.is_ascii_alphabetic());
    is_single || name.ends_with(".localhost") || LOCAL_SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
}

/// What the machine is called.
#[must_use]
pub fn machine() -> Option<String> {
    // Asked of the kernel itself: the service does not see `/proc/sys`.
    rustix::system::uname().nodename().to_str().ok().map(str::to_owned)
}

/// Whether `allowed_hosts` can hold an entry.
#[must_use]
pub fn is_entry(text: &str) -> bool {
    matches!(read_entry(text), Some((_, None)))
}

fn read_entry(text: &str) -> Option<(Host, Option<u16>)> {
    // People leave the brackets out where no port follows.
    text.parse::<Ipv6Addr>()
        .map_or_else(|_| parse(text), |ip| Some((Host::Address(IpAddr::V6(ip).to_canonical()), None)))
}

/// The names that this hub answers to.
#[derive(Debug)]
pub(super) struct Hosts {
    /// From the configuration.
    allowed: Vec<Host>,
    /// Names of this machine, which may be the internet's.
    own: Vec<String>,
    addresses: Mutex<Option<(Instant, Vec<IpAddr>)>>,
}

impl Hosts {
    pub(super) fn new(allowed: &[String], discovery: &str, machine: Option<&str>) -> Self {
        let allowed = allowed.iter().filter_map(|entry| read_entry(entry)).map(|(host, _)| host).collect();
        let machine = machine.map(str::to_ascii_lowercase);
        // A machine may be called by its whole name or by its first part.
        let short = machine.as_deref().and_then(|name| name.split('.').next()).map(str::to_owned);
        let mut own = vec!["localhost".to_owned(), discovery.to_ascii_lowercase()];
        own.extend(machine.into_iter().chain(short).filter(|name| !name.is_empty()));
        Self { allowed, own, addresses: Mutex::default() }
    }

    /// Whether a request is for this hub; otherwise the name that is not, or nothing where it has several.
    pub(super) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), String> {
        let mut named = headers.get_all(header::HOST).iter();
        let (first, second) = (named.next(), named.next());
        if second.is_some() {
            return Err(String::new());
        }
        let header = first.map(|value| value.to_str().unwrap_or("?"));
        // Both, where there are both: whatever reads the one later on must not be told the other. With neither, it is no browser.
        for text in uri.authority().map(axum::http::uri::Authority::as_str).into_iter().chain(header) {
            let is_ours = parse(text).is_some_and(|(host, _)| self.allows(&host, |ip| self.has(ip)));
            if !is_ours {
                return Err(if text.is_empty() { "?".to_owned() } else { shown(text) });
            }
        }
        Ok(())
    }

    fn allows(&self, host: &Host, is_own: impl Fn(IpAddr) -> bool) -> bool {
        if self.allowed.contains(host) {
            return true;
        }
        match host {
            Host::Address(address) => is_private(*address) || is_own(*address),
            // Old tills call the hub by whatever name their network had for the old server; none of those can be bought.
            Host::Name(name) => is_local_name(name) || self.own.contains(name),
        }
    }

    /// Whether the machine has an address, as of a moment ago.
    fn has(&self, address: IpAddr) -> bool {
        let mut known = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let fresh = known.as_ref().filter(|(at, _)| now.duration_since(*at) < ADDRESSES_FOR);
        if fresh.is_none() {
            *known = Some((now, discovery::addresses()));
        }
        known.as_ref().is_some_and(|(_, addresses)| addresses.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hub_answers_to_its_own_names_and_to_those_of_its_network_alone() {
        let allowed = ["hub.example.com".to_owned(), "2001:db8::7".to_owned(), "203.0.113.7".to_owned()];
        let hosts = Hosts::new(&allowed, "Outlet-Hub", Some("box-3.example.org"));
        let own = |ip: IpAddr| ip == IpAddr::from([198, 51, 100, 9]) || ip.to_string() == "2001:db8::9";
        for (text, is_ours) in [
            // Addresses of networks like ours, and our own.
            ("192.168.1.5", true),
            ("192.168.1.5:8080", true),
            ("192.168.1.5.", true),
            ("10.0.0.1:80", true),
            ("172.16.0.1", true),
            ("172.32.0.1", false),
            ("100.64.0.1", true),
            ("100.128.0.1", false),
            ("169.254.3.4", true),
            ("127.0.0.1:8080", true),
            ("198.51.100.9:8080", true),
            ("198.51.100.10", false),
            ("203.0.113.7", true),
            ("8.8.8.8", false),
            ("0.0.0.0:8080", false),
            ("[::1]:8080", true),
            ("[::1]", true),
            ("[fe80::1%25eth0]:8080", true),
            ("[fd00::5]", true),
            ("[::ffff:192.168.1.5]", true),
            ("[::ffff:8.8.8.8]", false),
            ("[2001:db8::9]:8080", true),
            ("[2001:DB8::7]", true),
            ("[2001:db8::8]", false),
            // Names.
            ("localhost", true),
            ("LocalHost:8080", true),
            ("localhost.", true),
            ("outlet-hub.local", true),
            ("OUTLET-HUB.LOCAL.:8080", true),
            ("outlet-hub", true),
            ("outlet-hub.lan", true),
            ("outlet-hub.home.arpa", true),
            ("box-3", true),
            ("box-3.local", true),
            ("box-3.example.org:8080", true),
            ("hub.example.com", true),
            ("Hub.Example.Com.:443", true),
            // Others', however much they look like ours.
            ("evil.example", false),
            ("outlet-hub.local.evil.example", false),
            ("outlet-hub.evil.example", false),
            ("192.168.1.5.evil.example", false),
            ("localhost.evil.example", false),
            ("a.hub.example.com", false),
            ("local", true),
            ("kitchen-server.local", true),
            ("server.lan:3002", true),
            ("local.evil", false),
            ("2130706433", false),
            ("127.1", false),
            // Nonsense.
            ("", false),
            (".", false),
            (":8080", false),
            ("localhost:http", false),
            ("localhost:99999", false),
            ("localhost:80:80", false),
            ("::1", false),
            ("[::1", false),
            ("[::1]x", false),
            ("evil@localhost", false),
            ("localhost/x", false),
            ("local host", false),
        ] {
            let found = parse(text).is_some_and(|(host, _)| hosts.allows(&host, own));
            assert_eq!(found, is_ours, "{text}");
        }
    }

    #[test]
    fn the_machine_answers_to_its_own_name() {
        let name = machine().unwrap();
        let hosts = Hosts::new(&[], "outlet-hub", Some(&name));
        let host = parse(&name).unwrap().0;
        assert!(hosts.allows(&host, |_| false), "{name}");
    }

    #[test]
    fn every_name_of_a_request_counts_and_none_is_no_browser() {
        let hosts = Hosts::new(&[], "outlet-hub", None);
        let check = |uri: &'static str, named: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for name in named {
                headers.append(header::HOST, name.parse().unwrap());
            }
            hosts.check(&Uri::from_static(uri), &headers)
        };
        assert_eq!(check("/healthz", &[]), Ok(()));
        assert_eq!(check("/", &["localhost"]), Ok(()));
        assert_eq!(check("/", &["evil.example"]), Err("evil.example".to_owned()));
        assert_eq!(check("/", &[""]), Err("?".to_owned()));
        assert_eq!(check("/", &["localhost", "localhost"]), Err(String::new()));
        assert_eq!(check("http://evil.example/", &["localhost"]), Err("evil.example".to_owned()));
        assert_eq!(check("http://localhost/", &["evil.example"]), Err("evil.example".to_owned()));
        assert_eq!(check("http://localhost/", &[]), Ok(()));
    }

    #[test]
    fn entries_are_names_and_addresses_without_a_port() {
        for (text, is_entry_) in [
            ("hub.example.com", true),
            ("203.0.113.7", true),
            ("2001:db8::7", true),
            ("[2001:db8::7]", true),
            ("hub.example.com:80", false),
            ("https://hub.example.com", false),
            ("*", false),
            ("", false),
        ] {
            assert_eq!(is_entry(text), is_entry_, "{text}");
        }
    }
}
