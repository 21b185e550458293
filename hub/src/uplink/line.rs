//! The line to the relay: TCP, TLS, WebSocket.

use std::sync::Arc;
use std::time::Duration;

use protocol::frame::FRAME_BYTES_MAX;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::header::{AUTHORIZATION, USER_AGENT};
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WebSocketError, error::UrlError};
use url::Url;

use super::credential::Credential;

/// How long it may take until the line stands.
const OPEN_WITHIN: Duration = Duration::from_secs(20);
/// What is read at once: acknowledgements are small, and documents are few.
const READ_BUFFER_BYTES: usize = 16 << 10;

/// A connection, encrypted or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// The line.
pub(super) type Line = WebSocketStream<Box<dyn Stream>>;

/// Why there is no line.
#[derive(Debug, thiserror::Error)]
pub(super) enum LineError {
    /// The relay does not know the credential, or not any more.
    #[error("the relay does not take this hub's credential")]
    Revoked,
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

/// The program, as it names itself.
pub(super) const SOFTWARE: &str = concat!("outlet-hub/", env!("CARGO_PKG_VERSION"));

/// Whom the hub trusts to be its relay: what an authority of the system vouches for, or the one that was named.
pub(super) fn trust(authority: Option<&str>) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    if let Some(pem) = authority {
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|error| format!("the authority's certificate: {error}"))?;
            roots.add(certificate).map_err(|error| format!("the authority's certificate: {error}"))?;
        }
    } else {
        let found = rustls_native_certs::load_native_certs();
        roots.add_parsable_certificates(found.certs);
    }
    if roots.is_empty() {
        return Err("this machine trusts no authority: install ca-certificates".to_owned());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| error.to_string())?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// Opens the line.
pub(super) async fn open(credential: &Credential) -> Result<Line, LineError> {
    let opened = tokio::time::timeout(OPEN_WITHIN, dial(credential)).await;
    opened.unwrap_or_else(|_| Err(failed("the relay does not answer")))
}

async fn dial(credential: &Credential) -> Result<Line, LineError> {
    let url = &credential.url;
    let (host, port) = address(url)?;
    let stream = TcpStream::connect((host.as_str(), port)).await.map_err(failed)?;
    stream.set_nodelay(true).map_err(failed)?;
    let is_encrypted = url.scheme() == "https";
    let stream: Box<dyn Stream> = if is_encrypted {
        let config = trust(credential.authority.as_deref()).map_err(failed)?;
        let name = ServerName::try_from(host.clone()).map_err(failed)?;
        Box::new(TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(failed)?)
    } else {
        Box::new(stream)
    };
    let request = request(credential, is_encrypted).map_err(failed)?;
    let limits = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(Some(FRAME_BYTES_MAX))
        .max_frame_size(Some(FRAME_BYTES_MAX));
    match tokio_tungstenite::client_async_with_config(request, stream, Some(limits)).await {
        Ok((line, _)) => Ok(line),
        Err(WebSocketError::Http(answer)) if answer.status() == StatusCode::UNAUTHORIZED => {
            Err(LineError::Revoked)
        }
        Err(WebSocketError::Http(answer)) => Err(failed(format!("the relay answers {}", answer.status()))),
        Err(error) => Err(failed(error)),
    }
}

fn request(
    credential: &Credential,
    is_encrypted: bool,
) -> Result<tokio_tungstenite::tungstenite::handshake::client::Request, WebSocketError> {
    let mut url = credential.url.clone();
    url.set_path(&credential.uplink_path);
    let scheme = if is_encrypted { "wss" } else { "ws" };
    url.set_scheme(scheme).map_err(|()| WebSocketError::Url(UrlError::UnsupportedUrlScheme))?;
    let mut request = url.as_str().into_client_request()?;
    let mut bearer = HeaderValue::from_str(&credential.bearer())?;
    bearer.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, bearer);
    request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(SOFTWARE));
    Ok(request)
}

fn address(url: &Url) -> Result<(String, u16), LineError> {
    let host = url.host_str().ok_or_else(|| failed("the relay's address names no host"))?;
    let port = url.port_or_known_default().unwrap_or(443);
    Ok((host.trim_matches(['[', ']']).to_owned(), port))
}

fn failed(why: impl std::fmt::Display) -> LineError {
    LineError::Failed(why.to_string())
}
