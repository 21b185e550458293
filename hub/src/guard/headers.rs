//! What every answer tells the browser to be careful about.
//!
//! `Strict-Transport-Security` is not among it, on purpose: it would turn every address of this host to HTTPS for good, and kitchen
//! screens that cannot be taught the hub's CA go on over plain HTTP.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::Place;

/// For answers that are data.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
/// For pictures that are opened as a page: an SVG is a document, and may bring a script.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";
/// For the page that shows the API: its scripts are files, its icons `data:` addresses, and it tries requests out. It writes
/// one style of its own, known by its hash; `tests/browser` notices when another version of the page writes another.
const DOCUMENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; \
                               connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// For the front end where its pages say nothing themselves.
const PAGE_POLICY: &str =
    "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'";
/// A till scans with its camera. What a page may have anyway without asking (sound, the whole screen, staying awake) is left as it
/// is; a feature that a browser does not know would be an error in its console, so these are the ones that all of them know.
const PERMISSIONS: &str = "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), \
                           midi=(), accelerometer=(), gyroscope=(), magnetometer=(), display-capture=(), \
                           publickey-credentials-get=(), xr-spatial-tracking=()";
/// Answers with tokens or people in them: nobody is to keep a copy.
const PERSONAL: [&str; 7] = [
    "/api/customers/",
    "/api/token/",
    "/api/users/",
    "/api/devices/",
    "/api/pairing-codes/",
    "/api/staff/",
    "/api/hub/audit/",
];

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// What goes onto answers.
#[derive(Debug)]
pub(super) struct Headers {
    page_policy: HeaderValue,
}

impl Headers {
    /// `policies` are what the front end's pages say of themselves.
    pub(super) fn new(policies: &[String]) -> Self {
        let policy = page_policy(policies);
        Self { page_policy: HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(PAGE_POLICY)) }
    }

    pub(super) fn put(&self, answer: &mut HeaderMap, path: &str, place: Place, is_secure: bool) {
        let policy = match place {
            Place::Api | Place::Live | Place::Health => HeaderValue::from_static(DATA_POLICY),
            Place::Media => HeaderValue::from_static(PICTURE_POLICY),
            Place::Document => HeaderValue::from_static(DOCUMENT_POLICY),
            Place::Page => self.page_policy.clone(),
        };
        // Old tills load the client and the pictures into pages of other servers.
        let is_shared = matches!(place, Place::Live | Place::Media);
        let resource = if is_shared { "cross-origin" } else { "same-origin" };
        for (name, value) in [
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
            (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
            (PERMISSIONS_POLICY, HeaderValue::from_static(PERMISSIONS)),
            (RESOURCE_POLICY, HeaderValue::from_static(resource)),
        ] {
            answer.insert(name, value);
        }
        // Browsers complain about it, and do not heed it, where somebody between could have put it there.
        if is_secure {
            answer.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
        }
        if PERSONAL.iter().any(|personal| path.starts_with(personal)) {
            answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
}

/// The pages' own policies as one, with what only a header can say. Each page begins with a script of its own, known by its
/// hash: the header allows them all, and a page's own tag only the one that is its. `'self'` covers the WebSocket in every browser that
/// the pages run in.
fn page_policy(policies: &[String]) -> String {
    let fallback = [PAGE_POLICY.to_owned()];
    let policies = if policies.is_empty() { &fallback } else { policies };
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for directive in policies.iter().flat_map(|policy| policy.split(';')) {
        let mut words = directive.split_ascii_whitespace();
        if let Some(name) = words.next() {
            all.entry(name).or_default().extend(words);
        }
    }
    all.entry("default-src").or_default();
    let scripts = all.entry("script-src").or_default();
    scripts.insert("'self'");
    all.insert("frame-ancestors", BTreeSet::from(["'none'"]));
    let directives = all.into_iter().map(|(name, mut sources)| {
        if sources.len() > 1 {
            sources.remove("'none'");
        }
        if name.starts_with("script-src") || name == "default-src" {
            // Whatever a page should say: never more than files, and scripts that are known.
            sources.retain(|source| {
                !source.starts_with("'unsafe-") && !matches!(*source, "*" | "data:" | "blob:")
            });
        }
        if sources.is_empty() {
            sources.insert("'none'");
        }
        format!("{name} {}", sources.into_iter().collect::<Vec<_>>().join(" "))
    });
    directives.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policies_of_pages_become_one_that_is_no_weaker() {
        let policy = |policies: &[&str]| {
            page_policy(&policies.iter().map(|policy| (*policy).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(
            policy(&[
                "default-src 'self'; script-src 'self' 'sha256-b='",
                "script-src 'sha256-a='; object-src 'none'"
            ]),
            "default-src 'self'; frame-ancestors 'none'; object-src 'none'; script-src 'self' 'sha256-a=' 'sha256-b='"
        );
        assert_eq!(
            policy(&["script-src 'unsafe-inline' 'unsafe-eval' data: *; frame-ancestors *"]),
            "default-src 'none'; frame-ancestors 'none'; script-src 'self'"
        );
        assert!(policy(&[]).contains("script-src 'self'"));
    }

    #[test]
    fn the_built_pages_are_allowed_their_scripts_by_hash_alone() {
        let policies = crate::pages::policies();
        let policy = page_policy(&policies);
        let scripts = policy.split("; ").find(|directive| directive.starts_with("script-src ")).unwrap();
        for source in scripts.split(' ').skip(1) {
            assert!(source == "'self'" || source.starts_with("'sha256-"), "{scripts}");
        }
        // A program without pages has none.
        assert!(policies.is_empty() || scripts.contains("'sha256-"), "{scripts}");
        assert!(HeaderValue::try_from(policy).is_ok());
    }

    #[test]
    fn a_secure_page_is_alone_and_what_old_pages_load_may_be_loaded() {
        let headers = Headers::new(&[]);
        let put = |path, place, is_secure| {
            let mut answer = HeaderMap::new();
            headers.put(&mut answer, path, place, is_secure);
            answer
        };
        assert_eq!(put("/", Place::Page, true)[OPENER_POLICY], "same-origin");
        assert!(!put("/", Place::Page, false).contains_key(OPENER_POLICY));
        for (place, wanted) in [
            (Place::Page, "same-origin"),
            (Place::Api, "same-origin"),
            (Place::Live, "cross-origin"),
            (Place::Media, "cross-origin"),
        ] {
            assert_eq!(put("/", place, true)[RESOURCE_POLICY], wanted, "{place:?}");
        }
        assert_eq!(put("/api/token/refresh/", Place::Api, false)[header::CACHE_CONTROL], "no-store");
        assert!(!put("/api/orders/", Place::Api, false).contains_key(header::CACHE_CONTROL));
    }
}
