//! The uplink as a pure function: what happens comes in with the time, what is to be done comes out.
//!
//! It holds no records and no sockets. The worker does what it is told, one thing at a time, and says what came of it; so every order in
//! which networks, disks and relays can fail is a list of inputs that a test can write down or draw by lot.

use std::fmt;

use protocol::chain::Cursor;
use protocol::frame::{BATCH_RECORDS_MAX, Refused, RelayFrame, Welcome};

/// First wait after a connection that failed; doubled with each further one.
const RETRY_FIRST_MS: u64 = 1_000;
/// Longest wait between two tries.
const RETRY_MAX_MS: u64 = 60_000;
/// How often a connection is tried that a person has to mend something for, at the relay.
const MENDED_EVERY_MS: u64 = 600_000;
/// How long a relay may take to answer `Hello`.
const WELCOME_WITHIN_MS: u64 = 20_000;
/// Shortest time from one full batch to the next: a backlog of a month leaves the box to those who sell.
const DRAIN_EVERY_MS: u64 = 20;

/// What has happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input<'frame> {
    /// Time has passed.
    Tick,
    /// The ledger has grown.
    Head(Cursor),
    /// The connection stands.
    Connected,
    /// There is no connection, or not any more; why, in words.
    Closed(String),
    /// The relay spoke.
    Heard(&'frame RelayFrame<'frame>),
    /// What the ledger holds at the place that `Output::Find` asked for.
    Found(Option<Cursor>),
    /// What `Output::Forward` asked for is on its way, up to here; none where nothing was there.
    Forwarded(Option<Cursor>),
    /// The ledger cannot be read; why, in words.
    Unreadable(String),
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Open a connection.
    Connect,
    /// Say who is there.
    Hello,
    /// Say how the hub is.
    Heartbeat,
    /// Look up what the ledger holds at a place.
    Find(u64),
    /// Read records and send them as one batch.
    Forward {
        /// The record before the first.
        after: Cursor,
        /// At most so many.
        records_max: usize,
    },
    /// Close the connection.
    Close,
}

/// Why records do not go up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// It cannot be reached, or was lost; it is tried again.
    Unreachable(String),
    /// The ledger cannot be read here.
    Unreadable(String),
    /// Another box has taken this one's place, under a later epoch.
    Fenced(u32),
    /// The relay has other records than this ledger, from here on.
    Diverged(u64),
    /// The relay has records that this ledger lacks: up to here.
    Behind(u64),
    /// The ledger is not that of the outlet for which the credential was made.
    OtherOutlet,
    /// The credential was revoked.
    Revoked,
    /// The relay reads other frames, up to this version.
    Version(u8),
    /// One side did not understand the other.
    Malformed(String),
}

impl Trouble {
    /// When it is worth another try; none where it is not, until the hub is claimed anew.
    const fn wait_ms(&self) -> Option<u64> {
        match self {
            Self::Fenced(_) | Self::OtherOutlet | Self::Revoked => None,
            Self::Diverged(_) | Self::Behind(_) | Self::Version(_) => Some(MENDED_EVERY_MS),
            Self::Unreachable(_) | Self::Unreadable(_) | Self::Malformed(_) => Some(0),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) => write!(formatter, "the relay cannot be reached: {why}"),
            Self::Unreadable(why) => formatter.write_str(why),
            Self::Fenced(epoch) => write!(
                formatter,
                "another box has taken this one's place (epoch {epoch}): what is sold here is not sent any more"
            ),
            Self::Diverged(seq) => {
                write!(formatter, "the relay has other records than this ledger from seq {seq} on")
            }
            Self::Behind(seq) => {
                write!(formatter, "the relay has records up to seq {seq}, which this ledger lacks")
            }
            Self::OtherOutlet => formatter.write_str("the credential is that of another outlet"),
            Self::Revoked => formatter.write_str("head office has revoked this hub"),
            Self::Version(newest) => {
                write!(formatter, "the relay is older than this hub: it reads frames up to version {newest}")
            }
            Self::Malformed(what) => write!(formatter, "hub and relay do not understand each other: {what}"),
        }
    }
}

/// Where the connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Waiting { until_ms: u64 },
    Connecting,
    Greeting { since_ms: u64 },
    Finding { welcome: Limits, have: Cursor },
    Streaming(Stream),
    Stopped,
}

/// What the relay allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Limits {
    credit: u32,
    heartbeat_ms: u64,
}

