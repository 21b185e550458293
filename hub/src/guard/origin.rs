//! Pages of other servers: which of them may ask this hub, and how a browser is told.
//!
//! Old tills and kitchen screens are pages of some other box on the same network, so by default every page of a private network is let
//! in. A page of the internet is not: it may be open on any till's tablet, and would otherwise work this hub with that tablet's
//! hands. A browser sends along from where a page is whenever it changes something or opens a WebSocket, so that those are refused here
//! rather than only made unreadable. What comes with no origin is no page of another server.
//!
//! Credentials in the browser's sense are cookies. There are none, so they are never allowed.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::host::{Host, is_local_name, is_private, parse};
use super::{is_change, shown};

/// The word for every page of a private network.
const PRIVATE: &str = "private";
/// What browsers send for pages that are nobody's: files, and frames that are shut in.
const NOBODY: &str = "null";
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
/// Answer headers that a page of another server may read.
const EXPOSED: &str = "x-ledger-epoch, x-ledger-seq, retry-after";
/// How long a browser may remember what it was allowed: old tills ask before each write.
const REMEMBERED_S: &str = "600";

/// Where a page stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// No page of another server.
    Own,
    /// One that is let in: its origin as it was sent.
    Allowed(HeaderValue),
    /// One that is not: its origin as it may be shown.
    Foreign(String),
}

/// Which pages of other servers are let in.
#[derive(Debug)]
pub(super) struct Origins {
    exact: Vec<Origin>,
    is_private_allowed: bool,
}

/// From where a page is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    /// A web server, with its port.
    Web { is_tls: bool, host: Host, port: u16 },
    /// Anything else, in lower case: an app's own scheme, or nobody.
    Other(String),
}

impl Origin {
    fn read(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let Some((scheme, authority)) = text.split_once("://") else {
            return (text == NOBODY).then_some(Self::Other(text));
        };
        let is_tls = match scheme {
            "http" => false,
            "https" => true,
            _ => {
                return (!scheme.is_empty() && !authority.contains(['/', '?', '#']))
                    .then_some(Self::Other(text));
            }
        };
        let (host, port) = parse(authority)?;
        Some(Self::Web { is_tls, host, port: port.unwrap_or_else(|| default_port(is_tls)) })
    }

    fn is_private(&self) -> bool {
        match self {
            Self::Web { host: Host::Address(address), .. } => is_private(*address),
            Self::Web { host: Host::Name(name), .. } => is_local_name(name),
            Self::Other(_) => false,
        }
    }

    /// Whether a page from here is a page of the server that it asks.
    fn is_of(&self, asked: Option<&str>, is_tls: bool) -> bool {
        let Self::Web { is_tls: is_page_tls, host, port } = self else { return false };
        // A proxy before the hub may have taken the encryption off, and never puts it on.
        let Some((asked, asked_port)) = asked.and_then(parse) else { return false };
        (*is_page_tls || !is_tls)
            && *host == asked
            && *port == asked_port.unwrap_or_else(|| default_port(*is_page_tls))
    }
}

const fn default_port(is_tls: bool) -> u16 {
    if is_tls { 443 } else { 80 }
}

/// Whether `cors_origins` can hold an entry.
#[must_use]
pub fn is_entry(text: &str) -> bool {
    text == PRIVATE || Origin::read(text).is_some()
}

impl Origins {
    pub(super) fn new(entries: &[String]) -> Self {
        Self {
            exact: entries.iter().filter_map(|entry| Origin::read(entry)).collect(),
            is_private_allowed: entries.iter().any(|entry| entry == PRIVATE),
        }
    }

    /// Where the page stands that sent these headers to `host`.
    pub(super) fn standing(&self, headers: &HeaderMap, host: Option<&str>, is_tls: bool) -> Standing {
        let mut sent = headers.get_all(header::ORIGIN).iter();
        let Some(value) = sent.next() else { return Standing::Own };
        let text = value.to_str().unwrap_or("?");
        match Origin::read(text) {
            _ if sent.next().is_some() => Standing::Foreign(shown(text)),
            Some(origin) if origin.is_of(host, is_tls) => Standing::Own,
            Some(origin) if self.allows(&origin) => Standing::Allowed(value.clone()),
            _ => Standing::Foreign(shown(text)),
        }
    }

    fn allows(&self, origin: &Origin) -> bool {
        (self.is_private_allowed && origin.is_private()) || self.exact.contains(origin)
    }
}

/// Whether a page that is not let in is refused what it asks: a change, a WebSocket, and leave to do either. What it only reads it is
/// sent, and its browser does not let it see.
pub(super) fn is_refused(method: &Method, headers: &HeaderMap) -> bool {
    let is_upgrade = headers.contains_key(header::UPGRADE);
    let is_preflight =
        *method == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    is_change(method) || is_upgrade || is_preflight
}

/// The answer to a browser that asks beforehand, if that is what this is.
pub(super) fn preflight(method: &Method, headers: &HeaderMap) -> Option<Response> {
    if *method != Method::OPTIONS || !headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    let answer = response.headers_mut();
    answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
    answer.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(REMEMBERED_S));
    // Old tills send headers of their own; what they say is up to who reads them.
    if let Some(wanted) = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    let asked = "access-control-request-method, access-control-request-headers";
    answer.insert(header::VARY, HeaderValue::from_static(asked));
    Some(response)
}

