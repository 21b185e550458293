//! Answers the events of old tills and screens.
//!
//! Handlers are plain closures that hand their event over at once: the library spawns an async one per event, and events
//! would overtake each other. The ledger's writer gives the order.

use std::future::ready;
use std::time::Instant;

use protocol::event::Key;
use rmpv::Value;
use serde::Serialize;
use socketioxide::SocketIo;
use socketioxide::extract::{AckSender, SocketRef, TryData};
use socketioxide::handler::ConnectHandler as _;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use super::audience::{self, Sender, Words};
use super::contract::{self, Nonsense, PAYLOAD_BYTES_MAX};
use super::publish::{Join, Work};
use super::screen::Screen;
use super::{Options, resume};
use crate::api::error::ApiError;
use crate::api::extract::bytes_hash;
use crate::auth::Gate;
use crate::ledger::command::Command;
use crate::ledger::{LedgerError, OutcomeKind};
use crate::logging;

/// What the handlers share.
#[derive(Clone)]
pub(super) struct Handlers {
    pub(super) reader: resume::Reader,
    pub(super) work: mpsc::Sender<Work>,
    pub(super) options: Options,
    pub(super) gate: Gate,
}

/// An `error` for the sender alone.
#[derive(Debug, Serialize)]
struct ErrorOut {
    event: &'static str,
    detail: String,
    code: &'static str,
    #[serde(skip_serializing_if = "Value::is_nil")]
    id: Value,
}

/// What the sender of an order or a change hears.
#[derive(Debug, Serialize)]
struct Sent {
    #[serde(rename = "orderId")]
    order_id: Value,
}

