//! The one task that sends to screens.
//!
//! Records, new screens and heartbeats come through one queue, so that a screen joins at an exact place in the stream.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use protocol::api::Context;
use serde_json::json;
use socketioxide::extract::SocketRef;
use socketioxide::{BroadcastError, SocketIo};
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;

use super::contract::Subscription;
use super::message::{Outgoing, outgoing};
use super::resume;
use super::{live_room, room};
use crate::clock::Clock;
use crate::ledger::Ledger;
use crate::ledger::record::{Cursor, Record};

/// How often screens that follow the ledger hear that they are current; their badge turns into an alarm after three.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(1);

/// What the publisher is asked.
pub(super) enum Work {
    /// Durable records, in order.
    Records(Vec<Record>),
    /// A screen that has caught up.
    Join(Join),
}

/// A screen that wants to hear of everything from here on.
pub(super) struct Join {
    pub(super) socket: SocketRef,
    pub(super) subscription: Subscription,
    /// The last record that it has, and the last message; none where it begins.
    pub(super) caught_up: Option<(u64, u64)>,
}

/// Sends to screens.
pub(super) struct Publisher {
    io: SocketIo,
    ledger: Arc<Ledger>,
    /// The last record seen.
    cursor: Cursor,
    /// The last record that made a message.
    last_message: u64,
    /// `cursor`'s number, for those who catch up: they must not run ahead of the stream.
    published_seq: Arc<AtomicU64>,
    /// Screens that know more than has been sent yet.
    waiting: Vec<Join>,
}

impl Publisher {
    pub(super) fn new(io: SocketIo, ledger: Arc<Ledger>) -> Self {
        let cursor = ledger.state().cursor;
        // Whether the last record made a message need not be known: a `prev` that is too high would only make a screen
        // ask again, so the start says the lowest.
        let published_seq = Arc::new(AtomicU64::new(cursor.seq));
        Self { io, ledger, cursor, last_message: 0, published_seq, waiting: Vec::new() }
    }

    pub(super) fn published_seq(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.published_seq)
    }

    pub(super) async fn run(mut self, mut queue: mpsc::Receiver<Work>) {
        let mut heartbeat = tokio::time::interval(HEARTBEAT_EVERY);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                work = queue.recv() => match work {
                    Some(Work::Records(records)) => self.records(&records).await,
                    Some(Work::Join(join)) => self.join(join),
                    None => return,
                },
                _ = heartbeat.tick() => self.heartbeat().await,
            }
        }
    }

    async fn records(&mut self, records: &[Record]) {
        let context = self.context();
        for record in records {
            self.cursor = record.cursor();
            let Some(context) = &context else { continue };
            if let Some(message) = outgoing(record, context) {
                self.send(&message, context.outlet_number).await;
                self.last_message = record.seq;
            }
            self.published_seq.store(record.seq, Ordering::Release);
            let (ready, waiting) =
                std::mem::take(&mut self.waiting).into_iter().partition(|join| !self.is_early(join));
            self.waiting = waiting;
            let ready: Vec<Join> = ready;
            for join in ready {
                self.join(join);
            }
        }
    }

    /// Whether a screen has read of records, by REST, that the stream has yet to send.
    fn is_early(&self, join: &Join) -> bool {
        join.caught_up.is_some_and(|(seq, _)| seq > self.cursor.seq)
    }

    fn context(&self) -> Option<Context> {
        self.ledger.state().outlet.as_ref().map(|outlet| Context::of(outlet))
    }

    async fn send(&self, message: &Outgoing<'_>, outlet: u32) {
        let room = room(outlet);
        let mut lagging = false;
        if message.is_contract {
            lagging |= is_lag(self.io.to(room.clone()).emit(message.name, &message.content).await);
        }
        lagging |= is_lag(self.io.to(room.clone()).emit("ledger", &message.placed(self.last_message)).await);
        if lagging {
            self.drop_lagging(&room);
        }
    }

    /// Disconnects the screens whose buffers are full; each resumes by its cursor, and the others do not wait.
    fn drop_lagging(&self, room: &str) {
        for socket in self.io.within(room.to_owned()).sockets() {
            if socket.emit("heartbeat", &self.heartbeat_content()).is_err() {
                log::warn!("live.socket {} lags and is disconnected", socket.id);
                metrics::counter!("outlet_hub_live_lagging_total").increment(1);
                let _ = socket.disconnect();
            }
        }
    }

    fn join(&mut self, join: Join) {
        let Some(context) = self.context() else { return };
        if self.is_early(&join) {
            self.waiting.push(join);
            return;
        }
        let Join { socket, subscription, caught_up } = join;
        if let Some((seq, last_sent)) = caught_up {
            let stretch =
                resume::last_stretch(&self.ledger, &socket, seq, self.cursor.seq, last_sent, &context);
            if let Err(error) = stretch {
                log::error!("live.resume: {error}");
                return resume::ask_to_reload(&socket, &error.to_string());
            }
        }
        socket.join(room(context.outlet_number));
        let outlet_id = &subscription.outlet_id;
        if subscription.follows_ledger {
            socket.join(live_room(context.outlet_number));
            let _ = socket.emit(
                "subscribed",
                &json!({"outletId": outlet_id, "epoch": self.cursor.epoch, "seq": self.cursor.seq}),
            );
        } else {
            let _ = socket.emit("subscribed", &json!({ "outletId": outlet_id }));
        }
    }

    async fn heartbeat(&self) {
        let outlet = self.ledger.state().outlet.as_ref().map(|outlet| outlet.number);
        if let Some(outlet) = outlet {
            let content = self.heartbeat_content();
            let _ = self.io.to(live_room(outlet)).emit("heartbeat", &content).await;
        }
    }

    fn heartbeat_content(&self) -> serde_json::Value {
        // With the hub's time: a tablet whose clock is wrong still shows the right age of a ticket.
        let at = Clock::system().now_ms();
        json!({"epoch": self.cursor.epoch, "seq": self.last_message, "at": at})
    }
}

/// Whether some screen's buffer was full. A closed one is on its way out already.
fn is_lag(sent: Result<(), BroadcastError>) -> bool {
    match sent {
        Ok(()) => false,
        Err(BroadcastError::Socket(errors)) => {
            errors.iter().any(|error| matches!(error, socketioxide::SocketError::InternalChannelFull))
        }
        Err(error) => {
            log::error!("live.emit: {error}");
            false
        }
    }
}
