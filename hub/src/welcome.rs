//! What the hub prints when it is ready: the addresses of each page, for people.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

use crate::discovery;
use crate::start::Running;

impl Running {
    /// The addresses of each page; `name` is the one that is announced.
    #[must_use]
    pub fn addresses(&self, name: Option<&str>) -> String {
        let port = self.http.port();
        let mut text = String::from("Outlet Hub is ready.\n");
        for host in hosts(self.http, name) {
            let plain = format!("http://{host}{}", suffix(port, 80));
            let encrypted = self.https.port.map(|port| format!("https://{host}{}", suffix(port, 443)));
            let _ = writeln!(text, "\n  Start    {plain}/");
            // Where people sign in, the address where nobody reads along comes first.
            for (page, path) in [("Till", "pos"), ("Admin", "admin")] {
                let _ = match &encrypted {
                    Some(encrypted) => writeln!(text, "  {page:<8} {encrypted}/{path}   or {plain}/{path}"),
                    None => writeln!(text, "  {page:<8} {plain}/{path}"),
                };
            }
            for (page, path) in [("Kitchen", "kitchen"), ("API", "api/schema/swagger-ui/")] {
                let _ = writeln!(text, "  {page:<8} {plain}/{path}");
            }
        }
        if let (Some(port), Some(sha256)) = (self.https.port, self.https.ca_sha256()) {
            let _ = writeln!(
                text,
                "\n  Encrypted: port {port}. Each device trusts the hub once, at /trust; it shows SHA-256"
            );
            let _ = writeln!(text, "  {sha256}");
        }
        let old = self.socketio.port();
        let _ = writeln!(text, "\n  Old tills and screens (Socket.IO): port {old} and port {port}");
        text
    }
}

/// What stands for this machine in an address.
fn hosts(http: SocketAddr, name: Option<&str>) -> Vec<String> {
    if !http.ip().is_unspecified() {
        return vec![host(http.ip())];
    }
    let mut hosts: Vec<String> = name.map(|name| format!("{name}.local")).into_iter().collect();
    hosts.extend(discovery::addresses().into_iter().filter(IpAddr::is_ipv4).map(host));
    hosts.push("localhost".to_owned());
    hosts
}

fn host(ip: IpAddr) -> String {
    if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() }
}

/// What stands behind a host name for a port that is not the usual one.
fn suffix(port: u16, usual: u16) -> String {
    if port == usual { String::new() } else { format!(":{port}") }
}
