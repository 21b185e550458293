//! `GET /uplink/v1`: the credential is looked at, and the connection becomes a WebSocket.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use hyper_util::rt::TokioIo;
use protocol::frame::FRAME_BYTES_MAX;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::Shared;
use super::error::ApiError;
use crate::auth::credential::Credential;
use crate::ingest::stream;

/// What a connection reads at once: the library's own size costs twenty times the memory of everything else.
const READ_BYTES: usize = 4096;

/// Makes a WebSocket of the connection.
pub async fn upgrade(State(shared): State<Shared>, request: Request) -> Result<Response, ApiError> {
    let key = websocket_key(request.headers()).ok_or(ApiError::NoUpgrade)?;
    let credential = bearer(request.headers()).and_then(Credential::parse).ok_or(ApiError::Unauthorized)?;
    let session = credential.session(&shared.ingest.pool).await?.ok_or(ApiError::Unauthorized)?;
    let upgraded = hyper::upgrade::on(request);
    tokio::spawn(async move {
        match upgraded.await {
            Ok(upgraded) => {
                let io = TokioIo::new(upgraded);
                let socket = WebSocketStream::from_raw_socket(io, Role::Server, Some(config())).await;
                stream::run(socket, session, shared.ingest).await;
            }
            Err(error) => log::debug!("uplink: no upgrade: {error}"),
        }
    });
    let response = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, derive_accept_key(key.as_bytes()))
        .body(Body::empty());
    response.map_err(|_| ApiError::NoUpgrade)
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BYTES)
        .write_buffer_size(0)
        .max_message_size(Some(FRAME_BYTES_MAX))
        .max_frame_size(Some(FRAME_BYTES_MAX))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, credential) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(credential.trim())
}

fn websocket_key(headers: &HeaderMap) -> Option<String> {
    let says = |name, word: &str| {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(word))
    };
    let is_asked = says(header::CONNECTION, "upgrade")
        && says(header::UPGRADE, "websocket")
        && says(header::SEC_WEBSOCKET_VERSION, "13");
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?.to_str().ok()?;
    is_asked.then(|| key.to_owned())
}
