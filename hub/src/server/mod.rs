//! Connections: who is at their other end, and how.

use std::net::SocketAddr;

use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;

use crate::live::wire::{Line, Lines};

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

/// What is known of a connection when it is accepted.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Who.
    pub peer: Peer,
    /// The way around the library, for live messages.
    pub line: Line,
}

impl Connected<IncomingStream<'_, Lines>> for Connection {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Self {
        let peer = Peer { address: *stream.remote_addr(), is_tls: false };
        Self { peer, line: stream.io().line() }
    }
}