pub(super) fn register(io: &SocketIo, handlers: Handlers) {
    // In a middleware, which runs before the client hears that it is connected: a handler that is registered later misses
    // what the client says at once.
    let listen = move |socket: SocketRef, TryData(auth): TryData<Value>| {
        if let Err(code) = handlers.recognise(&socket, &auth.unwrap_or(Value::Nil)) {
            return ready(Err(code));
        }
        for event in ["new_order", "update_status", "complete_order", "cancel_order"] {
            let handlers = handlers.clone();
            socket.on(event, move |socket: SocketRef, TryData(payload): TryData<Value>, ack: AckSender| {
                // A payload that is missing or cannot be read is answered like any other that makes no sense.
                handlers.write(event, socket, &payload.unwrap_or(Value::Nil), ack);
                ready(())
            });
        }
        let subscribing = handlers.clone();
        socket.on(
            "subscribe_outlet",
            move |socket: SocketRef, TryData(payload): TryData<Value>, ack: AckSender| {
                subscribing.subscribe(socket, &payload.unwrap_or(Value::Nil), ack);
                ready(())
            },
        );
        let leaving = handlers.clone();
        socket.on_disconnect(move |socket: SocketRef| {
            // A full queue only means that the next message finds it gone.
            let _ = leaving.work.try_send(Work::Gone(socket.id));
            if let Some(device) = audience::holder_of(&socket).device {
                leaving.gate.presence.disconnected(device, leaving.gate.now_ms());
            }
            ready(())
        });
        // Who it says it is changes nothing yet; it is kept for the log.
        socket.on("identify", |socket: SocketRef, TryData(payload): TryData<Value>| {
            // Its words alone: whatever else a client puts there is not for the log.
            if let Ok(payload) = payload {
                let kind = payload.as_map().and_then(|fields| {
                    fields
                        .iter()
                        .find(|(name, _)| name.as_str() == Some("type"))
                        .and_then(|(_, kind)| kind.as_str())
                });
                let kind: String = kind.unwrap_or("nothing").chars().take(20).collect();
                log::debug!("live.identify socket.id={} type={kind}", socket.id);
            }
            ready(())
        });
        ready(Ok::<(), &'static str>(()))
    };
    io.ns("/", (|| ready(())).with(listen));
}

impl Handlers {
    fn outlet(&self) -> Option<(u32, u8)> {
        self.reader.ledger.state().outlet.as_ref().map(|outlet| (outlet.number, outlet.currency_exponent))
    }

    /// Notes who connects. What is shown and not taken refuses the connection, with the code as its message.
    fn recognise(&self, socket: &SocketRef, auth: &Value) -> Result<(), &'static str> {
        let holder = audience::holder(&self.gate, socket, auth).map_err(|(detail, code)| {
            log::info!("live.connect refused: {detail}");
            code
        })?;
        if let Some(device) = holder.device {
            self.gate.presence.connected(device, self.gate.now_ms());
        }
        socket.extensions.insert(holder);
        Ok(())
    }

    /// Whether the sender may use an event, and on which outlet.
    fn admit(&self, socket: &SocketRef, event: &str) -> Result<(Sender, u32, u8), Words> {
        let sender = audience::admit(&self.gate, socket, event, self.options.allow_unpaired)?;
        let (outlet, exponent) =
            self.outlet().ok_or_else(|| ("the outlet is not set up yet".to_owned(), "not_set_up"))?;
        Ok((sender, outlet, exponent))
    }

    fn subscribe(&self, socket: SocketRef, payload: &Value, ack: AckSender) {
        let event = "subscribe_outlet";
        let subscription = self.admit(&socket, event).and_then(|(_, outlet, _)| {
            contract::subscription(payload, outlet).map_err(|detail| (detail, "invalid"))
        });
        let subscription = match subscription {
            Ok(subscription) => subscription,
            Err((detail, code)) => {
                return refuse(&socket, ack, &ErrorOut { event, detail, code, id: Value::Nil });
            }
        };
        let since = subscription.since;
        let screen = Screen::new(socket, subscription.follows_ledger);
        let join = Join { screen, place: None, answer: Some((subscription, ack)) };
        let (reader, work) = (self.reader.clone(), self.work.clone());
        let Some(since) = since else {
            // At once: what the same client orders next, it hears.
            match work.try_send(Work::Join(join)) {
                Err(TrySendError::Full(late)) => {
                    tokio::spawn(async move { work.send(late).await });
                }
                // Closed means that the hub is stopping.
                Ok(()) | Err(TrySendError::Closed(_)) => {}
            }
            return;
        };
        tokio::spawn(resume::resume(reader, join, since, work));
    }

    fn write(&self, event: &'static str, socket: SocketRef, payload: &Value, ack: AckSender) {
        let began = Instant::now();
        let id = contract::id_as_sent(payload);
        let read = self.admit(&socket, event).and_then(|(sender, outlet, exponent)| {
            let read = command(event, payload, outlet, exponent).map_err(|detail| (detail, "invalid"))?;
            Ok((sender, read))
        });
        let (sender, (command, order_id, bytes)) = match read {
            Ok(read) => read,
            Err((detail, code)) => return refuse(&socket, ack, &ErrorOut { event, detail, code, id }),
        };
        let keys = match &command {
            Command::OldPlace(order) => {
                vec![Key { key: order.wire_id.id().into_bytes(), content: bytes_hash(&order.raw) }]
            }
            _ => Vec::new(),
        };
        let request = sender.request(keys, command);
        self.reader.ledger.submit(
            request,
            bytes,
            Box::new(move |result| match result {
                Ok(outcome) => {
                    if outcome.kind == OutcomeKind::New && event == "new_order" {
                        logging::order_placed(&outcome, began);
                    }
                    let sent = Sent { order_id };
                    let _ = match event {
                        "new_order" => socket.emit("order_sent", &sent),
                        "update_status" => socket.emit("status_updated", &sent),
                        _ => Ok(()),
                    };
                    let _ = ack.send(&sent);
                }
                Err(error) => {
                    let (detail, code) = words(error);
                    refuse(&socket, ack, &ErrorOut { event, detail, code, id });
                }
            }),
        );
    }
}

fn command(
    event: &str,
    payload: &Value,
    outlet: u32,
    exponent: u8,
) -> Result<(Command, Value, usize), Nonsense> {
    if event == "new_order" {
        let order = contract::order(payload, outlet, exponent)?;
        let (id, bytes) = (contract::echo(&order.wire_id), order.raw.len());
        return Ok((Command::OldPlace(Box::new(order)), id, bytes));
    }
    let change = contract::change(event, payload, outlet)?;
    let (id, bytes) = (contract::echo(&change.wire_id), change.raw.len().min(PAYLOAD_BYTES_MAX));
    Ok((Command::OldMove(change), id, bytes))
}

fn words(error: LedgerError) -> (String, &'static str) {
    ApiError::from(error).words()
}

fn refuse(socket: &SocketRef, ack: AckSender, error: &ErrorOut) {
    log::info!("live.refused event={} {}", error.event, error.detail);
    let _ = socket.emit("error", error);
    let _ = ack.send(error);
}
