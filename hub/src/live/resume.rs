//! Brings a screen that was away up to the stream: what it missed, in order, from the ledger.
//!
//! A long absence is caught up by a task of its own, at the screen's pace. Only the last stretch is sent by the publisher
//! itself, between two records, so that the screen joins with no gap and no repeat and the others do not wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use protocol::api::Context;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::contract::is_ahead;
use super::message::{Outgoing, Sent, outgoing_of};
use super::publish::{Join, Work};
use super::screen::{Bundle, Place, Screen};
use super::wire::Switchboard;
use crate::ledger::Ledger;
use crate::ledger::files::ReadError;

/// Records sent by the publisher itself.
const STRETCH_RECORDS: u64 = 64;
/// Records read at once.
const CHUNK_RECORDS: usize = 256;
/// Most records that are sent again; a screen that missed more loads the open orders instead, which is quicker.
const MISSED_MAX: u64 = 20_000;
/// How long a screen may take to make room in its buffer before it is given up: longer than a connection that does not
/// answer is kept.
const ROOM_WITHIN: Duration = Duration::from_mins(1);
/// Bytes that may wait for a screen while it catches up: what a slow tablet takes in a tenth of a second.
const WAITING_BYTES: usize = 256 << 10;
const TAKES_NOTHING: &str = "this screen takes nothing any more: load the open orders again";
/// How often a full buffer is looked at again.
const ROOM_EVERY: Duration = Duration::from_millis(20);

/// What has been sent, for those who catch up.
#[derive(Clone)]
pub(super) struct Reader {
    pub(super) ledger: Arc<Ledger>,
    /// The last record that the publisher has sent.
    pub(super) published_seq: Arc<AtomicU64>,
    pub(super) switchboard: Switchboard,
}

impl Reader {
    fn published(&self) -> u64 {
        self.published_seq.load(Ordering::Acquire)
    }
}

/// Catches a screen up from where it says that it stopped, and hands it to the publisher.
pub(super) async fn resume(reader: Reader, join: Join, since: (u32, u64), work: mpsc::Sender<Work>) {
    if let Err(why) = check(&reader.ledger, since) {
        return give_up(&reader, &join.screen, &why);
    }
    let place = Place { seq: since.1, last_sent: since.1, half: false };
    come_back(reader, Join { place: Some(place), ..join }, work).await;
}

/// Catches a screen up from its place, and hands it to the publisher.
pub(super) async fn come_back(reader: Reader, mut join: Join, work: mpsc::Sender<Work>) {
    if let Some(place) = join.place {
        match catch_up(&reader, &mut join.screen, place).await {
            Ok(Some(place)) => join.place = Some(place),
            // It is gone.
            Ok(None) => return,
            Err(why) => return give_up(&reader, &join.screen, &why),
        }
    }
    // Closed means that the hub is stopping.
    let _ = work.send(Work::Join(join)).await;
}

/// Lets a screen begin anew that cannot go on from where it was. One of ours is told; an old one knows no such word, but comes
/// back by itself, and subscribes again, when its connection breaks.
pub(super) fn give_up(reader: &Reader, screen: &Screen, why: &str) {
    log::warn!("live.socket {} begins anew: {why}", screen.socket.id);
    let told = json!({"event": "subscribe_outlet", "code": "resync", "detail": why});
    let _ = screen.socket.emit("error", &told);
    if !screen.follows_ledger {
        screen.cut(&reader.switchboard);
    }
}

/// Whether a screen can go on from where it says that it stopped.
fn check(ledger: &Ledger, since: (u32, u64)) -> Result<(), String> {
    let end = ledger.state().cursor;
    if is_ahead(since, &end) {
        return Err("this hub's ledger does not go that far: load the open orders again".to_owned());
    }
    if end.seq - since.1 > MISSED_MAX {
        return Err(format!("more than {MISSED_MAX} events were missed: load the open orders again"));
    }
    if since.1 == 0 {
        return Ok(());
    }
    let records = ledger.files().read(since.1, 1).map_err(|error| error.to_string())?;
    match records.first() {
        Some(record) if record.epoch == since.0 => Ok(()),
        _ => Err("the ledger was restored since: load the open orders again".to_owned()),
    }
}