/// A connection over which records go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stream {
    limits: Limits,
    /// The last record that is on its way.
    sent: Cursor,
    /// The worker reads.
    forwarding: bool,
    /// The next batch may be read from then on.
    next_ms: u64,
}

/// The uplink's state.
#[derive(Debug)]
pub struct Machine {
    phase: Phase,
    head: Cursor,
    /// The record before the first of the ledger's epoch.
    fork: Cursor,
    /// The last record that the relay is known to have.
    have: Option<Cursor>,
    trouble: Option<Trouble>,
    failures: u32,
    heard_ms: u64,
    said_ms: u64,
    lots: fastrand::Rng,
}

impl Machine {
    /// Before the first connection. `fork` is the record before the first of `head`'s epoch; `seed` spreads the tries of many hubs.
    #[must_use]
    pub fn new(head: Cursor, fork: Cursor, seed: u64, now_ms: u64) -> Self {
        Self {
            phase: Phase::Waiting { until_ms: now_ms },
            head,
            fork,
            have: None,
            trouble: None,
            failures: 0,
            heard_ms: now_ms,
            said_ms: now_ms,
            lots: fastrand::Rng::with_seed(seed),
        }
    }

    /// Takes in what happened, and says what to do, in order.
    pub fn on(&mut self, now_ms: u64, input: Input<'_>) -> Vec<Output> {
        let mut todo = Vec::new();
        match input {
            Input::Tick => {}
            Input::Head(head) => self.head = head,
            Input::Connected => self.connected(now_ms, &mut todo),
            Input::Closed(why) => self.closed(now_ms, why),
            Input::Heard(frame) => self.heard(now_ms, frame, &mut todo),
            Input::Found(found) => self.found(now_ms, found, &mut todo),
            Input::Forwarded(last) => self.forwarded(now_ms, last),
            Input::Unreadable(why) => self.fail(now_ms, Trouble::Unreadable(why), &mut todo),
        }
        self.turn(now_ms, &mut todo);
        todo
    }

    /// When the next `Tick` is needed at the latest.
    #[must_use]
    pub fn wake_ms(&self) -> Option<u64> {
        match self.phase {
            Phase::Stopped | Phase::Connecting => None,
            Phase::Waiting { until_ms } => Some(until_ms),
            Phase::Greeting { since_ms } => Some(since_ms + WELCOME_WITHIN_MS),
            Phase::Finding { welcome, .. } => Some(self.heard_ms + 2 * welcome.heartbeat_ms),
            Phase::Streaming(stream) => {
                let beat_ms = self.said_ms + stream.limits.heartbeat_ms;
                let dead_ms = self.heard_ms + 2 * stream.limits.heartbeat_ms;
                let next_ms = self.room(&stream).map_or(u64::MAX, |_| stream.next_ms);
                Some(beat_ms.min(dead_ms).min(next_ms))
            }
        }
    }

    /// The last record that the relay is known to have.
    #[must_use]
    pub const fn have(&self) -> Option<Cursor> {
        self.have
    }

    /// Why records do not go up; none where they do.
    #[must_use]
    pub const fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// Whether records go up.
    #[must_use]
    pub const fn is_connected(&self) -> bool {
        matches!(self.phase, Phase::Streaming(_))
    }

    /// Whether it has given up until the hub is claimed anew.
    #[must_use]
    pub const fn is_stopped(&self) -> bool {
        matches!(self.phase, Phase::Stopped)
    }

    fn connected(&mut self, now_ms: u64, todo: &mut Vec<Output>) {
        self.phase = Phase::Greeting { since_ms: now_ms };
        (self.heard_ms, self.said_ms) = (now_ms, now_ms);
        todo.push(Output::Hello);
    }

    /// What is told last about a connection is what it ended with; a relay that said why before it hung up has the word.
    fn closed(&mut self, now_ms: u64, why: String) {
        if matches!(self.phase, Phase::Waiting { .. } | Phase::Stopped) {
            return;
        }
        self.trouble = Some(Trouble::Unreachable(why));
        self.wait(now_ms, 0);
    }

