//! Brings a screen that was away up to the stream: what it missed, in order, from the ledger.
//!
//! A long absence is caught up by a task of its own, at the screen's pace. Only the last stretch is sent by the publisher
//! itself, between two records, so that the screen joins with no gap and no repeat and the others do not wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use protocol::api::Context;
use serde_json::json;
use socketioxide::extract::SocketRef;
use socketioxide::{SendError, SocketError};
use tokio::sync::mpsc;

use super::contract::{Subscription, is_ahead};
use super::message::{Outgoing, outgoing};
use super::publish::{Join, Work};
use crate::ledger::Ledger;
use crate::ledger::files::ReadError;

/// Records sent by the publisher itself.
const STRETCH_RECORDS: u64 = 64;
/// Records read at once.
const CHUNK_RECORDS: usize = 256;
/// Most records that are sent again; a screen that missed more loads the open orders instead, which is quicker.
const MISSED_MAX: u64 = 20_000;
/// How long a screen may take to make room in its buffer before it is given up.
const ROOM_WITHIN: Duration = Duration::from_secs(20);
/// How often a full buffer is looked at again.
const ROOM_EVERY: Duration = Duration::from_millis(20);

/// What has been sent, for those who catch up.
#[derive(Clone)]
pub(super) struct Reader {
    pub(super) ledger: Arc<Ledger>,
    /// The last record that the publisher has sent.
    pub(super) published_seq: Arc<AtomicU64>,
}

impl Reader {
    fn published(&self) -> u64 {
        self.published_seq.load(Ordering::Acquire)
    }
}

/// Catches a screen up and hands it to the publisher.
pub(super) async fn resume(
    reader: Reader,
    socket: SocketRef,
    subscription: Subscription,
    work: mpsc::Sender<Work>,
) {
    let caught_up = match subscription.since {
        None => None,
        Some(since) => match catch_up(&reader, &socket, since).await {
            Ok(place) => Some(place),
            Err(why) => return ask_to_reload(&socket, &why),
        },
    };
    // Closed means that the hub is stopping.
    let _ = work.send(Work::Join(Join { socket, subscription, caught_up })).await;
}

/// Tells a screen that it cannot go on from where it was.
pub(super) fn ask_to_reload(socket: &SocketRef, why: &str) {
    let _ = socket.emit("error", &json!({"event": "subscribe_outlet", "code": "resync", "detail": why}));
}

/// Sends what was missed up to the last stretch; answers the last record read and the last message sent.
async fn catch_up(reader: &Reader, socket: &SocketRef, since: (u32, u64)) -> Result<(u64, u64), String> {
    let ledger = &reader.ledger;
    let end = ledger.state().cursor;
    if is_ahead(since, &end) {
        return Err("this hub's ledger does not go that far: load the open orders again".to_owned());
    }
    if end.seq - since.1 > MISSED_MAX {
        return Err(format!("more than {MISSED_MAX} events were missed: load the open orders again"));
    }
    check_epoch(ledger, since)?;
    let context = ledger.state().outlet.as_ref().map(|outlet| Context::of(outlet));
    let context = context.ok_or("the outlet is not set up yet")?;
    let (mut seq, mut last_sent) = (since.1, since.1);
    while reader.published().saturating_sub(seq) > STRETCH_RECORDS {
        let published = reader.published();
        let files = Arc::clone(ledger.files());
        let read = tokio::task::spawn_blocking(move || files.read(seq + 1, CHUNK_RECORDS));
        let records = read.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
        for record in &records {
            if record.seq > published {
                break;
            }
            if let Some(message) = outgoing(record, &context) {
                send_when_there_is_room(socket, &message, last_sent).await?;
                last_sent = record.seq;
            }
            seq = record.seq;
        }
    }
    Ok((seq, last_sent))
}

/// The record that the screen heard last must be of the epoch that it says.
fn check_epoch(ledger: &Ledger, since: (u32, u64)) -> Result<(), String> {
    if since.1 == 0 {
        return Ok(());
    }
    let records = ledger.files().read(since.1, 1).map_err(|error| error.to_string())?;
    match records.first() {
        Some(record) if record.epoch == since.0 => Ok(()),
        _ => Err("the ledger was restored since: load the open orders again".to_owned()),
    }
}

async fn send_when_there_is_room(
    socket: &SocketRef,
    message: &Outgoing<'_>,
    prev: u64,
) -> Result<(), String> {
    let deadline = tokio::time::Instant::now() + ROOM_WITHIN;
    let mut step = 0;
    loop {
        let sent = match step {
            0 if message.is_contract => socket.emit(message.name, &message.content),
            _ => socket.emit("ledger", &message.placed(prev)),
        };
        match sent {
            Ok(()) if step == 0 && message.is_contract => step = 1,
            Ok(()) => return Ok(()),
            Err(SendError::Socket(SocketError::InternalChannelFull))
                if tokio::time::Instant::now() < deadline =>
            {
                tokio::time::sleep(ROOM_EVERY).await;
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// Sends records `after + 1` to `to` at once; answers the last message sent.
pub(super) fn last_stretch(
    ledger: &Ledger,
    socket: &SocketRef,
    after: u64,
    to: u64,
    last_sent: u64,
    context: &Context,
) -> Result<u64, ReadError> {
    let mut prev = last_sent;
    if to > after {
        for record in ledger.files().read(after + 1, (to - after) as usize)? {
            if let Some(message) = outgoing(&record, context) {
                if message.is_contract {
                    let _ = socket.emit(message.name, &message.content);
                }
                let _ = socket.emit("ledger", &message.placed(prev));
                prev = record.seq;
            }
        }
    }
    Ok(prev)
}
