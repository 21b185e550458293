//! What a client holds already is not sent again: answers to `GET` carry a tag of their content, and one that is asked for with it is
//! answered 304, with no body.
//!
//! The tag is a hash of the answer, so that nothing has to remember what changed when; an answer is in memory, and a hash of a
//! page of the menu takes microseconds. An answer that is kept ready (`kept`) has its tag already. Compressed or not, the content
//! is the same: the tags are weak.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::hex;
use crate::pages::names;

/// Largest answer that is tagged: the largest page of the largest rows, with room. A larger one goes as it is.
const TAGGED_BYTES_MAX: u64 = 16 << 20;
/// Bytes of the hash that are shown.
const TAG_BYTES: usize = 12;

/// Tags answers, and leaves out what the client holds.
pub(super) async fn tag(request: Request, next: Next) -> Response {
    let is_read = request.method() == Method::GET;
    let held = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let size = axum::body::HttpBody::size_hint(response.body()).exact();
    let is_known = size.is_some_and(|bytes| bytes <= TAGGED_BYTES_MAX);
    if !is_read || response.status() != StatusCode::OK || !is_known || !may_be_kept(&response) {
        return response;
    }
    let (mut parts, mut body) = response.into_parts();
    // What is kept ready has its tag.
    let tag = if let Some(tag) = parts.headers.remove(header::ETAG) {
        tag
    } else {
        let Ok(bytes) = to_bytes(body, TAGGED_BYTES_MAX as usize).await else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let tag = of(&bytes);
        body = Body::from(bytes);
        tag
    };
    let is_held = held.is_some_and(|held| tag.to_str().is_ok_and(|tag| names(&held, tag)));
    parts.headers.insert(header::ETAG, tag);
    // Asked for each time: what it says may change with the next sale.
    parts.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    if is_held {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, body)
}

/// The tag of an answer.
pub(super) fn of(content: &[u8]) -> HeaderValue {
    let tag = format!("W/\"{}\"", hex::hex(&blake3::hash(content).as_bytes()[..TAG_BYTES]));
    HeaderValue::try_from(tag).expect("hex is a header's text")
}

/// Tokens and keys are nobody's to keep.
fn may_be_kept(response: &Response) -> bool {
    let control = response.headers().get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok());
    !control.is_some_and(|control| control.contains("no-store"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_in_a_list_and_weak_or_strong() {
        for (held, is_held) in [
            ("W/\"ab\"", true),
            ("\"ab\"", true),
            ("\"x\", W/\"ab\"", true),
            ("*", true),
            ("\"abc\"", false),
            ("ab", false),
            ("", false),
        ] {
            assert_eq!(names(&HeaderValue::from_static(held), "W/\"ab\""), is_held, "{held}");
        }
    }
}
