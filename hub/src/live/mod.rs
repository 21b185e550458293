//! Live: what screens hear, and what old tills and screens say.
//!
//! `audience` says who may use which event, `contract` reads the old events, `socket` answers them, `publish` is the one task that sends to screens, in the ledger's
//! order, `resume` brings a screen that was away up to it, `message` is what travels, `screen` knows the ways to a screen, and `wire` puts
//! frames into connections.
//!
//! **Promise.** A screen hears of an event after its barrier, once, in the order of the ledger; one that was away and says
//! where it stopped hears what it missed first, with no gap and no repeat.
//! **Limits.** A screen that lags by more than `BUFFER_PACKETS` packets leaves the stream and is caught up from the ledger at
//! its own pace; it misses nothing and never slows the others.

pub mod audience;
pub mod contract;
mod message;
mod publish;
mod resume;
mod screen;
mod socket;
pub mod wire;

use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::Next;
use socketioxide::SocketIo;
use socketioxide::layer::SocketIoLayer;
use tokio::sync::mpsc;

use self::publish::{Publisher, Work};
use self::wire::Switchboard;
use crate::auth::Gate;
use crate::ledger::record::Record;

/// Packets that may wait with the library, answers to a till above all: it has no other place for them, and the library's own
/// 128 would be full at every peak. Messages take the lines, where they are bounded in bytes.
const BUFFER_PACKETS: usize = 10_000;
/// Largest packet taken from a client on the wire. The contract's limit is `contract::PAYLOAD_BYTES_MAX`; what lies
/// between the two is answered with an error rather than a closed connection.
const PACKET_BYTES_MAX: u64 = 1_500_000;
/// Groups of records that wait to be sent, of up to 256 records each; the writer waits when it is full, which a screen cannot
/// cause.
const QUEUE_GROUPS: usize = 32;

/// How live connections behave.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether clients that were never paired may use the old events.
    pub allow_unpaired: bool,
    /// How often a connection is asked whether it is there.
    pub ping_interval: Duration,
    /// How long it may take to answer before it is closed.
    pub ping_timeout: Duration,
}

/// The queue's two ends, made before the ledger so that it can be given one.
#[derive(Debug)]
pub struct Queue {
    sender: mpsc::Sender<Work>,
    receiver: mpsc::Receiver<Work>,
}

impl Queue {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE_GROUPS);
        Self { sender, receiver }
    }

    /// For the ledger's writer: hands durable records over.
    #[must_use]
    pub fn publish(&self) -> crate::ledger::writer::Publish {
        let sender = self.sender.clone();
        Box::new(move |records: Vec<Record>| {
            // Closed means that the hub is stopping.
            let _ = sender.blocking_send(Work::Records(records));
        })
    }
}

impl Default for Queue {
    fn default() -> Self {
        Self::new()
    }
}

/// A running live service.
pub struct Live {
    layer: SocketIoLayer,
    switchboard: Switchboard,
    publisher: tokio::task::JoinHandle<()>,
}

impl Live {
    /// Starts the publisher and registers the events.
    #[must_use]
    pub fn start(queue: Queue, gate: Gate, options: Options) -> Self {
        let (layer, io) = SocketIo::builder()
            .max_buffer_size(BUFFER_PACKETS)
            .max_payload(PACKET_BYTES_MAX)
            .ws_max_message_size(PACKET_BYTES_MAX as usize)
            .ws_max_frame_size(PACKET_BYTES_MAX as usize)
            .ping_interval(options.ping_interval)
            .ping_timeout(options.ping_timeout)
            .build_layer();
        let switchboard = Switchboard::default();
        let publisher = Publisher::new(gate.clone(), queue.sender.clone(), switchboard.clone());
        let handlers = socket::Handlers { reader: publisher.reader(), work: queue.sender, options, gate };
        socket::register(&io, handlers);
        let publisher = tokio::spawn(publisher.run(queue.receiver));
        Self { layer, switchboard, publisher }
    }

    /// Answers `/socket.io/`; the server must give each request its `wire::Line`.
    pub fn router(&self) -> Router {
        let switchboard = self.switchboard.clone();
        let watch = move |request: Request, next: Next| switchboard.clone().watch(request, next);
        Router::new().layer(self.layer.clone()).layer(axum::middleware::from_fn(watch))
    }

    /// Ends the publisher.
    pub fn stop(&self) {
        self.publisher.abort();
    }
}
