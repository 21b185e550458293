//! HTTPS on the LAN, by a certificate authority of the hub's own.
//!
//! No public authority gives certificates for `outlet-hub.local` or 192.168.1.5, and an outlet may never see the internet. So
//! the hub is its own [`authority`], which each till is told once to trust (`/trust`), and makes its own [`certificate`], which
//! `keeper` renews and swaps by itself.
//!
//! **Promise.** Nothing here keeps the hub from selling: with a wrong clock it makes a certificate for the time it believes in,
//! and where there can be no HTTPS at all it says why and answers over HTTP. An authority that people trust is never replaced by
//! itself: one that cannot be read is an error to mend.

pub mod authority;
pub mod certificate;
mod keeper;
mod pem;
pub mod profile;
pub mod trust;

use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;

pub use self::authority::Authority;
pub use self::certificate::Facts;
use self::certificate::Wanted;
pub use self::keeper::Keeper;
use crate::clock::Clock;
use crate::secret_file;

/// Why there is no HTTPS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file of ours.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A certificate that cannot be made.
    #[error("a certificate cannot be made: {0}")]
    Make(#[from] rcgen::Error),
    /// A certificate that cannot be used.
    #[error("a certificate cannot be used: {0}")]
    Use(#[from] rustls::Error),
}

/// How this hub is reached encrypted, for those who tell people.
#[derive(Debug, Clone, Default)]
pub struct Https {
    /// Its port; none where it is off.
    pub port: Option<u16>,
    /// The authority to trust, where there is one.
    pub authority: Option<Arc<Authority>>,
    /// `outlet-hub.local`; none where it is not announced.
    pub host_name: Option<String>,
}

impl Https {
    /// SHA-256 of the authority's certificate, as people compare it: `AB:CD:…`.
    #[must_use]
    pub fn ca_sha256(&self) -> Option<String> {
        self.authority.as_ref().map(|authority| authority.sha256().to_owned())
    }
}

/// Opens the authority and makes sure of a certificate that fits.
pub fn open(data_dir: &Path, name: &str, clock: Clock) -> Result<Keeper, TlsError> {
    let dir = data_dir.join(secret_file::DIR);
    let authority = Authority::open(&dir)?;
    Keeper::start(dir, authority, Wanted::names(name), clock)
}

/// What encrypts connections with the keeper's certificate, which may change.
pub fn acceptor(keeper: &Keeper) -> Result<TlsAcceptor, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(keeper.served());
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // Sessions are resumed by tickets, so that nothing is kept here for each till.
    config.ticketer = rustls::crypto::ring::Ticketer::new()?;
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    config.send_tls13_tickets = 1;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
