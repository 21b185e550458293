//! What the API does not take: a client that wants something other than JSON is told so.

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::ApiError;

/// Kinds that an answer in JSON, or a page of the schema, satisfies.
const ACCEPTABLE: [&str; 8] = [
    "*/*",
    "application/*",
    "application/json",
    "application/vnd.oai.openapi",
    "text/html",
    "text/*",
    "text/css",
    "image/*",
];

/// Refuses with 406 what cannot be satisfied.
pub(super) async fn accept(request: Request, next: Next) -> Response {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let is_satisfied = accept.is_none_or(|accept| {
        accept.split(',').any(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind.is_empty() || ACCEPTABLE.iter().any(|known| kind.eq_ignore_ascii_case(known))
        })
    });
    if is_satisfied {
        return next.run(request).await;
    }
    let detail = "Could not satisfy the request Accept header.".to_owned();
    ApiError::Plain(StatusCode::NOT_ACCEPTABLE, "not_acceptable", detail).into_response()
}
