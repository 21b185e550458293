//! What stands before every request, whatever it asks for.
//!
//! A request passes them in this order: `host` (pages that pretend to be this hub), `origin` (pages of others), `size` (what no
//! handler should have to read), `rate` (whoever asks too often). `headers` goes onto every answer, refusals included, and `refusals`
//! keeps count of them.
//!
//! **Promise.** What is refused here has reached no handler, and is answered with a status, a code and words that name the setting
//! that would let it in.
//! **Limits.** Rates are kept for at most `rate::BUCKETS_MAX` devices and addresses; a flood fills a line of the log a minute.

mod headers;
pub mod host;
pub mod origin;
mod rate;
mod refusals;
mod size;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};

use self::headers::Headers;
use self::host::Hosts;
use self::origin::{Origins, Standing};
use self::rate::Rates;
use self::refusals::{Refusals, Why};
use crate::api::error::ApiError;
use crate::config::Config;
use crate::pages;
use crate::server::Peer;

/// Everything that stands before requests.
#[derive(Debug)]
pub struct Guard {
    hosts: Hosts,
    origins: Origins,
    rates: Rates,
    headers: Headers,
    refusals: Refusals,
}

impl Guard {
    /// As configured; `Config::load` has refused lists that cannot be read.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let http = &config.http;
        Self {
            hosts: Hosts::new(&http.allowed_hosts, &config.discovery.name, host::machine().as_deref()),
            origins: Origins::new(&http.cors_origins),
            rates: Rates::new(http.requests_per_second_max),
            headers: Headers::new(&pages::policies()),
            refusals: Refusals::new(),
        }
    }

    /// Why a request goes no further, if it does not.
    fn refusal(&self, request: &Request, asked: &Asked) -> Option<Refusal> {
        let (uri, headers) = (request.uri(), request.headers());
        if let Err(said) = self.hosts.check(uri, headers) {
            let words = match &said[..] {
                "" => "A request names one host.".to_owned(),
                name => format!(
                    "This hub does not answer to the name \"{name}\". To allow it, add it to `allowed_hosts` below [http] in the hub's \
                     configuration; otherwise use the hub's address."
                ),
            };
            return Some(Refusal::new(
                Why::Host,
                StatusCode::MISDIRECTED_REQUEST,
                "misdirected",
                words,
                said,
            ));
        }
        if let Standing::Foreign(said) = &asked.standing
            && origin::is_refused(request.method(), headers)
        {
            let words = format!(
                "Pages of {said} may change nothing here. To allow them, add their origin to `cors_origins` below [http] in the hub's \
                 configuration."
            );
            let said = said.clone();
            return Some(Refusal::new(Why::Origin, StatusCode::FORBIDDEN, "origin_not_allowed", words, said));
        }
        if let Some(refusal) = size::refusal(asked.place, uri, headers) {
            return Some(refusal);
        }
        let wait =
            self.rates.wait(Instant::now(), asked.place, request.method(), uri, headers, asked.address)?;
        Some(Refusal::later(wait))
    }
}

/// Puts the guard before everything that a router answers; the server must give each request its [`Peer`].
pub fn layer(router: Router, guard: Guard) -> Router {
    router.layer(middleware::from_fn_with_state(Arc::new(guard), stand))
}

async fn stand(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let asked = Asked::of(&guard, &request);
    let preflight = origin::preflight(request.method(), request.headers());
    let mut response = if let Some(refusal) = guard.refusal(&request, &asked) {
        guard.refusals.note(refusal.why, Instant::now(), asked.address, &refusal.said);
        refusal.answer(asked.place)
    } else if let (Some(wanted), Standing::Allowed(_), true) =
        (preflight, &asked.standing, asked.place.is_shared())
    {
        wanted
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    guard.headers.put(headers, &asked.path, asked.place, asked.is_secure);
    if asked.place.is_shared() {
        origin::put(headers, &asked.standing);
    }
    response
}

/// What the guards want to know of a request, behind it too.
#[derive(Debug)]
struct Asked {
    path: String,
    place: Place,
    address: IpAddr,
    is_secure: bool,
    standing: Standing,
}

impl Asked {
    fn of(guard: &Guard, request: &Request) -> Self {
        let peer = request.extensions().get::<Peer>();
        let path = request.uri().path().to_owned();
        let is_tls = peer.is_some_and(|peer| peer.is_tls);
        Self {
            place: Place::of(&path),
            path,
            address: peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.address.ip().to_canonical()),
            is_secure: peer.is_some_and(Peer::is_secure),
            standing: guard.origins.standing(
                request.headers(),
                host_of(request.uri(), request.headers()),
                is_tls,
            ),
        }
    }
}

