//! The pages, embedded: the front end, the demo's pictures, and the Socket.IO client that old pages load from here.
//!
//! Texts are kept compressed in the program and sent as they are; a client that cannot read gzip gets them unpacked.

use std::borrow::Cow;
use std::io::Read as _;
use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

use crate::hex::hex;

/// What the front end's build left, with every text beside its compressed form (`build.rs` makes those).
#[derive(RustEmbed)]
#[folder = "$HUB_PAGES"]
struct Pages;

/// Files named by their content never change.
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Everything else is asked for again each time, and answered with 304 where it is the same.
const REVALIDATE: &str = "no-cache";
/// Where the front end keeps files named by their content.
const IMMUTABLE_PATH: &str = "_app/immutable/";
/// The page of a folder.
const INDEX: &str = "index.html";
/// The page that starts every route that has none of its own.
const SHELL: &str = "200.html";
const GZIP: &str = ".gz";

/// Serves the pages, and the demo's pictures where it is one.
pub fn router(is_demo: bool) -> Router {
    let router = Router::new().fallback(page);
    if is_demo { router.route("/media/menu/{file}", get(picture)) } else { router }
}

/// The Socket.IO client, where old pages load it from.
pub fn socketio_clients() -> Router {
    Router::new()
        .route(
            "/socket.io/socket.io.js",
            get(async |request: Request| socketio_client(&request, "socketio/socket.io.js")),
        )
        .route(
            "/socket.io/socket.io.min.js",
            get(async |request: Request| socketio_client(&request, "socketio/socket.io.min.js")),
        )
}

/// What each page of the front end says of itself in its tag for the content security policy.
#[must_use]
pub fn policies() -> Vec<String> {
    const TAG: &str = "http-equiv=\"content-security-policy\" content=\"";
    let is_page =
        |path: &str| Path::new(path.trim_end_matches(GZIP)).extension().is_some_and(|end| end == "html");
    let texts = Pages::iter().filter(|path| is_page(path)).filter_map(|path| {
        let file = Pages::get(&path)?;
        let bytes = if path.ends_with(GZIP) { unpacked(&file.data)? } else { file.data.into_owned() };
        String::from_utf8(bytes).ok()
    });
    let found = texts.filter_map(|text| {
        let (_, rest) = text.split_once(TAG)?;
        Some(rest.split_once('"')?.0.to_owned())
    });
    found.collect()
}

fn socketio_client(request: &Request, file: &'static str) -> Response {
    respond(file, request.headers()).unwrap_or_else(not_found)
}

async fn page(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = uri.path().trim_matches('/');
    let candidates = [
        path.to_owned(),
        format!("{path}.html"),
        format!("{path}/{INDEX}").trim_start_matches('/').to_owned(),
    ];
    let found = candidates.iter().filter(|path| !path.is_empty()).find_map(|path| respond(path, &headers));
    // Any other path without a file's ending is a route that the front end knows. None of them is among the pictures.
    let is_picture = path == "media" || path.starts_with("media/");
    let is_route = !is_picture && !path.rsplit('/').next().unwrap_or_default().contains('.');
    found.or_else(|| is_route.then(|| respond(SHELL, &headers)).flatten()).unwrap_or_else(not_found)
}

fn not_found() -> Response {
    let text = if Pages::get(INDEX).is_none() && Pages::get("index.html.gz").is_none() {
        "The pages are not part of this program: it was built without `make web`."
    } else {
        "Not found."
    };
    (StatusCode::NOT_FOUND, text).into_response()
}

fn respond(path: &str, headers: &HeaderMap) -> Option<Response> {
    let compressed = Pages::get(&format!("{path}{GZIP}"));
    let is_compressed = compressed.is_some();
    let file = compressed.or_else(|| Pages::get(path))?;
    let etag = etag(&file.metadata.sha256_hash());
    let cache = if path.starts_with(IMMUTABLE_PATH) { IMMUTABLE } else { REVALIDATE };
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let mut response = if is_known(headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else if is_compressed && takes_gzip(headers) {
        let mut response = body(file.data).into_response();
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response
    } else if is_compressed {
        unpacked(&file.data)?.into_response()
    } else {
        body(file.data).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(kind.as_ref()).ok()?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::ETAG, HeaderValue::from_str(&etag).ok()?);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Some(response)
}

fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).ok()?;
    Some(plain)
}

fn body(data: Cow<'static, [u8]>) -> axum::body::Body {
    match data {
        Cow::Borrowed(bytes) => axum::body::Body::from(bytes),
        Cow::Owned(bytes) => axum::body::Body::from(bytes),
    }
}

fn etag(hash: &[u8; 32]) -> String {
    format!("\"{}\"", hex(&hash[..12]))
}

/// Whether whoever asks has it already.
pub fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    headers.get(header::IF_NONE_MATCH).is_some_and(|held| names(held, etag))
}

/// Whether what a client says that it holds names a tag, weak or strong; `*` names any.
pub fn names(held: &HeaderValue, etag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    held.to_str().is_ok_and(|held| held.trim() == "*" || held.split(',').any(|tag| bare(tag) == bare(etag)))
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.split(',').any(|coding| coding.trim().starts_with("gzip")))
}

async fn picture(axum::extract::Path(file): axum::extract::Path<String>) -> Response {
    let Some(picture) = crate::demo::menu::picture(&file) else { return not_found() };
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, picture).into_response()
}
