//! Keeps a certificate that fits, and swaps it under the connections without a restart.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::certificate::{Certificate, Facts, Wanted, fits};
use super::{Authority, TlsError};
use crate::clock::Clock;
use crate::discovery;

/// The certificate that is served now.
#[derive(Debug)]
pub(super) struct Served(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Served {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        // There is one for every name and address; a device that asks by an address names nothing at all.
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Keeps the certificate.
#[derive(Debug)]
pub struct Keeper {
    dir: PathBuf,
    authority: Arc<Authority>,
    names: Vec<String>,
    clock: Clock,
    facts: Mutex<Facts>,
    served: Arc<Served>,
}

impl Keeper {
    /// Begins with the certificate in the folder, or with a new one where that does not fit.
    pub(super) fn start(
        dir: PathBuf,
        authority: Authority,
        names: Vec<String>,
        clock: Clock,
    ) -> Result<Self, TlsError> {
        let wanted = Wanted::new(&names, &discovery::addresses());
        let now_s = clock.plausible_ms() / 1_000;
        let kept =
            Certificate::open(&dir).filter(|kept| fits(&kept.facts, authority.sha256(), &wanted, now_s));
        let certificate = match kept {
            Some(kept) => kept,
            None => make(&dir, &authority, &wanted, now_s)?,
        };
        announce(&certificate.facts);
        Ok(Self {
            dir,
            authority: Arc::new(authority),
            names,
            clock,
            facts: Mutex::new(certificate.facts),
            served: Arc::new(Served(RwLock::new(certificate.key))),
        })
    }

    /// The authority that signs.
    #[must_use]
    pub fn authority(&self) -> &Arc<Authority> {
        &self.authority
    }

    /// What the certificate says that is served now.
    #[must_use]
    pub fn facts(&self) -> Facts {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn served(&self) -> Arc<Served> {
        Arc::clone(&self.served)
    }

    /// What a certificate must be for and when, where the one that is served does not fit any more.
    fn lacking(&self, machine: &[IpAddr]) -> Option<(Wanted, i64)> {
        let wanted = Wanted::new(&self.names, machine);
        let now_s = self.clock.plausible_ms() / 1_000;
        (!fits(&self.facts(), self.authority.sha256(), &wanted, now_s)).then_some((wanted, now_s))
    }

    /// Serves a new certificate.
    fn renew(&self, wanted: &Wanted, now_s: i64) -> Result<(), TlsError> {
        let fresh = make(&self.dir, &self.authority, wanted, now_s)?;
        announce(&fresh.facts);
        *self.served.0.write().unwrap_or_else(PoisonError::into_inner) = fresh.key;
        *self.facts.lock().unwrap_or_else(PoisonError::into_inner) = fresh.facts;
        Ok(())
    }

    /// Looks once; answers what a new certificate says, where it took one. Waits for the disk.
    pub fn look(&self) -> Result<Option<Facts>, TlsError> {
        let Some((wanted, now_s)) = self.lacking(&discovery::addresses()) else { return Ok(None) };
        self.renew(&wanted, now_s)?;
        Ok(Some(self.facts()))
    }
}

/// A new certificate, kept for the next start where the disk takes it.
fn make(dir: &Path, authority: &Authority, wanted: &Wanted, now_s: i64) -> Result<Certificate, TlsError> {
    let certificate = Certificate::make(authority, wanted, now_s)?;
    if let Err(error) = certificate.keep(dir) {
        log::warn!("https: the certificate lasts until the hub stops: {error}");
    }
    let Facts { names, addresses, .. } = &certificate.facts;
    log::info!("https: a certificate was made for {}, {addresses:?}", names.join(", "));
    Ok(certificate)
}

fn announce(facts: &Facts) {
    metrics::gauge!("outlet_hub_certificate_expires_seconds").set(facts.not_after as f64);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};

    impl Keeper {
        /// Looks once.
        fn look_at(&self, machine: &[IpAddr]) {
            if let Some((wanted, now_s)) = self.lacking(machine) {
                self.renew(&wanted, now_s).unwrap();
            }
        }
    }

    #[test]
    fn an_address_that_comes_and_a_clock_that_jumps_make_a_new_certificate() {
        let folder = tempfile::tempdir().unwrap();
        let ahead_ms = Clock::system().now_ms() + 3_600_000;
        let now_ms = Arc::new(AtomicI64::new(ahead_ms));
        let authority = Authority::open(folder.path()).unwrap();
        let clock = Clock::fixed(Arc::clone(&now_ms));
        let keeper =
            Keeper::start(folder.path().to_owned(), authority, Wanted::names("outlet-hub"), clock).unwrap();
        let shown = |keeper: &Keeper| Arc::clone(&keeper.served.0.read().unwrap());
        let mut machine = discovery::addresses();
        let first = shown(&keeper);
        keeper.look_at(&machine);
        assert!(Arc::ptr_eq(&first, &shown(&keeper)), "nothing has changed");

        let came: IpAddr = "10.99.88.77".parse().unwrap();
        machine.push(came);
        keeper.look_at(&machine);
        let second = shown(&keeper);
        assert!(!Arc::ptr_eq(&first, &second) && keeper.facts().addresses.contains(&came));
        assert_eq!(Certificate::open(folder.path()).unwrap().facts, keeper.facts(), "it is kept");

        // To the year 2099, and back.
        for jumped_ms in [4_080_000_000_000, ahead_ms] {
            now_ms.store(jumped_ms, Ordering::Relaxed);
            keeper.look_at(&machine);
            let facts = keeper.facts();
            assert!((facts.not_before..facts.not_after).contains(&(jumped_ms / 1_000)), "{facts:?}");
        }
        // A clock that shows 1970 is not believed: the program was built later.
        now_ms.store(0, Ordering::Relaxed);
        keeper.look_at(&machine);
        assert!(keeper.facts().not_after > Clock::system().now_ms() / 1_000);
    }
}
