//! The hub's own certificate authority: a key that stays in the box, and a certificate that tills are told to trust.
//!
//! Whoever trusts it trusts whoever holds its key, so it is made worth little to a thief. Its certificate says, and browsers
//! enforce (critical name constraints), that it vouches only for names below `local`, for `localhost`, and for addresses of
//! private networks; and only for servers (an extended key usage), so never for mail or programs. It cannot vouch for a bank.
//!
//! **Why `local` and not the hub's name.** `local` is never a public name (RFC 6762), so permitting all of it gives nothing
//! away outside the LAN, and the hub can be renamed without every till having to trust a new authority: nothing in the
//! certificate depends on the configuration. A bare name (`https://outlet-hub/`) is left out on purpose. A name in a
//! constraint stands for everything below it too, and a hub may be called `cafe`, `bar` or `pizza`, which are top-level
//! domains of the internet.

use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, PKCS_ECDSA_P256_SHA256,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest as _, Sha256};

use super::{TlsError, pem};
use crate::{clock, secret_file};

/// Key and certificate, in the folder of the secrets.
pub const FILE: &str = "ca.pem";
/// Names that are never public.
const NAMES: [&str; 2] = ["local", "localhost"];
/// Networks that are never public, with the length of their prefix.
const NETWORKS: [(&str, u8); 8] = [
    ("10.0.0.0", 8),
    ("172.16.0.0", 12),
    ("192.168.0.0", 16),
    ("127.0.0.0", 8),
    ("169.254.0.0", 16),
    ("fc00::", 7),
    ("fe80::", 10),
    ("::1", 128),
];
const YEAR_HOURS: u64 = 365 * 24;
/// The box's clock may be wrong, so validity is reckoned from when the program was built: well before, and long after.
const VALID_BEFORE_BUILD: Duration = Duration::from_hours(2 * YEAR_HOURS);
const VALID_AFTER_BUILD: Duration = Duration::from_hours(20 * YEAR_HOURS);

/// The authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    name: String,
    sha256: String,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Authority").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Authority {
    /// The one in the folder, made where there is none.
    pub fn open(dir: &Path) -> Result<Self, TlsError> {
        let path = dir.join(FILE);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Self::make(dir),
            Err(error) => {
                return Err(io::Error::new(error.kind(), format!("{}: {error}", path.display())).into());
            }
        };
        Self::read(&text).ok_or_else(|| {
            let what = format!("{} is not what the hub wrote; put it back from a backup", path.display());
            io::Error::other(what).into()
        })
    }

    fn read(text: &[u8]) -> Option<Self> {
        let key = KeyPair::try_from(&PrivateKeyDer::from_pem_slice(text).ok()?).ok()?;
        let certificate = CertificateDer::from_pem_slice(text).ok()?;
        Some(Self::new(key, certificate))
    }

    fn make(dir: &Path) -> Result<Self, TlsError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let certificate = parameters(&key).self_signed(&key)?.der().clone();
        let text =
            pem::encode("PRIVATE KEY", key.serialized_der()) + &pem::encode("CERTIFICATE", &certificate);
        secret_file::write(dir, FILE, text.as_bytes())?;
        let made = Self::new(key, certificate);
        log::info!("https: a certificate authority was made: {}, SHA-256 {}", made.name, made.sha256);
        Ok(made)
    }

    fn new(key: KeyPair, certificate: CertificateDer<'static>) -> Self {
        let sha256 =
            Sha256::digest(&certificate).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>();
        let name = name(&key);
        Self { issuer: Issuer::new(parameters(&key), key), certificate, name, sha256: sha256.join(":") }
    }

    /// Signs with its key.
    pub(super) fn issuer(&self) -> &Issuer<'static, KeyPair> {
        &self.issuer
    }

    /// Its certificate, as DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.certificate
    }

    /// Its certificate, as text.
    #[must_use]
    pub fn pem(&self) -> String {
        pem::encode("CERTIFICATE", &self.certificate)
    }

    /// What devices call it in their lists.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of its certificate: `AB:CD:…`.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

/// Unique for each box, because a device may trust several: it follows from the key.
fn name(key: &KeyPair) -> String {
    let hash = Sha256::digest(key.public_key_raw());
    format!("Outlet Hub {:02X}{:02X}-{:02X}{:02X}", hash[0], hash[1], hash[2], hash[3])
}

/// What its certificate says. The subject must stay as it is: certificates are signed in this name with an authority
/// that an older version of this program made.
fn parameters(key: &KeyPair) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    let built = rcgen::date_time_ymd(1970, 1, 1) + Duration::from_millis(clock::built_ms() as u64);
    parameters.not_before = built - VALID_BEFORE_BUILD;
    parameters.not_after = built + VALID_AFTER_BUILD;
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CommonName, name(key));
    subject.push(DnType::OrganizationName, "Outlet Hub");
    parameters.distinguished_name = subject;
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let names = NAMES.iter().map(|name| GeneralSubtree::DnsName((*name).to_owned()));
    let networks =
        networks().map(|(ip, prefix)| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(ip, prefix)));
    parameters.name_constraints = Some(NameConstraints {
        permitted_subtrees: names.chain(networks).collect(),
        excluded_subtrees: Vec::new(),
    });
    parameters
}

fn networks() -> impl Iterator<Item = (IpAddr, u8)> {
    NETWORKS.iter().filter_map(|(ip, prefix)| Some((ip.parse().ok()?, *prefix)))
}

/// Whether it may vouch for an address.
#[must_use]
pub fn is_permitted(address: IpAddr) -> bool {
    networks().any(|(network, prefix)| match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            (network.to_bits() ^ address.to_bits()).leading_zeros() >= u32::from(prefix)
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => {
            (network.to_bits() ^ address.to_bits()).leading_zeros() >= u32::from(prefix)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn it_is_made_once_kept_and_readable_by_the_hub_alone() {
        let folder = tempfile::tempdir().unwrap();
        let first = Authority::open(folder.path()).unwrap();
        let again = Authority::open(folder.path()).unwrap();
        assert_eq!((first.der(), first.name()), (again.der(), again.name()));
        let mode = std::fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let other = tempfile::tempdir().unwrap();
        assert_ne!(Authority::open(other.path()).unwrap().name(), first.name());
    }

    #[test]
    fn one_that_cannot_be_read_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "damaged").unwrap();
        let error = Authority::open(folder.path()).unwrap_err().to_string();
        assert!(error.contains(FILE), "{error}");
        assert_eq!(std::fs::read(folder.path().join(FILE)).unwrap(), b"damaged");
    }

    #[test]
    fn it_vouches_for_private_addresses_and_no_others() {
        for (address, is_permitted_there) in [
            ("10.1.2.3", true),
            ("172.15.0.1", false),
            ("172.31.255.255", true),
            ("172.32.0.1", false),
            ("192.168.1.5", true),
            ("192.169.1.5", false),
            ("169.254.7.7", true),
            ("127.0.0.1", true),
            ("8.8.8.8", false),
            ("::1", true),
            ("::2", false),
            ("fd12::1", true),
            ("fe80::1", true),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_permitted(address.parse().unwrap()), is_permitted_there, "{address}");
        }
        assert_eq!(networks().count(), NETWORKS.len(), "each is an address");
    }
}
