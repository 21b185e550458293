//! What every handler receives: who asks, and the request's JSON with the keys under which a repeat is recognised.

use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use protocol::event::Key;
use protocol::ids::Id;
use serde_json::Value;

use super::Hub;
use super::error::ApiError;
use crate::auth::Who;

/// Longest `Idempotency-Key`, in bytes; a UUID has 36.
const KEY_BYTES_MAX: usize = 255;

/// Who asks, as the table of audiences let them in.
#[derive(Debug, Clone)]
pub struct Asker(pub Who);

impl FromRequestParts<Hub> for Asker {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _hub: &Hub) -> Result<Self, ApiError> {
        parts.extensions.get::<Who>().cloned().map(Self).ok_or_else(ApiError::forbidden)
    }
}

/// An id in an address; what is none names nothing that exists.
#[derive(Debug, Clone, Copy)]
pub struct PathId<T>(pub T);

impl<T: std::str::FromStr> FromRequestParts<Hub> for PathId<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, ApiError> {
        let text = Path::<String>::from_request_parts(parts, hub).await.map_err(|_| ApiError::not_found())?;
        text.parse().map(Self).map_err(|_| ApiError::not_found())
    }
}

/// A JSON body, and the request's idempotency key.
#[derive(Debug)]
pub struct Body {
    /// The content.
    pub json: Value,
    /// Bytes on the wire.
    pub bytes: usize,
    /// BLAKE3 of the content, independent of white space and key order.
    pub content: [u8; 16],
    /// From the `Idempotency-Key` header: hash of method, path and key.
    pub header_key: Option<[u8; 16]>,
}

impl Body {
    /// The keys of this request: the header's, and the client-made id's.
    pub fn keys(&self, id: Option<Id>) -> Vec<Key> {
        let from_id = id.map(Id::into_bytes);
        from_id.into_iter().chain(self.header_key).map(|key| Key { key, content: self.content }).collect()
    }
}

impl FromRequest<Hub> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, _hub: &Hub) -> Result<Self, ApiError> {
        let headers = request.headers();
        let is_json = headers.get(header::CONTENT_TYPE).is_none_or(|kind| is_json(kind.as_bytes()));
        let scope = format!("{} {}", request.method(), request.uri().path());
        let header_key = header_key(headers, &scope)?;
        if !is_json {
            let detail = "Unsupported media type: send application/json.".to_owned();
            return Err(ApiError::Plain(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                detail,
            ));
        }
        let bytes = request.extract::<Bytes, _>().await.map_err(|error: BytesRejection| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
                let detail = "The request is larger than the hub takes.".to_owned();
                ApiError::Plain(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
            } else {
                ApiError::Plain(StatusCode::BAD_REQUEST, "parse_error", error.body_text())
            }
        })?;
        let json =
            if bytes.is_empty() { Ok(Value::Object(<_>::default())) } else { serde_json::from_slice(&bytes) };
        let json = json.map_err(|error| {
            ApiError::Plain(StatusCode::BAD_REQUEST, "parse_error", format!("JSON parse error - {error}"))
        })?;
        Ok(Self { content: content_hash(&json), json, bytes: bytes.len(), header_key })
    }
}

fn is_json(kind: &[u8]) -> bool {
    let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    kind.eq_ignore_ascii_case(b"application/json") || kind.ends_with(b"+json")
}

/// The key of an `Idempotency-Key` header, within its scope.
pub(super) fn header_key(headers: &HeaderMap, scope: &str) -> Result<Option<[u8; 16]>, ApiError> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    if value.is_empty() || value.len() > KEY_BYTES_MAX {
        let message = format!("An Idempotency-Key has 1 to {KEY_BYTES_MAX} characters.");
        return Err(ApiError::field("Idempotency-Key", message));
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(scope.as_bytes()).update(&[0]).update(value.as_bytes());
    Ok(Some(short(&hasher)))
}

/// A hash of JSON that does not depend on white space or on the order of keys.
pub fn content_hash(value: &Value) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hash_into(&mut hasher, value);
    short(&hasher)
}

/// A hash of bytes as they came.
pub fn bytes_hash(bytes: &[u8]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    short(hasher.update(bytes))
}

fn short(hasher: &blake3::Hasher) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    bytes
}

fn hash_into(hasher: &mut blake3::Hasher, value: &Value) {
    match value {
        Value::Object(fields) => {
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort_unstable();
            hasher.update(b"{").update(&(names.len() as u64).to_le_bytes());
            for name in names {
                hash_text(hasher, name);
                hash_into(hasher, &fields[name]);
            }
        }
        Value::Array(values) => {
            hasher.update(b"[").update(&(values.len() as u64).to_le_bytes());
            for value in values {
                hash_into(hasher, value);
            }
        }
        Value::String(text) => {
            hasher.update(b"s");
            hash_text(hasher, text);
        }
        other => {
            hasher.update(b"v");
            hash_text(hasher, &other.to_string());
        }
    }
}

fn hash_text(hasher: &mut blake3::Hasher, text: &str) {
    hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_hash_sees_content_and_not_its_spelling() {
        let one = content_hash(&serde_json::from_str::<Value>(r#"{"a":1,"b":[1,2]}"#).unwrap());
        let two = content_hash(&serde_json::from_str::<Value>(r#"{ "b": [1, 2], "a": 1 }"#).unwrap());
        assert_eq!(one, two);
        for other in
            [json!({"a":1,"b":[2,1]}), json!({"a":1,"b":[[1,2]]}), json!({"a":"1","b":[1,2]}), json!({"a":1})]
        {
            assert_ne!(content_hash(&other), one, "{other}");
        }
    }
}
