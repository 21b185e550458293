//! The server's certificate: for which names and addresses, until when, and whether it still fits.
//!
//! What is in a certificate is kept as a line before it in its file, so that nothing here has to read X.509.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, SanType,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use serde::{Deserialize, Serialize};

use super::{Authority, TlsError, authority, pem};
use crate::secret_file;

/// Facts, key and certificate, in the folder of the secrets.
pub const FILE: &str = "https.pem";
const DAY_S: i64 = 24 * 60 * 60;
/// The longest that every browser takes.
const LIFETIME_S: i64 = 397 * DAY_S;
/// A till's clock may be behind.
const BACKDATED_S: i64 = 7 * DAY_S;

/// What a certificate must be for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Host names.
    pub names: Vec<String>,
    /// Addresses.
    pub addresses: Vec<IpAddr>,
}

impl Wanted {
    /// The hub's names.
    #[must_use]
    pub fn names(name: &str) -> Vec<String> {
        vec![format!("{}.local", name.to_lowercase()), "localhost".to_owned()]
    }

    /// The hub's names, and the machine's addresses as far as the authority may vouch for them. Link-local IPv6 is not
    /// among them: no browser takes it in an address.
    #[must_use]
    pub fn new(names: &[String], machine: &[IpAddr]) -> Self {
        let is_link_local = |ip: &IpAddr| matches!(ip, IpAddr::V6(ip) if ip.is_unicast_link_local());
        let mut addresses: Vec<IpAddr> = vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        addresses
            .extend(machine.iter().copied().filter(|ip| authority::is_permitted(*ip) && !is_link_local(ip)));
        Self { names: names.to_vec(), addresses }
    }
}

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// SHA-256 of the authority that signed it.
    pub authority: String,
    /// Host names.
    pub names: Vec<String>,
    /// Addresses.
    pub addresses: Vec<IpAddr>,
    /// First second at which it is valid, since 1970.
    pub not_before: i64,
    /// The last.
    pub not_after: i64,
}

/// Whether a certificate can go on being served: it is this authority's, for every name and address, valid now, and not in the
/// last third of its life. One for more than is wanted fits too: an address that comes and goes makes no new one each time.
#[must_use]
pub fn fits(facts: &Facts, authority: &str, wanted: &Wanted, now_s: i64) -> bool {
    let lifetime = facts.not_after - facts.not_before;
    facts.authority == authority
        && wanted.names.iter().all(|name| facts.names.contains(name))
        && wanted.addresses.iter().all(|address| facts.addresses.contains(address))
        && now_s >= facts.not_before
        && facts.not_after - now_s >= lifetime / 3
}

/// A certificate with its key.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// What it says.
    pub facts: Facts,
    /// As rustls serves it.
    pub(super) key: Arc<CertifiedKey>,
    /// As it is kept.
    text: String,
}

impl Certificate {
    /// The one in the folder, where there is one that can be read.
    pub(super) fn open(dir: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(dir.join(FILE)).ok()?;
        Self::read(text).inspect_err(|error| log::warn!("https: {FILE} is made anew: {error}")).ok()
    }

    fn read(text: String) -> Result<Self, TlsError> {
        let facts = facts(&text).ok_or_else(|| io::Error::other("it is not what the hub wrote"))?;
        let other = |error| io::Error::other(format!("{error:?}"));
        let key = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(other)?;
        let chain = vec![CertificateDer::from_pem_slice(text.as_bytes()).map_err(other)?];
        let key = rustls::crypto::ring::sign::any_ecdsa_type(&key)?;
        let key = CertifiedKey::new(chain, key);
        key.keys_match()?;
        Ok(Self { facts, key: Arc::new(key), text })
    }

    /// A new one, with a key of its own: browsers refuse two of one authority with the same serial number, and that
    /// follows from the key.
    pub(super) fn make(authority: &Authority, wanted: &Wanted, now_s: i64) -> Result<Self, TlsError> {
        let facts = Facts {
            authority: authority.sha256().to_owned(),
            names: wanted.names.clone(),
            addresses: wanted.addresses.clone(),
            not_before: now_s - BACKDATED_S,
            not_after: now_s - BACKDATED_S + LIFETIME_S,
        };
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let certificate = parameters(&facts)?.signed_by(&key, authority.issuer())?;
        let mut text = serde_json::to_string(&facts).map_err(io::Error::other)?;
        text.push('\n');
        text += &pem::encode("PRIVATE KEY", key.serialized_der());
        text += &pem::encode("CERTIFICATE", certificate.der());
        Self::read(text)
    }

