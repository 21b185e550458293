//! What is larger than anything that the hub reads is refused by what it says of itself.
//!
//! A body meets the limit of whoever reads it: the API's (`DefaultBodyLimit`) or that of the live layer (`PACKET_BYTES_MAX`). They read
//! as far as that, so that a client which sends a little too much is still there to be told. Nothing else reads a body, and so
//! nothing else takes one.

use axum::http::{HeaderMap, StatusCode, Uri, header};

use super::refusals::Why;
use super::{Place, Refusal};

/// All headers together: a token, a device's key and what a browser adds are under two thousand.
const HEADERS_BYTES_MAX: usize = 32 << 10;
/// Path and query.
const URI_BYTES_MAX: usize = 8 << 10;

/// Why a request is too large, if it is.
pub(super) fn refusal(place: Place, uri: &Uri, headers: &HeaderMap) -> Option<Refusal> {
    let refuse = |status, code, words| Some(Refusal::new(Why::Size, status, code, words, String::new()));
    if uri.path().len() + uri.query().map_or(0, str::len) > URI_BYTES_MAX {
        let words = format!("An address has at most {URI_BYTES_MAX} bytes.");
        return refuse(StatusCode::URI_TOO_LONG, "uri_too_long", words);
    }
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if bytes > HEADERS_BYTES_MAX {
        let words = format!("The headers of a request have at most {HEADERS_BYTES_MAX} bytes.");
        return refuse(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers_too_large", words);
    }
    if !matches!(place, Place::Api | Place::Live) && has_body(headers) {
        let words = "Nothing here reads the body of a request.".to_owned();
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "too_large", words);
    }
    None
}

/// Whether a body comes behind the headers, or may.
fn has_body(headers: &HeaderMap) -> bool {
    let is_empty = headers.get(header::CONTENT_LENGTH).is_none_or(|length| length == "0");
    !is_empty || headers.contains_key(header::TRANSFER_ENCODING)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    #[test]
    fn what_is_too_large_where() {
        let status = |place, uri: &str, sent: (&'static str, &str)| {
            let value = HeaderValue::from_str(sent.1).unwrap();
            let headers = HeaderMap::from_iter([(HeaderName::from_static(sent.0), value)]);
            let refusal = refusal(place, &uri.parse().unwrap(), &headers);
            refusal.map(|refusal| refusal.answer(place).status().as_u16())
        };
        let chunked = ("transfer-encoding", "chunked");
        let long = "x".repeat(40_000);
        for (place, sent, wanted) in [
            // Whoever reads these has limits.
            (Place::Api, ("content-length", "3000000"), None),
            (Place::Api, chunked, None),
            (Place::Live, ("content-length", "3000000"), None),
            (Place::Page, ("content-length", "0"), None),
            (Place::Page, ("content-length", "1"), Some(413)),
            (Place::Page, ("content-length", "x"), Some(413)),
            (Place::Page, chunked, Some(413)),
            (Place::Health, chunked, Some(413)),
            (Place::Page, ("cookie", &long), Some(431)),
            (Place::Api, ("x-device-key", &long), Some(431)),
        ] {
            assert_eq!(status(place, "/", sent), wanted, "{place:?} {}", sent.0);
        }
        let uri = format!("/api/?{}", "x".repeat(9_000));
        assert_eq!(status(Place::Api, &uri, ("accept", "*/*")), Some(414));
    }
}
