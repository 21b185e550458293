//! Answers with pictures. A name is its content's, so that a browser asks once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::{self, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::keep::is_name;
use crate::pages::{IMMUTABLE, is_known};

/// `/media/<name>.jpg` out of a folder.
pub fn router(dir: &Path) -> Router {
    Router::new().route("/media/{file}", get(picture)).with_state(Arc::new(dir.to_owned()))
}

async fn picture(
    State(dir): State<Arc<PathBuf>>,
    extract::Path(name): extract::Path<String>,
    headers: HeaderMap,
) -> Response {
    // By form alone: no name leads out of the folder.
    if !is_name(&name) {
        return not_found();
    }
    let path = dir.join(&name);
    let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
    let Ok(Ok(bytes)) = read else { return not_found() };
    let etag = format!("\"{name}\"");
    let is_known = is_known(&headers, &etag);
    let headers =
        [(header::CACHE_CONTROL, IMMUTABLE), (header::ETAG, &etag), (header::CONTENT_TYPE, "image/jpeg")];
    if is_known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, bytes).into_response()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "Not found.").into_response()
}
