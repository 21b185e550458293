//! What travels: a record as its old event, and as `ledger`; encoded once for all screens, as frames where it carries no binary.

use protocol::api::Context;
use protocol::live::{Payload, message};
use rmpv::Value;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use socketioxide::extract::SocketRef;
use socketioxide::{SendError, SocketError};

use super::wire;
use crate::ledger::record::Record;

/// A message with its place.
const LEDGER: &str = "ledger";

/// A record for screens.
#[derive(Debug)]
pub(super) struct Outgoing<'record> {
    pub(super) seq: u64,
    epoch: u32,
    name: &'static str,
    is_contract: bool,
    content: Content<'record>,
    /// The content as JSON; none where it carries binary, which travels beside its JSON.
    encoded: Option<Box<RawValue>>,
    /// The message before it in this stream.
    prev: u64,
}

/// What it says.
#[derive(Debug)]
enum Content<'record> {
    /// As an old client sent it.
    AsSent(Value),
    /// In our own shapes.
    Ours(Payload<'record>),
}

/// How far a message has come to a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// All of it.
    Whole,
    /// Its buffer is full; `half` where the old event went and `ledger` did not.
    Full {
        /// Whether the old event was sent.
        half: bool,
    },
    /// It is gone.
    Gone,
}

/// The message that a record makes, or none. `prev` is the message before it in this stream.
fn outgoing<'record>(record: &'record Record, context: &Context, prev: u64) -> Option<Outgoing<'record>> {
    let message = message(record.seq, &record.envelope, context)?;
    let content = match message.payload {
        Payload::Raw(mut raw) => match rmpv::decode::read_value(&mut raw) {
            Ok(value) => Content::AsSent(value),
            Err(error) => {
                log::error!("ledger.seq {}: what was sent cannot be read: {error}", record.seq);
                return None;
            }
        },
        payload => Content::Ours(payload),
    };
    let mut outgoing = Outgoing {
        seq: record.seq,
        epoch: record.epoch,
        name: message.name,
        is_contract: message.is_contract,
        content,
        encoded: None,
        prev,
    };
    if !matches!(&outgoing.content, Content::AsSent(value) if has_binary(value)) {
        outgoing.encoded = to_raw_value(&outgoing.content).ok();
    }
    Some(outgoing)
}

/// The messages of records that follow each other; `prev` is the message before them.
pub(super) fn outgoing_of<'records>(
    records: &'records [Record],
    context: &Context,
    mut prev: u64,
) -> Vec<Outgoing<'records>> {
    let mut messages = Vec::with_capacity(records.len());
    for record in records {
        if let Some(message) = outgoing(record, context, prev) {
            prev = message.seq;
            messages.push(message);
        }
    }
    messages
}

impl Outgoing<'_> {
    /// Appends both its events as frames; answers whether it can be sent so.
    pub(super) fn push_frames(&self, out: &mut Vec<u8>) -> bool {
        let Some(data) = &self.encoded else { return false };
        if self.is_contract {
            wire::push_event(out, self.name, &[data.get()]);
        }
        let head = format!("{},\"event\":{{\"name\":\"{}\",\"data\":", self.place(), self.name);
        wire::push_event(out, LEDGER, &[&head, data.get(), "}}"]);
        true
    }

    /// Whether it can be sent as frames.
    pub(super) fn is_plain(&self) -> bool {
        self.encoded.is_some()
    }

    /// How its last frame begins.
    pub(super) fn mark(&self) -> Vec<u8> {
        wire::mark(LEDGER, &format!("{{\"epoch\":{},\"seq\":{},", self.epoch, self.seq))
    }

    fn place(&self) -> String {
        format!("{{\"epoch\":{},\"seq\":{},\"prev\":{}", self.epoch, self.seq, self.prev)
    }

    fn placed<T>(&self, data: T) -> Placed<T> {
        Placed { epoch: self.epoch, seq: self.seq, prev: self.prev, event: Event { name: self.name, data } }
    }

    /// Sends it to a screen; only its second half where the first has gone before.
    pub(super) fn send(&self, socket: &SocketRef, first_half_is_sent: bool) -> Sent {
        if self.is_contract && !first_half_is_sent {
            let sent = match &self.encoded {
                Some(data) => socket.emit(self.name, data),
                None => socket.emit(self.name, &self.content),
            };
            match outcome(sent) {
                Sent::Whole => {}
                other => return other,
            }
        }
        let sent = match &self.encoded {
            Some(data) => socket.emit(LEDGER, &self.placed(data)),
            None => socket.emit(LEDGER, &self.placed(&self.content)),
        };
        match outcome(sent) {
            Sent::Full { .. } => Sent::Full { half: self.is_contract },
            other => other,
        }
    }
}

fn outcome(sent: Result<(), SendError>) -> Sent {
    match sent {
        Ok(()) => Sent::Whole,
        Err(SendError::Socket(SocketError::InternalChannelFull)) => Sent::Full { half: false },
        Err(SendError::Socket(_)) => Sent::Gone,
        Err(SendError::Serialize(error)) => {
            log::error!("live.emit: {error}");
            Sent::Whole
        }
    }
}

fn has_binary(value: &Value) -> bool {
    match value {
        Value::Binary(_) | Value::Ext(..) => true,
        Value::Array(values) => values.iter().any(has_binary),
        Value::Map(fields) => fields.iter().any(|(_, value)| has_binary(value)),
        _ => false,
    }
}

impl Serialize for Content<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::AsSent(value) => value.serialize(serializer),
            Self::Ours(Payload::Order(order)) => order.serialize(serializer),
            Self::Ours(Payload::Change(change)) => change.serialize(serializer),
            Self::Ours(Payload::Catalogue(change)) => change.serialize(serializer),
            Self::Ours(Payload::Raw(_)) => unreachable!("what was sent is decoded"),
        }
    }
}

/// `ledger`: a message with its place.
#[derive(Debug, Serialize)]
struct Placed<T> {
    epoch: u32,
    seq: u64,
    /// One who has not heard that has missed something.
    prev: u64,
    event: Event<T>,
}

#[derive(Debug, Serialize)]
struct Event<T> {
    name: &'static str,
    data: T,
}
