//! What a claim has given this hub: where its relay is, and by what it is known there. A file beside the ledger, for the hub alone.

use std::io;
use std::path::{Path, PathBuf};

use protocol::ids::Id;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::secret_file;

/// The file.
const NAME: &str = "relay";
/// What a credential begins with on the wire: a version, and what a search for leaked secrets can look for.
const PREFIX: &str = "ohr1";

/// What a claim has given this hub.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// The relay.
    pub url: Url,
    /// Where records go up, below the relay's address.
    pub uplink_path: String,
    /// The chain.
    pub tenant: Id,
    /// The outlet, as the chain knows it.
    pub outlet: Id,
    /// This box.
    pub hub: Id,
    /// What it proves itself by.
    secret: String,
    /// The certificate of the authority that vouches for the relay, as PEM, where it is none of the system's.
    pub authority: Option<String>,
}

impl std::fmt::Debug for Credential {
    /// Never the secret.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Credential({} at {})", self.hub, self.url)
    }
}

impl Credential {
    /// From a claim's answer.
    #[must_use]
    pub const fn new(
        url: Url,
        uplink_path: String,
        (tenant, outlet, hub): (Id, Id, Id),
        secret: String,
        authority: Option<String>,
    ) -> Self {
        Self { url, uplink_path, tenant, outlet, hub, secret, authority }
    }

    /// The credential of a data folder; none where the hub is not claimed.
    pub fn open(data_dir: &Path) -> io::Result<Option<Self>> {
        let path = path(data_dir);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io::Error::new(error.kind(), format!("{}: {error}", path.display()))),
        };
        let read = toml::from_str(&text);
        read.map(Some)
            .map_err(|_| io::Error::other(format!("{} is not what a claim has written", path.display())))
    }

    /// Keeps it, in place of any other.
    pub fn keep(&self, data_dir: &Path) -> io::Result<()> {
        let text = toml::to_string(self).map_err(io::Error::other)?;
        secret_file::write(&data_dir.join(secret_file::DIR), NAME, text.as_bytes())
    }

    /// The value of the `Authorization` header.
    #[must_use]
    pub fn bearer(&self) -> String {
        format!("Bearer {PREFIX}.{}.{}.{}", self.tenant.simple(), self.hub.simple(), self.secret)
    }
}

fn path(data_dir: &Path) -> PathBuf {
    data_dir.join(secret_file::DIR).join(NAME)
}

/// A relay's address as a person types it. Without TLS it is taken on this machine alone, where nobody can listen.
pub fn relay_url(text: &str) -> Result<Url, String> {
    let text = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&text).map_err(|error| format!("{text} is no address: {error}"))?;
    let host = url.host_str().ok_or_else(|| format!("{text} names no host"))?;
    let is_here = host == "localhost" || host.trim_matches(['[', ']']).parse().is_ok_and(is_loopback);
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_here => Ok(url),
        "http" => Err(format!("{text} is not encrypted: use https://{host}")),
        other => Err(format!("{other}:// leads to no relay: use https://{host}")),
    }
}

fn is_loopback(address: std::net::IpAddr) -> bool {
    address.is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_where_nobody_can_listen() {
        for (typed, read) in [
            ("relay.example.com", "https://relay.example.com/"),
            ("https://relay.example.com:8444", "https://relay.example.com:8444/"),
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000/"),
            ("http://[::1]:9000", "http://[::1]:9000/"),
            ("http://localhost:9000/", "http://localhost:9000/"),
        ] {
            assert_eq!(relay_url(typed).unwrap().as_str(), read);
        }
        for typed in
            ["http://relay.example.com", "http://192.168.1.4", "ftp://relay.example.com", "https://", ""]
        {
            assert!(relay_url(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_credential_is_kept_for_the_hub_alone_and_shown_to_nobody() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Credential::open(folder.path()).unwrap(), None);
        let ids = (Id::from_u128(1), Id::from_u128(2), Id::from_u128(3));
        let url = relay_url("relay.example.com").unwrap();
        let made = Credential::new(url, "/uplink/v1".to_owned(), ids, "geheim".to_owned(), None);
        made.keep(folder.path()).unwrap();
        assert_eq!(Credential::open(folder.path()).unwrap(), Some(made.clone()));
        let mode = std::fs::metadata(path(folder.path())).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!format!("{made:?}").contains("geheim"));
        assert!(made.bearer().ends_with(".geheim"));
        std::fs::write(path(folder.path()), "url = 3").unwrap();
        assert!(Credential::open(folder.path()).is_err());
    }
}
