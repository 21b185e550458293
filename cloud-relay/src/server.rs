//! Takes connections, plain or encrypted, and lets the library speak HTTP on each. HTTP/1.1 alone: it is what a `WebSocket` needs.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tower_service::Service as _;

use crate::api::Peer;
use crate::config::Tls;

/// How long a TLS handshake may take.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// How long a head may take, and a connection stay with nothing asked.
const HEAD_WITHIN: Duration = Duration::from_secs(20);
/// Most bytes of a head: the least that the library allows.
const BUFFER_BYTES_MAX: usize = 8 << 10;
/// Pause after an error that is the machine's: there are no more files to open.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// What the door leads to.
#[derive(Clone)]
pub struct Entrance {
    /// Answers.
    pub app: Router,
    /// Encrypts.
    pub tls: Option<TlsAcceptor>,
    /// Turns true when the node stops.
    pub stopped: watch::Receiver<bool>,
}

/// Takes connections until the node stops.
pub async fn serve(listener: TcpListener, entrance: Entrance, connections_max: usize) {
    let places = Arc::new(Semaphore::new(connections_max));
    let mut stopped = entrance.stopped.clone();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = end(&mut stopped) => return,
        };
        match accepted {
            Ok((stream, address)) => {
                let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                    metrics::counter!("cloud_relay_connections_refused_total").increment(1);
                    continue;
                };
                let entrance = entrance.clone();
                metrics::gauge!("cloud_relay_connections").increment(1);
                tokio::spawn(async move {
                    converse(stream, address, entrance).await;
                    metrics::gauge!("cloud_relay_connections").decrement(1);
                    drop(place);
                });
            }
            Err(error) => {
                log::warn!("http: no connection can be taken: {error}");
                tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
            }
        }
    }
}

/// The node's end. An error means that the sender has gone: that is the end too.
async fn end(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}

async fn converse(stream: TcpStream, address: SocketAddr, entrance: Entrance) {
    // An acknowledgement is small, and somebody waits for it.
    let _ = stream.set_nodelay(true);
    let Some(tls) = entrance.tls.clone() else { return speak(stream, address, entrance).await };
    match tokio::time::timeout(HANDSHAKE_WITHIN, tls.accept(stream)).await {
        Ok(Ok(stream)) => speak(stream, address, entrance).await,
        Ok(Err(error)) => log::debug!("tls: {address}: {error}"),
        Err(_) => log::debug!("tls: {address}: no handshake within {HANDSHAKE_WITHIN:?}"),
    }
}

async fn speak<S>(stream: S, address: SocketAddr, entrance: Entrance)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Entrance { app, mut stopped, .. } = entrance;
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(address));
        app.clone().call(request)
    });
    let speaking = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(BUFFER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut speaking = std::pin::pin!(speaking);
    let ended = tokio::select! {
        ended = speaking.as_mut() => ended,
        () = end(&mut stopped) => {
            speaking.as_mut().graceful_shutdown();
            speaking.await
        }
    };
    if let Err(error) = ended {
        log::debug!("http: {address}: {error}");
    }
}

/// Reads certificate and key.
pub fn acceptor(files: &Tls) -> Result<TlsAcceptor, String> {
    let named = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect)
        .map_err(|error| named(&files.certificate, &error))?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| named(&files.key, &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| named(&files.certificate, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Listens.
pub async fn listen(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await?;
    let bound = listener.local_addr()?;
    Ok((listener, bound))
}
