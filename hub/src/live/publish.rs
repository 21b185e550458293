//! The one task that sends to screens.
//!
//! Records, new screens and heartbeats come through one queue, so that a screen joins at an exact place in the stream. A
//! screen whose buffer is full leaves the stream and is caught up from the ledger at its own pace (`resume`): it misses
//! nothing, and the others do not wait.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use protocol::api::Context;
use serde_json::json;
use socketioxide::extract::{AckSender, SocketRef};
use socketioxide::socket::Sid;
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;

use super::contract::Subscription;
use super::message::{Outgoing, Sent, outgoing};
use super::resume::{self, Place, Reader};
use super::wire::{self, Line, LineError, Switchboard};
use crate::clock::Clock;
use crate::ledger::Ledger;
use crate::ledger::record::{Cursor, Record};

/// How often screens that follow the ledger hear that they are current; their badge turns into an alarm after three.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(1);
/// Records read at once when looking for the last message at start.
const LOOK_BACK_RECORDS: u64 = 256;

/// What the publisher is asked.
pub(super) enum Work {
    /// Durable records, in order.
    Records(Vec<Record>),
    /// A screen that has caught up.
    Join(Join),
    /// A screen that is gone.
    Gone(Sid),
}

/// A screen that wants to hear of everything from here on.
pub(super) struct Join {
    pub(super) socket: SocketRef,
    pub(super) follows_ledger: bool,
    /// Where it stands; none where it begins.
    pub(super) place: Option<Place>,
    /// To be told that it is subscribed; none where it only lagged.
    pub(super) answer: Option<(Subscription, AckSender)>,
}

/// A screen in the stream.
struct Screen {
    socket: SocketRef,
    follows_ledger: bool,
    /// The last message sent to it.
    last_sent: u64,
    /// Where its frames go; none while the library sends to it.
    line: Option<Line>,
}

/// Messages of a group that follow each other, for all screens.
struct Bundle<'group> {
    messages: &'group [Outgoing<'group>],
    /// All of them as frames, and each; none where one carries binary.
    frames: Option<(Bytes, Vec<Bytes>)>,
}

impl<'group> Bundle<'group> {
    /// Of messages; there is at least one.
    fn of(messages: &'group [Outgoing<'group>]) -> Self {
        let mut bytes = Vec::new();
        let mut ends = Vec::with_capacity(messages.len());
        let is_plain = messages.iter().all(|message| {
            let is_plain = message.push_frames(&mut bytes);
            ends.push(bytes.len());
            is_plain
        });
        let frames = is_plain.then(|| {
            let all = Bytes::from(bytes);
            let starts = std::iter::once(0).chain(ends.iter().copied());
            let each = starts.zip(&ends).map(|(start, end)| all.slice(start..*end)).collect();
            (all, each)
        });
        Self { messages, frames }
    }

    /// Sends it to a screen. On an error the place answered is the one behind what was sent.
    fn send(&self, screen: &mut Screen, switchboard: &Switchboard) -> Result<(), (Sent, Place)> {
        let before = Place { seq: self.messages[0].seq - 1, last_sent: screen.last_sent, half: false };
        if let (Some(line), Some((all, _))) = (&screen.line, &self.frames) {
            return match line.push(all) {
                Ok(()) => {
                    screen.last_sent = self.messages[self.messages.len() - 1].seq;
                    Ok(())
                }
                Err(LineError::Full) => Err((Sent::Full { half: false }, before)),
                Err(LineError::Gone) => Err((Sent::Gone, before)),
            };
        }
        // Binary travels in packets of its own, which the library makes; the line waits until it is asked for again.
        screen.line = None;
        for (at, message) in self.messages.iter().enumerate() {
            let place = Place { seq: message.seq - 1, last_sent: screen.last_sent, half: false };
            let sent = match (&screen.line, &self.frames) {
                (Some(line), Some((_, each))) => match line.push(&each[at]) {
                    Ok(()) => Sent::Whole,
                    Err(LineError::Full) => Sent::Full { half: false },
                    Err(LineError::Gone) => Sent::Gone,
                },
                (_, frames) => {
                    let line = frames.as_ref().and_then(|_| switchboard.line_of(&screen.socket));
                    screen.line = line.filter(|line| line.open_behind(message.mark()));
                    message.send(&screen.socket, false)
                }
            };
            match sent {
                Sent::Whole => screen.last_sent = message.seq,
                Sent::Full { half } => return Err((sent, Place { half, ..place })),
                Sent::Gone => return Err((sent, place)),
            }
        }
        Ok(())
    }
}

/// Sends to screens.
pub(super) struct Publisher {
    ledger: Arc<Ledger>,
    screens: HashMap<Sid, Screen>,
    /// The last record seen.
    cursor: Cursor,
    /// The last record that made a message.
    last_message: u64,
    /// `cursor`'s number, for those who catch up: they must not run ahead of the stream.
    published_seq: Arc<AtomicU64>,
    /// Screens that know more than has been sent yet.
    waiting: Vec<Join>,
    /// Its own queue, for those who come back.
    work: mpsc::Sender<Work>,
    switchboard: Switchboard,
}

impl Publisher {
    pub(super) fn new(ledger: Arc<Ledger>, work: mpsc::Sender<Work>, switchboard: Switchboard) -> Self {
        let cursor = ledger.state().cursor;
        let published_seq = Arc::new(AtomicU64::new(cursor.seq));
        let last_message = last_message(&ledger, cursor.seq);
        Self {
            ledger,
            screens: HashMap::new(),
            cursor,
            last_message,
            published_seq,
            waiting: Vec::new(),
            work,
            switchboard,
        }
    }

