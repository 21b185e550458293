//! Takes connections, and lets the library speak HTTP on each.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_rustls::TlsAcceptor;
use tower::Service as _;

use super::conduit::{Conduit, Phase};
use super::patience::Patience;
use super::turnstile::{Permit, Turnstile};
use super::{Connection, Peer};
use crate::live::wire::Wire;

/// How long a TLS handshake may take.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// How long a connection may stay with nothing asked, and a whole head may take with the pause before it.
const PAUSE_MAX: Duration = Duration::from_secs(75);
/// Most bytes of a head, and of an answer that waits for room. What the library allows by itself would let
/// connections that each send half a head take hundreds of megabytes.
const BUFFER_BYTES_MAX: usize = 64 << 10;
/// Pause after an error that is the machine's and not one connection's: there are no more files to open.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// What every entrance leads to.
#[derive(Clone)]
pub struct Entrance {
    /// Answers.
    pub app: Router,
    /// Counts.
    pub turnstile: Turnstile,
    /// Turns true when the hub stops.
    pub stopped: watch::Receiver<bool>,
}

/// Takes connections until the hub stops, then waits until those that have something in hand have finished. `tls` encrypts
/// them.
pub async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, mut entrance: Entrance) {
    // Each connection holds a sender; when the last has gone, all have finished.
    let (in_hand, mut finished) = mpsc::channel::<Infallible>(1);
    let to_each = entrance.clone();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = end(&mut entrance.stopped) => break,
        };
        match accepted {
            Ok((stream, address)) => {
                let Some(permit) = to_each.turnstile.admit(address.ip()) else { continue };
                let (tls, entrance, in_hand) = (tls.clone(), to_each.clone(), in_hand.clone());
                tokio::spawn(async move {
                    converse(stream, address, permit, tls, entrance).await;
                    drop(in_hand);
                });
            }
            // It went before it was taken.
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                log::error!("http: no connection can be taken: {error}");
                tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
            }
        }
    }
    drop((listener, in_hand));
    let _ = finished.recv().await;
}

/// The hub's end. An error means that the sender has gone: that is the end too.
async fn end(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn converse(
    stream: TcpStream,
    address: SocketAddr,
    permit: Permit,
    tls: Option<TlsAcceptor>,
    mut entrance: Entrance,
) {
    let peer = Peer { address, is_tls: tls.is_some() };
    let wire = Wire::new(stream, tls.is_some());
    let connection = Connection { peer, line: wire.line() };
    let Some(tls) = tls else { return speak(wire, connection, permit, entrance).await };
    let shaken = tokio::select! {
        shaken = tokio::time::timeout(HANDSHAKE_WITHIN, tls.accept(wire)) => shaken,
        () = end(&mut entrance.stopped) => return,
    };
    match shaken {
        Ok(Ok(stream)) => speak(stream, connection, permit, entrance).await,
        // A browser that does not trust the hub yet ends here too, so it is nothing to worry about.
        Ok(Err(error)) => log::debug!("https: {address}: {error}"),
        Err(_) => log::debug!("https: {address}: no handshake within {HANDSHAKE_WITHIN:?}"),
    }
}

/// Speaks HTTP until one of the two has had enough.
async fn speak<S>(stream: S, connection: Connection, permit: Permit, entrance: Entrance)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Entrance { app, mut stopped, .. } = entrance;
    let address = connection.peer.address;
    let phase = Arc::new(Phase::default());
    let conduit = Conduit::new(stream, Arc::clone(&phase), permit);
    let at = Arc::clone(&phase);
    let service =
        service_fn(move |request| answer(app.clone(), request, connection.clone(), Arc::clone(&at)));
    let speaking = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PAUSE_MAX)
        .max_buf_size(BUFFER_BYTES_MAX)
        .serve_connection(TokioIo::new(conduit), service)
        .with_upgrades();
    let mut speaking = std::pin::pin!(speaking);
    let ended = tokio::select! {
        ended = speaking.as_mut() => ended,
        () = end(&mut stopped) => {
            if phase.is_fresh() {
                return;
            }
            speaking.as_mut().graceful_shutdown();
            speaking.await
        }
    };
    if let Err(error) = ended {
        log::debug!("http: {address}: {error}");
    }
}

async fn answer(
    mut app: Router,
    request: Request<Incoming>,
    connection: Connection,
    phase: Arc<Phase>,
) -> Result<Response, Infallible> {
    phase.begin();
    let (parts, body) = request.into_parts();
    let (body, is_too_slow) = Patience::new(body);
    let mut request = Request::from_parts(parts, body);
    request.extensions_mut().insert(connection.peer);
    request.extensions_mut().insert(ConnectInfo(connection));
    let mut response = app.call(request).await?;
    if is_too_slow.load(Ordering::Relaxed) {
        response = StatusCode::REQUEST_TIMEOUT.into_response();
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    phase.end(response.status() == StatusCode::SWITCHING_PROTOCOLS);
    Ok(response)
}