/// Says on an answer who may read it.
pub(super) fn put(answer: &mut HeaderMap, standing: &Standing) {
    answer.append(header::VARY, HeaderValue::from_static("origin"));
    if let Standing::Allowed(origin) = standing {
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
        answer.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(entries: &[&str]) -> Origins {
        Origins::new(&entries.iter().map(|entry| (*entry).to_owned()).collect::<Vec<_>>())
    }

    fn standing(origins: &Origins, origin: &str, host: &str, is_tls: bool) -> &'static str {
        let headers = HeaderMap::from_iter([(header::ORIGIN, origin.parse().unwrap())]);
        match origins.standing(&headers, Some(host), is_tls) {
            Standing::Own => "own",
            Standing::Allowed(_) => "allowed",
            Standing::Foreign(_) => "foreign",
        }
    }

    #[test]
    fn pages_of_private_networks_are_let_in_and_those_of_the_internet_are_not() {
        let private = origins(&["private"]);
        for (origin, wanted) in [
            ("http://till-3.lan:5173", "allowed"),
            ("http://192.168.1.77", "allowed"),
            ("https://10.1.2.3:8443", "allowed"),
            ("http://[fd00::5]:3000", "allowed"),
            ("http://localhost:5173", "allowed"),
            ("http://pos-server", "allowed"),
            ("HTTP://POS-SERVER.LOCAL", "allowed"),
            ("http://pos.local.", "allowed"),
            ("http://hub.local:8080", "own"),
            ("http://hub.local:3002", "allowed"),
            ("https://evil.example", "foreign"),
            ("http://evil.example", "foreign"),
            ("http://192.168.1.77.evil.example", "foreign"),
            ("http://local", "allowed"),
            ("http://evillocal.example", "foreign"),
            ("http://8.8.8.8", "foreign"),
            ("http://2130706433", "foreign"),
            ("http://localhost@evil.example", "foreign"),
            ("http://localhost/evil", "foreign"),
            ("null", "foreign"),
            ("file://", "foreign"),
            ("chrome-extension://abc", "foreign"),
            ("", "foreign"),
            ("*", "foreign"),
        ] {
            assert_eq!(standing(&private, origin, "hub.local:8080", false), wanted, "{origin}");
        }
    }

    #[test]
    fn a_list_lets_in_what_it_names_and_nothing_else() {
        let listed =
            origins(&["https://tills.example", "http://192.168.1.77:3000", "capacitor://localhost", "null"]);
        for (origin, wanted) in [
            ("https://tills.example", "allowed"),
            ("https://tills.example:443", "allowed"),
            ("http://tills.example", "foreign"),
            ("https://tills.example:8443", "foreign"),
            ("https://a.tills.example", "foreign"),
            ("http://192.168.1.77:3000", "allowed"),
            ("http://192.168.1.77", "foreign"),
            ("http://localhost", "foreign"),
            ("capacitor://localhost", "allowed"),
            ("null", "allowed"),
        ] {
            assert_eq!(standing(&listed, origin, "hub.local", false), wanted, "{origin}");
        }
        assert_eq!(standing(&origins(&[]), "http://192.168.1.77", "hub.local", false), "foreign");
    }

    #[test]
    fn a_page_of_the_same_server_is_our_own() {
        let none = origins(&[]);
        for (origin, host, is_tls, wanted) in [
            ("http://hub.local", "hub.local", false, "own"),
            ("http://hub.local", "HUB.local.:80", false, "own"),
            ("http://[::1]:8080", "[::1]:8080", false, "own"),
            ("https://hub.local:8443", "hub.local:8443", true, "own"),
            // A proxy has taken the encryption off.
            ("https://hub.example.com", "hub.example.com", false, "own"),
            // Somebody between has put a page before it.
            ("http://hub.local:8443", "hub.local:8443", true, "foreign"),
            ("http://hub.local:8080", "hub.local:3002", false, "foreign"),
            ("http://other.local", "hub.local", false, "foreign"),
        ] {
            assert_eq!(standing(&none, origin, host, is_tls), wanted, "{origin} {host}");
        }
        assert_eq!(none.standing(&HeaderMap::new(), Some("hub.local"), false), Standing::Own);
        let mut two = HeaderMap::new();
        two.append(header::ORIGIN, HeaderValue::from_static("http://hub.local"));
        two.append(header::ORIGIN, HeaderValue::from_static("http://hub.local"));
        assert!(matches!(none.standing(&two, Some("hub.local"), false), Standing::Foreign(_)));
    }

    #[test]
    fn entries_are_origins_without_a_path() {
        for (text, is_entry_) in [
            ("private", true),
            ("null", true),
            ("http://192.168.1.7:3000", true),
            ("capacitor://localhost", true),
            ("*", false),
            ("192.168.1.7", false),
            ("http://192.168.1.7/", false),
            ("https://*.example.com", false),
            ("", false),
        ] {
            assert_eq!(is_entry(text), is_entry_, "{text}");
        }
    }

    #[test]
    fn only_what_changes_something_is_refused() {
        let none = HeaderMap::new();
        for (method, is_refused_) in [
            (Method::GET, false),
            (Method::HEAD, false),
            (Method::OPTIONS, false),
            (Method::POST, true),
            (Method::DELETE, true),
        ] {
            assert_eq!(is_refused(&method, &none), is_refused_, "{method}");
        }
        let upgrade = HeaderMap::from_iter([(header::UPGRADE, HeaderValue::from_static("websocket"))]);
        assert!(is_refused(&Method::GET, &upgrade));
    }
}
