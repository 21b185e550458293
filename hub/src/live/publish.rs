//! The one task that sends to screens.
//!
//! Records, new screens and heartbeats come through one queue, so that a screen joins at an exact place in the stream. A
//! screen whose buffer is full leaves the stream and is caught up from the ledger at its own pace (`resume`): it misses
//! nothing, and the others do not wait.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use protocol::api::Context;
use protocol::event::{Event, StaffEvent};
use serde_json::json;
use socketioxide::extract::AckSender;
use socketioxide::socket::Sid;
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;

use super::audience::{self, Words};
use super::contract::Subscription;
use super::message::{Sent, outgoing_of};
use super::resume::{self, Reader};
use super::screen::{Bundle, Place, Screen};
use super::wire::{self, Switchboard};
use crate::auth::Gate;
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
    pub(super) screen: Screen,
    /// Where it stands; none where it begins.
    pub(super) place: Option<Place>,
    /// To be told that it is subscribed; none where it only lagged.
    pub(super) answer: Option<(Subscription, AckSender)>,
}

/// Sends to screens.
pub(super) struct Publisher {
    ledger: Arc<Ledger>,
    /// Says who may still hear.
    gate: Gate,
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
    pub(super) fn new(gate: Gate, work: mpsc::Sender<Work>, switchboard: Switchboard) -> Self {
        let ledger = Arc::clone(&gate.ledger);
        let cursor = ledger.state().cursor;
        let published_seq = Arc::new(AtomicU64::new(cursor.seq));
        let last_message = last_message(&ledger, cursor.seq);
        Self {
            ledger,
            gate,
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
        Reader {
            ledger: Arc::clone(&self.ledger),
            published_seq: Arc::clone(&self.published_seq),
            switchboard: self.switchboard.clone(),
        }
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
        if let Some(context) = self.context() {
            let messages = outgoing_of(records, &context, self.last_message);
            self.last_message = messages.last().map_or(self.last_message, |message| message.seq);
            for bundle in Bundle::runs(&messages) {
                self.send(&bundle);
            }
        }
        self.cursor = last.cursor();
        self.published_seq.store(last.seq, Ordering::Release);
        self.admit_waiting();
        if records.iter().any(|record| may_take_rights(&record.envelope.event)) {
            self.drop_those_without_rights();
        }
    }

    /// Whoever has lost their rights hears why, and nothing more.
    fn drop_those_without_rights(&mut self) {
        let gate = &self.gate;
        self.screens.retain(|_, screen| match audience::may_still_hear(gate, &screen.socket) {
            Ok(()) => true,
            Err(words) => {
                turn_out(screen, &words);
                false
            }
        });
    }

    fn context(&self) -> Option<Context> {
        self.ledger.state().outlet.as_ref().map(|outlet| Context::of(outlet))
    }

    fn send(&mut self, bundle: &Bundle<'_>) {
        let mut lagging = Vec::new();
        let switchboard = &self.switchboard;
        self.screens.retain(|sid, screen| match screen.send(bundle, switchboard) {
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
        let join = Join { screen, place: Some(place), answer: None };
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
        let Join { mut screen, place, answer } = join;
        // Rights may have gone while it caught up.
        if let Err(words) = audience::may_still_hear(&self.gate, &screen.socket) {
            return turn_out(&screen, &words);
        }
        match place {
            None => screen.last_sent = self.last_message,
            Some(place) => {
                match resume::last_stretch(&self.reader(), &mut screen, place, self.cursor.seq, &context) {
                    Ok(Ok(())) => {}
                    Ok(Err((Sent::Gone, _))) => return,
                    Ok(Err((_, reached))) => {
                        let join = Join { screen, place: Some(reached), answer };
                        tokio::spawn(resume::come_back(self.reader(), join, self.work.clone()));
                        return;
                    }
                    Err(error) => {
                        log::error!("live.resume: {error}");
                        return resume::give_up(&self.reader(), &screen, &error.to_string());
                    }
                }
            }
        }
        if let Some((subscription, ack)) = answer {
            let outlet_id = &subscription.outlet_id;
            let content = if screen.follows_ledger {
                json!({"outletId": outlet_id, "epoch": self.cursor.epoch, "seq": self.cursor.seq})
            } else {
                json!({ "outletId": outlet_id })
            };
            screen.tell("subscribed", &content, &wire::event("subscribed", &content));
            let _ = ack.send(&content);
        }
        self.screens.insert(screen.socket.id, screen);
    }

    fn heartbeat(&mut self) {
        // With the hub's time: a tablet whose clock is wrong still shows the right age of a ticket.
        let at = Clock::system().now_ms();
        let content = json!({"epoch": self.cursor.epoch, "seq": self.last_message, "at": at});
        let frame = wire::event("heartbeat", &content);
        for screen in self.screens.values().filter(|screen| screen.follows_ledger) {
            // One that has no room for it hears of the next message, or is caught up.
            screen.tell("heartbeat", &content, &frame);
        }
    }
}

/// Whether somebody may have lost a right by an event.
fn may_take_rights(event: &Event) -> bool {
    matches!(event, Event::Device(_) | Event::Staff(StaffEvent::SessionEnded { .. } | StaffEvent::UserPut(_)))
}

fn turn_out(screen: &Screen, (detail, code): &Words) {
    log::info!("live.socket {} has lost its rights: {code}", screen.socket.id);
    let content = json!({"event": "connection", "detail": detail, "code": code});
    screen.tell("error", &content, &wire::event("error", &content));
    let _ = screen.socket.clone().disconnect();
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