    fn heard(&mut self, now_ms: u64, frame: &RelayFrame<'_>, todo: &mut Vec<Output>) {
        self.heard_ms = now_ms;
        match (frame, self.phase) {
            (_, Phase::Waiting { .. } | Phase::Stopped) => {}
            // Also instead of a connection: a credential is looked at before there is one.
            (RelayFrame::Refused(refused), _) => self.refused(now_ms, refused, todo),
            (RelayFrame::Welcome(welcome), Phase::Greeting { .. }) => self.welcomed(now_ms, welcome, todo),
            (RelayFrame::Ack { have, credit }, Phase::Streaming(stream)) => {
                self.acknowledged(now_ms, *have, *credit, stream, todo);
            }
            (RelayFrame::Heartbeat { .. }, Phase::Streaming(_)) => self.failures = 0,
            (
                RelayFrame::Quarantined { .. } | RelayFrame::Downlink(_) | RelayFrame::Compared(_),
                Phase::Streaming(_),
            )
            | (RelayFrame::Heartbeat { .. }, _)
            | (_, Phase::Connecting) => {}
            (frame, _) => {
                let name = name_of(frame);
                self.fail(now_ms, Trouble::Malformed(format!("the relay said {name} out of turn")), todo);
            }
        }
    }

    fn welcomed(&mut self, now_ms: u64, welcome: &Welcome, todo: &mut Vec<Output>) {
        let limits =
            Limits { credit: welcome.credit, heartbeat_ms: u64::from(welcome.heartbeat_ms).max(1_000) };
        if welcome.have.seq == 0 {
            self.stream(now_ms, limits, Cursor::START);
            return;
        }
        self.phase = Phase::Finding { welcome: limits, have: welcome.have };
        todo.push(Output::Find(welcome.have.seq));
    }

    /// Both know now what each has at the relay's last place.
    fn found(&mut self, now_ms: u64, found: Option<Cursor>, todo: &mut Vec<Output>) {
        let Phase::Finding { welcome, have } = self.phase else { return };
        if found == Some(have) {
            self.stream(now_ms, welcome, have);
        } else if self.head.epoch > have.epoch && self.fork.seq <= have.seq {
            // This ledger was restored: it goes on from where its epoch begins, and the relay decides.
            self.stream(now_ms, welcome, self.fork);
        } else if self.head.epoch < have.epoch {
            self.fail(now_ms, Trouble::Fenced(have.epoch), todo);
        } else if found.is_none() {
            self.fail(now_ms, Trouble::Behind(have.seq), todo);
        } else {
            self.fail(now_ms, Trouble::Diverged(have.seq), todo);
        }
    }

    fn stream(&mut self, now_ms: u64, limits: Limits, from: Cursor) {
        self.have = Some(from);
        self.trouble = None;
        self.phase = Phase::Streaming(Stream { limits, sent: from, forwarding: false, next_ms: now_ms });
    }

    fn acknowledged(
        &mut self,
        now_ms: u64,
        have: Cursor,
        credit: u32,
        mut stream: Stream,
        todo: &mut Vec<Output>,
    ) {
        let known = self.have.map_or(0, |known| known.seq);
        let is_ours = have.seq < stream.sent.seq || have == stream.sent;
        if have.seq < known || !is_ours {
            let what = format!("the relay acknowledged {}, which is not what was sent", have.seq);
            self.fail(now_ms, Trouble::Malformed(what), todo);
            return;
        }
        stream.limits.credit = credit;
        self.have = Some(have);
        self.failures = 0;
        self.phase = Phase::Streaming(stream);
    }

    fn forwarded(&mut self, now_ms: u64, last: Option<Cursor>) {
        let Phase::Streaming(mut stream) = self.phase else { return };
        stream.forwarding = false;
        match last {
            Some(last) => {
                stream.sent = last;
                self.said_ms = now_ms;
                let is_backlog = self.head.seq.saturating_sub(last.seq) >= BATCH_RECORDS_MAX as u64;
                stream.next_ms = now_ms + if is_backlog { DRAIN_EVERY_MS } else { 0 };
            }
            // The head was told before the file's index knew it; the next one is not far.
            None => stream.next_ms = now_ms + DRAIN_EVERY_MS,
        }
        self.phase = Phase::Streaming(stream);
    }