    /// For those who catch up.
    pub(super) fn reader(&self) -> Reader {
        Reader { ledger: Arc::clone(&self.ledger), published_seq: Arc::clone(&self.published_seq) }
    }

    pub(super) async fn run(mut self, mut queue: mpsc::Receiver<Work>) {
        let mut heartbeat = tokio::time::interval(HEARTBEAT_EVERY);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                work = queue.recv() => match work {
                    Some(Work::Records(records)) => self.records(&records),
                    Some(Work::Join(join)) => self.join(join),
                    Some(Work::Gone(sid)) => {
                        self.screens.remove(&sid);
                    }
                    None => return,
                },
                _ = heartbeat.tick() => self.heartbeat(),
            }
        }
    }

    fn records(&mut self, records: &[Record]) {
        let Some(last) = records.last() else { return };
        let mut messages = Vec::with_capacity(records.len());
        if let Some(context) = self.context() {
            for record in records {
                if let Some(message) = outgoing(record, &context, self.last_message) {
                    self.last_message = record.seq;
                    messages.push(message);
                }
            }
        }
        for messages in messages.chunk_by(|one, next| one.is_plain() == next.is_plain()) {
            self.send(&Bundle::of(messages));
        }
        self.cursor = last.cursor();
        self.published_seq.store(last.seq, Ordering::Release);
        self.admit_waiting();
    }

    fn context(&self) -> Option<Context> {
        self.ledger.state().outlet.as_ref().map(|outlet| Context::of(outlet))
    }

    fn send(&mut self, bundle: &Bundle<'_>) {
        let mut lagging = Vec::new();
        let switchboard = &self.switchboard;
        self.screens.retain(|sid, screen| match bundle.send(screen, switchboard) {
            Ok(()) => true,
            Err((Sent::Gone, _)) => false,
            Err((_, place)) => {
                lagging.push((*sid, place));
                true
            }
        });
        for (sid, place) in lagging {
            if let Some(screen) = self.screens.remove(&sid) {
                self.let_catch_up(screen, place);
            }
        }
    }

    /// Takes a screen out of the stream, to be caught up from the ledger.
    fn let_catch_up(&self, screen: Screen, place: Place) {
        log::warn!("live.socket {} lags and is caught up from the ledger", screen.socket.id);
        metrics::counter!("outlet_hub_live_lagging_total").increment(1);
        let Screen { socket, follows_ledger, .. } = screen;
        let join = Join { socket, follows_ledger, place: Some(place), answer: None };
        tokio::spawn(resume::come_back(self.reader(), join, self.work.clone()));
    }

    /// Whether a screen has read of records, by REST, that the stream has yet to send.
    fn is_early(&self, join: &Join) -> bool {
        join.place.is_some_and(|place| place.seq > self.cursor.seq)
    }

    fn admit_waiting(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        for join in std::mem::take(&mut self.waiting) {
            self.join(join);
        }
    }

    fn join(&mut self, join: Join) {
        let Some(context) = self.context() else { return };
        if self.is_early(&join) {
            self.waiting.push(join);
            return;
        }
        let Join { socket, follows_ledger, place, answer } = join;
        let mut screen = Screen { socket, follows_ledger, last_sent: self.last_message, line: None };
        if let Some(place) = place {
            match resume::last_stretch(&self.ledger, &screen.socket, place, self.cursor.seq, &context) {
                Ok((Sent::Whole, reached)) => screen.last_sent = reached.last_sent,
                Ok((Sent::Gone, _)) => return,
                Ok((Sent::Full { .. }, reached)) => {
                    let join = Join { socket: screen.socket, follows_ledger, place: Some(reached), answer };
                    tokio::spawn(resume::come_back(self.reader(), join, self.work.clone()));
                    return;
                }
                Err(error) => {
                    log::error!("live.resume: {error}");
                    return resume::ask_to_reload(&screen.socket, &error.to_string());
                }
            }
        }
        if let Some((subscription, ack)) = answer {
            let outlet_id = &subscription.outlet_id;
            let content = if follows_ledger {
                json!({"outletId": outlet_id, "epoch": self.cursor.epoch, "seq": self.cursor.seq})
            } else {
                json!({ "outletId": outlet_id })
            };
            let _ = screen.socket.emit("subscribed", &content);
            let _ = ack.send(&content);
        }
        self.screens.insert(screen.socket.id, screen);
    }

    fn heartbeat(&mut self) {
        // With the hub's time: a tablet whose clock is wrong still shows the right age of a ticket.
        let at = Clock::system().now_ms();
        let content = json!({"epoch": self.cursor.epoch, "seq": self.last_message, "at": at});
        let mut frame = Vec::new();
        wire::push_event(&mut frame, "heartbeat", &[&content.to_string()]);
        let frame = Bytes::from(frame);
        for screen in self.screens.values().filter(|screen| screen.follows_ledger) {
            // One whose buffer is full hears of the next message, or is caught up.
            let _ = match &screen.line {
                Some(line) => line.push(&frame).is_ok(),
                None => screen.socket.emit("heartbeat", &content).is_ok(),
            };
        }
    }
}

/// The last record up to `seq` that makes a message; 0 where there is none.
fn last_message(ledger: &Ledger, mut seq: u64) -> u64 {
    let Some(context) = ledger.state().outlet.as_ref().map(|outlet| Context::of(outlet)) else { return 0 };
    while seq > 0 {
        let from = seq.saturating_sub(LOOK_BACK_RECORDS) + 1;
        let Ok(records) = ledger.files().read(from, (seq + 1 - from) as usize) else { return 0 };
        let is_message =
            |record: &&Record| protocol::live::message(record.seq, &record.envelope, &context).is_some();
        if let Some(record) = records.iter().rev().find(is_message) {
            return record.seq;
        }
        seq = from - 1;
    }
    0
}
