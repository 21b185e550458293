//! What travels: a record as its old event, and as `ledger`.

use protocol::api::Context;
use protocol::live::{Payload, message};
use rmpv::Value;
use serde::{Serialize, Serializer};

use crate::ledger::record::Record;

/// A record for screens.
#[derive(Debug)]
pub(super) struct Outgoing<'record> {
    pub(super) epoch: u32,
    pub(super) seq: u64,
    pub(super) name: &'static str,
    pub(super) is_contract: bool,
    pub(super) content: Content<'record>,
}

/// What it says.
#[derive(Debug)]
pub(super) enum Content<'record> {
    /// As an old client sent it.
    AsSent(Value),
    /// In our own shapes.
    Ours(Payload<'record>),
}

/// The message that a record makes, or none.
pub(super) fn outgoing<'record>(record: &'record Record, context: &Context) -> Option<Outgoing<'record>> {
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
    Some(Outgoing {
        epoch: record.epoch,
        seq: record.seq,
        name: message.name,
        is_contract: message.is_contract,
        content,
    })
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
pub(super) struct Placed<'message, 'record> {
    epoch: u32,
    seq: u64,
    /// The message before it in this stream: one who has not heard that has missed something.
    prev: u64,
    event: Event<'message, 'record>,
}

#[derive(Debug, Serialize)]
struct Event<'message, 'record> {
    name: &'static str,
    data: &'message Content<'record>,
}

impl<'record> Outgoing<'record> {
    /// With its place in the stream.
    pub(super) fn placed(&self, prev: u64) -> Placed<'_, 'record> {
        let event = Event { name: self.name, data: &self.content };
        Placed { epoch: self.epoch, seq: self.seq, prev, event }
    }
}
