//! The authority's certificate, for devices that are to trust it: `/trust/ca.crt`, `.pem` and `.mobileconfig`.
//!
//! They are no secret, and are served on plain HTTP too: a device that does not trust the hub yet cannot ask otherwise. What
//! it takes in that way is compared with the fingerprint that the hub shows on a screen that is trusted already.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::{Authority, Https, profile};

type Trusted = State<Option<Arc<Authority>>>;

/// The three routes.
pub fn router(https: &Https) -> Router {
    Router::new()
        .route("/trust/ca.crt", get(der))
        .route("/trust/ca.pem", get(text))
        .route("/trust/ca.mobileconfig", get(mobile))
        .with_state(https.authority.clone())
}

async fn der(State(authority): Trusted) -> Response {
    let mut response = file(authority, "application/x-x509-ca-cert", |authority| authority.der().to_vec());
    let name = HeaderValue::from_static("attachment; filename=\"outlet-hub-ca.crt\"");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    response
}

async fn text(State(authority): Trusted) -> Response {
    file(authority, "application/x-pem-file", |authority| authority.pem().into_bytes())
}

async fn mobile(State(authority): Trusted) -> Response {
    // Not as an attachment: Safari asks whether to take a profile in when it comes as a page.
    file(authority, "application/x-apple-aspen-config", |authority| profile::xml(authority).into_bytes())
}

fn file(
    authority: Option<Arc<Authority>>,
    kind: &'static str,
    content: impl FnOnce(&Authority) -> Vec<u8>,
) -> Response {
    let Some(authority) = authority else {
        return (StatusCode::NOT_FOUND, "HTTPS is off at this hub.").into_response();
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")];
    (headers, content(&authority)).into_response()
}