/// Sends what was missed up to the last stretch; answers the place reached, or none where the screen is gone.
async fn catch_up(reader: &Reader, screen: &mut Screen, from: Place) -> Result<Option<Place>, String> {
    let context = reader.ledger.state().outlet.as_ref().map(|outlet| Context::of(outlet));
    let context = context.ok_or("the outlet is not set up yet")?;
    let mut place = from;
    screen.last_sent = place.last_sent;
    // What it was sent before must have gone out, lest the rest pile up behind it.
    wait_for_room(reader, screen, 0).await?;
    // A full buffer is waited for here, before the publisher is asked again.
    while place.half || reader.published().saturating_sub(place.seq) > STRETCH_RECORDS {
        let published = reader.published();
        let (files, seq) = (Arc::clone(reader.ledger.files()), place.seq);
        let read = tokio::task::spawn_blocking(move || files.read(seq + 1, CHUNK_RECORDS));
        let records = read.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
        // The record whose first half was sent is published, whatever the counter says yet.
        let last = if place.half { published.max(seq + 1) } else { published };
        let records = &records[..records.partition_point(|record| record.seq <= last)];
        let messages = outgoing_of(records, &context, screen.last_sent);
        for bundle in Bundle::runs(&messages) {
            for (message, frames) in bundle.each() {
                // The first is the one that went half.
                let half = std::mem::take(&mut place.half);
                if !send_when_there_is_room(reader, screen, message, frames, half).await? {
                    return Ok(None);
                }
            }
        }
        let reached = records.last().map_or(place.seq, |record| record.seq);
        place = Place { seq: reached, last_sent: screen.last_sent, half: false };
    }
    Ok(Some(place))
}

/// Sends as soon as the screen has room; answers whether it is still there.
async fn send_when_there_is_room(
    reader: &Reader,
    screen: &mut Screen,
    message: &Outgoing<'_>,
    frames: Option<&Bytes>,
    mut half: bool,
) -> Result<bool, String> {
    let deadline = Instant::now() + ROOM_WITHIN;
    loop {
        wait_for_room(reader, screen, WAITING_BYTES).await?;
        match screen.send_one(message, frames, half, &reader.switchboard) {
            Sent::Whole => return Ok(true),
            Sent::Gone => return Ok(false),
            Sent::Full { half: sent } => {
                half |= sent;
                if Instant::now() >= deadline {
                    return Err(TAKES_NOTHING.to_owned());
                }
                tokio::time::sleep(ROOM_EVERY).await;
            }
        }
    }
}

/// Waits until no more than so many bytes wait for the screen.
async fn wait_for_room(reader: &Reader, screen: &Screen, bytes_max: usize) -> Result<(), String> {
    let deadline = Instant::now() + ROOM_WITHIN;
    while screen.waiting_bytes(&reader.switchboard) > bytes_max {
        if Instant::now() >= deadline {
            return Err(TAKES_NOTHING.to_owned());
        }
        tokio::time::sleep(ROOM_EVERY).await;
    }
    Ok(())
}

/// Sends the records behind a place up to `to` at once; answers how that went.
pub(super) fn last_stretch(
    reader: &Reader,
    screen: &mut Screen,
    from: Place,
    to: u64,
    context: &Context,
) -> Result<Result<(), (Sent, Place)>, ReadError> {
    screen.last_sent = from.last_sent;
    if to <= from.seq {
        return Ok(Ok(()));
    }
    let records = reader.ledger.files().read(from.seq + 1, (to - from.seq) as usize)?;
    let messages = outgoing_of(&records, context, from.last_sent);
    Ok(Bundle::runs(&messages).try_for_each(|bundle| screen.send(&bundle, &reader.switchboard)))
}
