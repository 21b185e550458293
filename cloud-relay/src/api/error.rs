//! Refusals, in the shapes of the hub's own API.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::db::DbError;

/// Why a request is not answered.
#[derive(Debug)]
pub enum ApiError {
    /// There is nothing of this name.
    NotFound,
    /// A field is wrong, with words.
    Field(&'static str, String),
    /// The body cannot be read, with words.
    Body(String),
    /// The credential is missing, wrong or revoked.
    Unauthorized,
    /// It is no request for a WebSocket.
    NoUpgrade,
    /// Too many attempts: how many seconds to wait.
    TooMany(u64),
    /// The database does not answer.
    Unavailable,
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        log::warn!("api: the database does not answer: {error}");
        Self::Unavailable
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let detail = |text: &str| json!({"detail": text});
        let (status, body): (StatusCode, Value) = match &self {
            Self::NotFound => (StatusCode::NOT_FOUND, detail("Not found.")),
            Self::Field(name, why) => (StatusCode::BAD_REQUEST, json!({*name: [why]})),
            Self::Body(why) => (StatusCode::BAD_REQUEST, detail(why)),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, detail("The credential is not good.")),
            Self::NoUpgrade => (StatusCode::UPGRADE_REQUIRED, detail("This is the address of a WebSocket.")),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, detail("Too many attempts.")),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, detail("Try again in a moment.")),
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        match self {
            Self::Unauthorized => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::NoUpgrade => {
                headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            }
            Self::TooMany(seconds) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            Self::Unavailable => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
            _ => {}
        }
        response
    }
}