/// What the client calls this hub: HTTP/2 and proxies say it in the address, everybody else in the header.
fn host_of<'request>(uri: &'request Uri, headers: &'request HeaderMap) -> Option<&'request str> {
    let named = uri.authority().map(axum::http::uri::Authority::as_str);
    named.or_else(|| headers.get(header::HOST)?.to_str().ok())
}

/// What kind of thing is asked for, by its path alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// `/api/`.
    Api,
    /// The page that shows what the API can do, and its parts.
    Document,
    /// `/socket.io/`.
    Live,
    /// Pictures.
    Media,
    /// Is it well? For machines.
    Health,
    /// The front end.
    Page,
}

impl Place {
    fn of(path: &str) -> Self {
        let is_in =
            |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        match path {
            "/healthz" | "/readyz" | "/metrics" => Self::Health,
            _ if is_in("/api/schema/swagger-ui") => Self::Document,
            _ if is_in("/api") => Self::Api,
            _ if is_in("/socket.io") => Self::Live,
            _ if is_in("/media") => Self::Media,
            _ => Self::Page,
        }
    }

    /// Whether pages of other servers may read it, where they are allowed.
    fn is_shared(self) -> bool {
        matches!(self, Self::Api | Self::Live)
    }

    /// Whether whoever asks reads JSON.
    fn is_for_programs(self) -> bool {
        matches!(self, Self::Api | Self::Live)
    }
}

/// A request that goes no further.
#[derive(Debug)]
struct Refusal {
    why: Why,
    error: ApiError,
    /// What was not liked, for the log.
    said: String,
}

impl Refusal {
    fn new(why: Why, status: StatusCode, code: &'static str, words: String, said: String) -> Self {
        Self { why, error: ApiError::Plain(status, code, words), said }
    }

    fn later(wait: std::time::Duration) -> Self {
        let seconds = wait.as_secs_f64().ceil().max(1.0) as u64;
        let words = format!("Request was throttled. Expected available in {seconds} seconds.");
        Self { why: Why::Rate, error: ApiError::Later(seconds, words), said: String::new() }
    }

    /// JSON for programs, a sentence for people.
    fn answer(self, place: Place) -> Response {
        match self.error {
            ApiError::Plain(status, _, words) if !place.is_for_programs() => {
                (status, words + "\n").into_response()
            }
            error => error.into_response(),
        }
    }
}

/// A stranger's words, as they may stand in a log or an answer: short, and nothing but what can be seen.
fn shown(words: &str) -> String {
    const CHARACTERS_MAX: usize = 100;
    words.chars().filter(|letter| letter.is_ascii_graphic() && *letter != '"').take(CHARACTERS_MAX).collect()
}

/// Whether a request wants to change something.
fn is_change(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_by_their_path() {
        for (path, place) in [
            ("/", Place::Page),
            ("/pos", Place::Page),
            ("/apis", Place::Page),
            ("/trust/ca.crt", Place::Page),
            ("/api", Place::Api),
            ("/api/", Place::Api),
            ("/api/schema/", Place::Api),
            ("/api/schema/swagger-ui", Place::Document),
            ("/api/schema/swagger-ui/swagger-ui.css", Place::Document),
            ("/socket.io", Place::Live),
            ("/socket.io/", Place::Live),
            ("/socket.io/socket.io.js", Place::Live),
            ("/socket.iox", Place::Page),
            ("/media/menu/x.svg", Place::Media),
            ("/healthz", Place::Health),
            ("/metrics/", Place::Page),
        ] {
            assert_eq!(Place::of(path), place, "{path}");
        }
    }

    #[test]
    fn a_strangers_words_are_cut_and_cleaned() {
        assert_eq!(
            shown("evil.example\r\nINFO all is well \"x\" \u{1b}[31m"),
            "evil.exampleINFOalliswellx[31m"
        );
        assert_eq!(shown(&"x".repeat(5_000)).len(), 100);
    }
}
