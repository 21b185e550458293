//! The server: takes connections, plain and encrypted, and hands their requests to the router.
//!
//! A room that anybody on the LAN can reach must not fill up. **Limits:** connections in all and from each address ([`turnstile`]),
//! the time for a TLS handshake ([`accept`]), for a request's head and for an answer to be taken ([`conduit`]), for a body
//! ([`patience`]), and between two requests. HTTP/1.1 alone is spoken: it is what the old clients know, and `WebSocket` needs it.

mod accept;
mod conduit;
mod patience;
mod turnstile;

use std::net::SocketAddr;

pub use self::accept::{Entrance, serve};
pub use self::turnstile::Turnstile;
use crate::live::wire::Line;

/// Who is at the other end of a request's connection; in the extensions of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Their address.
    pub address: SocketAddr,
    /// Whether what they send is encrypted on its way.
    pub is_tls: bool,
}

impl Peer {
    /// Whether nobody between can read along: it is encrypted, or never leaves this machine.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.is_tls || self.address.ip().to_canonical().is_loopback()
    }
}

/// What is known of a connection when it is accepted; in the extensions of every request, as `ConnectInfo`.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Who.
    pub peer: Peer,
    /// The way around the library, for live messages.
    pub line: Line,
}