    fn refused(&mut self, now_ms: u64, refused: &Refused, todo: &mut Vec<Output>) {
        let trouble = match refused {
            Refused::Version { newest } => Trouble::Version(*newest),
            Refused::OtherOutlet => Trouble::OtherOutlet,
            Refused::Fenced { epoch } => Trouble::Fenced(*epoch),
            Refused::Diverged { seq } => Trouble::Diverged(*seq),
            Refused::Revoked => Trouble::Revoked,
            Refused::Malformed(what) => Trouble::Malformed(what.clone()),
            Refused::Gap { have } => Trouble::Malformed(format!(
                "the relay has records up to {} and was sent later ones",
                have.seq
            )),
            Refused::Busy { retry_ms } => {
                self.trouble = Some(Trouble::Unreachable("the relay is busy".to_owned()));
                self.wait(now_ms, u64::from(*retry_ms));
                todo.push(Output::Close);
                return;
            }
        };
        self.fail(now_ms, trouble, todo);
    }

    fn fail(&mut self, now_ms: u64, trouble: Trouble, todo: &mut Vec<Output>) {
        let wait_ms = trouble.wait_ms();
        self.trouble = Some(trouble);
        match wait_ms {
            Some(wait_ms) => self.wait(now_ms, wait_ms),
            None => self.phase = Phase::Stopped,
        }
        todo.push(Output::Close);
    }

    /// Waits for `at_least_ms`, and longer after each failure, by half to the whole of it, so that a chain's hubs do not come back as one.
    fn wait(&mut self, now_ms: u64, at_least_ms: u64) {
        let wait_ms = (RETRY_FIRST_MS << self.failures.min(16)).min(RETRY_MAX_MS);
        self.failures += 1;
        let wait_ms = wait_ms / 2 + self.lots.u64(0..=wait_ms / 2);
        self.phase = Phase::Waiting { until_ms: now_ms + wait_ms.max(at_least_ms) };
    }

    /// What is due by now.
    fn turn(&mut self, now_ms: u64, todo: &mut Vec<Output>) {
        match self.phase {
            Phase::Waiting { until_ms } if now_ms >= until_ms => {
                self.phase = Phase::Connecting;
                todo.push(Output::Connect);
            }
            Phase::Greeting { since_ms } if now_ms >= since_ms + WELCOME_WITHIN_MS => {
                self.fail(now_ms, Trouble::Unreachable("the relay does not answer".to_owned()), todo);
            }
            Phase::Finding { welcome, .. } if self.is_dead(now_ms, welcome) => self.hang_up(now_ms, todo),
            Phase::Streaming(stream) if self.is_dead(now_ms, stream.limits) => self.hang_up(now_ms, todo),
            Phase::Streaming(stream) => self.go_on(now_ms, stream, todo),
            _ => {}
        }
    }

    fn is_dead(&self, now_ms: u64, limits: Limits) -> bool {
        now_ms >= self.heard_ms + 2 * limits.heartbeat_ms
    }

    fn hang_up(&mut self, now_ms: u64, todo: &mut Vec<Output>) {
        self.fail(now_ms, Trouble::Unreachable("the relay has gone silent".to_owned()), todo);
    }

    fn go_on(&mut self, now_ms: u64, mut stream: Stream, todo: &mut Vec<Output>) {
        if let Some(records_max) = self.room(&stream)
            && now_ms >= stream.next_ms
        {
            stream.forwarding = true;
            self.phase = Phase::Streaming(stream);
            todo.push(Output::Forward { after: stream.sent, records_max });
        } else if now_ms >= self.said_ms + stream.limits.heartbeat_ms {
            self.said_ms = now_ms;
            todo.push(Output::Heartbeat);
        }
    }

    /// How many records may go now; none where none are there, or none may.
    fn room(&self, stream: &Stream) -> Option<usize> {
        let acknowledged = self.have.map_or(0, |have| have.seq);
        let on_their_way = stream.sent.seq.saturating_sub(acknowledged);
        let room = u64::from(stream.limits.credit).saturating_sub(on_their_way);
        let waiting = self.head.seq.saturating_sub(stream.sent.seq);
        let records = room.min(waiting).min(BATCH_RECORDS_MAX as u64);
        (records > 0 && !stream.forwarding).then_some(records as usize)
    }
}

const fn name_of(frame: &RelayFrame<'_>) -> &'static str {
    match frame {
        RelayFrame::Welcome(_) => "Welcome",
        RelayFrame::Refused(_) => "Refused",
        RelayFrame::Ack { .. } => "Ack",
        RelayFrame::Quarantined { .. } => "Quarantined",
        RelayFrame::Downlink(_) => "Downlink",
        RelayFrame::Heartbeat { .. } => "Heartbeat",
        RelayFrame::Compared(_) => "Compared",
    }
}