    /// Keeps it for the next start.
    pub(super) fn keep(&self, dir: &Path) -> io::Result<()> {
        secret_file::write(dir, FILE, self.text.as_bytes())
    }
}

/// What the certificate says that is kept for a data folder, where there is one.
pub fn kept(data_dir: &Path) -> io::Result<Option<Facts>> {
    match std::fs::read_to_string(data_dir.join(secret_file::DIR).join(FILE)) {
        Ok(text) => Ok(facts(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn facts(text: &str) -> Option<Facts> {
    serde_json::from_str(text.lines().next()?).ok()
}

fn parameters(facts: &Facts) -> Result<CertificateParams, rcgen::Error> {
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    let at = |seconds: i64| epoch + Duration::from_secs(seconds.max(0) as u64);
    let mut parameters = CertificateParams::default();
    parameters.not_before = at(facts.not_before);
    parameters.not_after = at(facts.not_after);
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CommonName, facts.names.first().map_or("outlet-hub", String::as_str));
    parameters.distinguished_name = subject;
    for name in &facts.names {
        parameters.subject_alt_names.push(SanType::DnsName(name.as_str().try_into()?));
    }
    parameters.subject_alt_names.extend(facts.addresses.iter().map(|address| SanType::IpAddress(*address)));
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    parameters.use_authority_key_identifier_extension = true;
    Ok(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    const NOW_S: i64 = 1_800_000_000;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn wanted(addresses: &[&str]) -> Wanted {
        let addresses: Vec<IpAddr> = addresses.iter().map(|text| ip(text)).collect();
        Wanted::new(&Wanted::names("outlet-hub"), &addresses)
    }

    #[test]
    fn whether_it_fits() {
        let have = wanted(&["192.168.1.5", "10.0.0.2"]);
        let facts = Facts {
            authority: "AA".to_owned(),
            names: have.names.clone(),
            addresses: have.addresses.clone(),
            not_before: NOW_S - BACKDATED_S,
            not_after: NOW_S - BACKDATED_S + LIFETIME_S,
        };
        let renamed = Wanted { names: Wanted::names("kasir"), ..have.clone() };
        for (case, authority, wanted, now_s, is_fitting) in [
            ("fresh", "AA", &have, NOW_S, true),
            ("an address has gone", "AA", &wanted(&["10.0.0.2"]), NOW_S, true),
            ("an address has come", "AA", &wanted(&["192.168.1.5", "192.168.1.6"]), NOW_S, false),
            ("a public address has come", "AA", &wanted(&["8.8.8.8", "2001:db8::1", "fe80::1"]), NOW_S, true),
            ("renamed", "AA", &renamed, NOW_S, false),
            ("another authority", "BB", &have, NOW_S, false),
            ("a till's clock is behind", "AA", &have, NOW_S - 6 * DAY_S, true),
            ("the clock went back", "AA", &have, NOW_S - 8 * DAY_S, false),
            ("the clock shows 1970", "AA", &have, 0, false),
            ("eight months old", "AA", &have, NOW_S + 250 * DAY_S, true),
            ("in its last third", "AA", &have, NOW_S + 265 * DAY_S, false),
            ("expired", "AA", &have, NOW_S + 400 * DAY_S, false),
        ] {
            assert_eq!(fits(&facts, authority, wanted, now_s), is_fitting, "{case}");
        }
    }

    #[test]
    fn one_that_was_made_fits_is_kept_and_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::open(folder.path()).unwrap();
        assert!(Certificate::open(folder.path()).is_none());
        let made = Certificate::make(&authority, &wanted(&["192.168.1.5"]), NOW_S).unwrap();
        assert!(fits(&made.facts, authority.sha256(), &wanted(&["192.168.1.5"]), NOW_S));
        assert!(made.facts.not_after - made.facts.not_before <= 397 * DAY_S);
        made.keep(folder.path()).unwrap();
        let path = folder.path().join(FILE);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let read = Certificate::open(folder.path()).unwrap();
        assert_eq!((read.facts, read.key.cert.clone()), (made.facts.clone(), made.key.cert.clone()));
        assert_eq!(facts(&std::fs::read_to_string(&path).unwrap()), Some(made.facts));
        std::fs::write(&path, "{}").unwrap();
        assert!(Certificate::open(folder.path()).is_none(), "what is damaged is made anew");
    }

    #[test]
    fn the_clock_may_show_anything() {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::open(folder.path()).unwrap();
        for now_s in [0, NOW_S, 4_102_444_800] {
            let made = Certificate::make(&authority, &wanted(&[]), now_s).unwrap();
            assert!(fits(&made.facts, authority.sha256(), &wanted(&[]), now_s), "{now_s}");
        }
    }
}
