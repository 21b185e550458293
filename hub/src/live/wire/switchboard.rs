//! Which line a socket speaks on: a session that began with polling goes on on another connection than its first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::Request;
use axum::extract::connect_info::ConnectInfo;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use socketioxide::TransportType;
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;

use super::Line;
use crate::server::Connection;

/// The lines of sockets that began with polling and changed over: the library only knows their first request.
#[derive(Debug, Clone, Default)]
pub(in crate::live) struct Switchboard(Arc<Mutex<HashMap<Sid, Line>>>);

impl Switchboard {
    fn lock(&self) -> MutexGuard<'_, HashMap<Sid, Line>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The line of a socket that speaks WebSocket.
    pub(in crate::live) fn line_of(&self, socket: &SocketRef) -> Option<Line> {
        if socket.transport_type() != TransportType::Websocket {
            return None;
        }
        let changed_over = self.lock().get(&socket.id).cloned();
        changed_over
            .or_else(|| Some(socket.req_parts().extensions.get::<ConnectInfo<Connection>>()?.0.line.clone()))
    }

    /// Watches a request to the live service, so that a line learns when it changes over.
    pub(in crate::live) async fn watch(self, request: Request, next: Next) -> Response {
        let line = request.extensions().get::<ConnectInfo<Connection>>().map(|info| info.0.line.clone());
        let sid = request.uri().query().and_then(session);
        let response = next.run(request).await;
        if let (StatusCode::SWITCHING_PROTOCOLS, Some(line)) = (response.status(), line) {
            line.change_over();
            if let Some(sid) = sid {
                let mut lines = self.lock();
                lines.retain(|_, line| line.0.strong_count() > 0);
                lines.insert(sid, line);
            }
        }
        response
    }
}

/// The session that a request continues.
fn session(query: &str) -> Option<Sid> {
    query.split('&').find_map(|pair| pair.strip_prefix("sid=")).and_then(|sid| sid.parse().ok())
}
