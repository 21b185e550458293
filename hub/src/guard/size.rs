//! What is larger than anything that the hub reads is refused by what it says of itself, before a byte of it is read.
//!
//! A body that does not say how long it is meets the limit of whoever reads it: the API's (`DefaultBodyLimit`) or that of the live
//! layer (`PACKET_BYTES_MAX`). Nothing else reads one.

use axum::http::{HeaderMap, StatusCode, Uri, header};

use super::refusals::Why;
use super::{Place, Refusal};
use crate::live::PACKET_BYTES_MAX;

/// All headers together: a token, a device's key and what a browser adds are under two thousand.
const HEADERS_BYTES_MAX: usize = 32 << 10;
/// Path and query.
const URI_BYTES_MAX: usize = 8 << 10;

/// How large a request may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    api_body_bytes_max: u64,
}

impl Sizes {
    pub(super) fn new(body_bytes_max: usize) -> Self {
        Self { api_body_bytes_max: body_bytes_max as u64 }
    }

    /// Why a request is too large, if it is.
    pub(super) fn refusal(self, place: Place, uri: &Uri, headers: &HeaderMap) -> Option<Refusal> {
        let refuse =
            |status, code, words: String| Some(Refusal::new(Why::Size, status, code, words, String::new()));
        if uri.path().len() + uri.query().map_or(0, str::len) > URI_BYTES_MAX {
            let words = format!("An address has at most {URI_BYTES_MAX} bytes.");
            return refuse(StatusCode::URI_TOO_LONG, "uri_too_long", words);
        }
        let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if bytes > HEADERS_BYTES_MAX {
            let words = format!("The headers of a request have at most {HEADERS_BYTES_MAX} bytes.");
            return refuse(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers_too_large", words);
        }
        let max = match place {
            Place::Api => self.api_body_bytes_max,
            Place::Live => PACKET_BYTES_MAX,
            Place::Document | Place::Media | Place::Health | Place::Page => 0,
        };
        if is_longer(headers, max) {
            let words = format!("A request body here has at most {max} bytes.");
            return refuse(StatusCode::PAYLOAD_TOO_LARGE, "too_large", words);
        }
        None
    }
}

/// Whether a body says that it is longer, or does not say and is not to be there.
fn is_longer(headers: &HeaderMap, max: u64) -> bool {
    match headers.get(header::CONTENT_LENGTH) {
        Some(length) => {
            let length = length.to_str().ok().and_then(|text| text.trim().parse::<u64>().ok());
            length.is_none_or(|length| length > max)
        }
        None => max == 0 && headers.contains_key(header::TRANSFER_ENCODING),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    #[test]
    fn what_is_too_large_where() {
        let sizes = Sizes::new(1_000);
        let status = |place, uri: &str, sent: &[(&'static str, &str)]| {
            let headers = sent
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()));
            let refusal = sizes.refusal(place, &uri.parse().unwrap(), &headers.collect());
            refusal.map(|refusal| refusal.answer(place).status().as_u16())
        };
        let chunked = ("transfer-encoding", "chunked");
        let long = "x".repeat(40_000);
        for (place, sent, wanted) in [
            (Place::Api, ("content-length", "1000"), None),
            (Place::Api, ("content-length", "1001"), Some(413)),
            (Place::Api, ("content-length", "99999999999999999999999"), Some(413)),
            (Place::Api, chunked, None),
            (Place::Live, ("content-length", "1500000"), None),
            (Place::Live, ("content-length", "1500001"), Some(413)),
            (Place::Page, ("content-length", "0"), None),
            (Place::Page, ("content-length", "1"), Some(413)),
            (Place::Page, chunked, Some(413)),
            (Place::Health, chunked, Some(413)),
            (Place::Page, ("cookie", &long), Some(431)),
            (Place::Api, ("x-device-key", &long), Some(431)),
        ] {
            assert_eq!(status(place, "/", &[sent]), wanted, "{place:?} {}", sent.0);
        }
        assert_eq!(status(Place::Api, &format!("/api/?{}", "x".repeat(9_000)), &[]), Some(414));
    }
}
