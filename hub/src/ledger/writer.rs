//! The only thread that appends.
//!
//! Takes what has queued, decides on each request against a state that runs ahead of the disk, writes all their records
//! at once, waits for one barrier, and only then lets readers, requesters and screens know. If the write or the barrier
//! fails, the group never happened: the state is taken back, the requesters are told, and nothing is written until the
//! file has been cut back to what is durable.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use protocol::event::{Envelope, Event};
use protocol::ids::Id;

use super::command::Request;
use super::decide::{Decision, Now, Past, decide};
use super::files::{Files, Segment};
use super::head::Head;
use super::record::{self, Cursor, Record};
use super::recover::{Opening, log_segment};
use super::segment::{OpenSegment, SEGMENT_BYTES, SEGMENT_HEADER_BYTES};
use super::{LedgerError, Outcome, OutcomeKind, Reply, Status, StorageTrouble, Trouble, ballast, last_index};
use crate::clock::Clock;
use crate::views::{Dirty, State};

/// Most requests that share one barrier; a few milliseconds of work.
const GROUP_REQUESTS_MAX: usize = 256;
/// Most bytes that share one barrier.
const GROUP_BYTES_MAX: usize = 4 << 20;
/// Shortest time from one barrier to the next: what comes meanwhile shares the next. A barrier writes whole pages whatever
/// is on them, so that a rush would wear the card out several times as fast without this, and wake every screen as often.
/// An order that comes alone does not wait.
const BARRIER_GAP: Duration = Duration::from_millis(2);

/// What the writer is asked.
pub(super) enum Job {
    /// Decide and write.
    Request(Box<Request>, Reply),
    /// Forget final orders before a business day, up to a stored record.
    Evict(i32, u64),
    /// Finish what is queued before this, and end.
    Stop,
}

/// Hears of records once they are durable.
pub type Publish = Box<dyn Fn(Vec<Record>) + Send>;

pub(super) struct Writer {
    pub(super) files: Arc<Files>,
    /// None while the ledger is damaged, and while the disk has been read-only from the start.
    pub(super) segment: Option<OpenSegment>,
    /// How the segment is opened; none while the ledger is damaged.
    pub(super) opening: Option<Opening>,
    pub(super) head: Option<Head>,
    pub(super) epoch: u32,
    pub(super) ahead: State,
    pub(super) published: Arc<RwLock<State>>,
    pub(super) past: Arc<dyn Past + Send + Sync>,
    pub(super) clock: Clock,
    pub(super) status: Arc<RwLock<Status>>,
    pub(super) publish: Publish,
    pub(super) archive: Box<dyn Fn(Cursor) + Send>,
    pub(super) index: Arc<RwLock<super::files::LogIndex>>,
    /// How often a disk in trouble is tried again.
    pub(super) heal_every: Duration,
    pub(super) tried: Instant,
    /// When the last barrier ended.
    pub(super) last_barrier: Instant,
}

/// Records that share a barrier.
#[derive(Default)]
struct Group {
    frames: Vec<u8>,
    records: Vec<Record>,
    /// Bytes of each record's frame.
    sizes: Vec<u64>,
}

/// A request that has been decided, waiting for the barrier.
struct Decided {
    reply: Reply,
    result: Result<Outcome, LedgerError>,
}

impl Writer {
    pub(super) fn run(mut self, queue: &Receiver<Job>) {
        loop {
            let job = if self.is_writable() {
                queue.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                queue.recv_timeout(self.heal_every)
            };
            // Requests that keep coming must not keep a disk from being tried again.
            if !self.is_writable() && self.tried.elapsed() >= self.heal_every {
                self.heal();
            }
            match job {
                Ok(Job::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {}
                Ok(job) => {
                    if self.group(job, queue) {
                        return;
                    }
                }
            }
        }
    }

    fn is_writable(&self) -> bool {
        matches!(*self.status.read().unwrap_or_else(PoisonError::into_inner), Status::Writable)
    }

    /// Carries out one group; answers whether it was the last.
    fn group(&mut self, first: Job, queue: &Receiver<Job>) -> bool {
        let mut group = Group::default();
        let mut decided = Vec::new();
        let mut is_last = false;
        let mut next = Some(first);
        while let Some(job) = next.take() {
            match job {
                Job::Request(request, reply) => {
                    let result = self.decide(*request, &mut group);
                    decided.push(Decided { reply, result });
                }
                Job::Evict(day, seq) => self.ahead.evict(day, seq),
                Job::Stop => {
                    is_last = true;
                    break;
                }
            }
            if decided.len() < GROUP_REQUESTS_MAX && group.frames.len() < GROUP_BYTES_MAX {
                let gather = if group.records.is_empty() {
                    Duration::ZERO
                } else {
                    BARRIER_GAP.saturating_sub(self.last_barrier.elapsed())
                };
                next = queue.recv_timeout(gather).ok();
            }
        }
        if !group.records.is_empty() {
            let written = self.write(&group.frames);
            self.last_barrier = Instant::now();
            if let Err(error) = written {
                self.take_back(&error, decided);
                return is_last;
            }
        }
        self.announce(group, decided);
        self.rotate();
        is_last
    }

    fn decide(&mut self, request: Request, group: &mut Group) -> Result<Outcome, LedgerError> {
        let at_ms = self.clock.now_ms().max(self.ahead.counters.last_ms);
        let now = Now { at_ms, unverified: self.clock.is_unverified() };
        match decide(&self.ahead, &*self.past, now, &request)? {
            Decision::Repeat(first) => Ok(self.outcome(OutcomeKind::Repeat, first.seq, first.subject)),
            Decision::Nothing { subject } => {
                Ok(self.outcome(OutcomeKind::Nothing, self.ahead.cursor.seq, subject))
            }
            Decision::Append { events, subject } => {
                self.refuse_in_trouble()?;
                let Request { actor, device, approval, keys, .. } = request;
                let last = events.len() - 1;
                for (at, event) in events.into_iter().enumerate() {
                    // The keys go with the last record, so that a repeat is answered with all of them.
                    let keys = if at == last { keys.clone() } else { Vec::new() };
                    let envelope = Envelope {
                        at_ms,
                        time_unverified: now.unverified,
                        actor: actor.clone(),
                        device,
                        approval: approval.clone(),
                        keys,
                        event,
                    };
                    self.append(envelope, at < last, group);
                }
                Ok(self.outcome(OutcomeKind::New, self.ahead.cursor.seq, subject))
            }
        }
    }

    fn append(&mut self, envelope: Envelope, more: bool, group: &mut Group) {
        let batch = u16::try_from(group.records.len()).expect("a group is bounded");
        let start = group.frames.len();
        let cursor = record::write(&mut group.frames, &self.ahead.cursor, self.epoch, batch, more, &envelope);
        group.sizes.push((group.frames.len() - start) as u64);
        let record = Record { epoch: cursor.epoch, seq: cursor.seq, hash: cursor.hash, batch, envelope };
        fold(&mut self.ahead, &record, &*self.past);
        group.records.push(record);
    }

    fn refuse_in_trouble(&self) -> Result<(), LedgerError> {
        match &*self.status.read().unwrap_or_else(PoisonError::into_inner) {
            Status::Writable => Ok(()),
            Status::Trouble(trouble) => Err(LedgerError::Storage(trouble.clone())),
            Status::Damaged(damage) => Err(LedgerError::Damaged(damage.clone())),
        }
    }

    fn write(&mut self, frames: &[u8]) -> io::Result<()> {
        match &mut self.segment {
            Some(segment) => segment.append(frames),
            None => Err(io::Error::other("the ledger is closed")),
        }
    }

    /// The group never happened.
    fn take_back(&mut self, error: &io::Error, decided: Vec<Decided>) {
        let trouble = StorageTrouble::of(error);
        log::error!("ledger.write refused: {}", trouble.detail);
        if trouble.kind == Trouble::Full
            && let Err(error) = ballast::drop(&**self.files.disk(), self.files.dir())
        {
            log::warn!("ledger.ballast cannot be given up: {error}");
        }
        // What a failed barrier left must not be found by a start and count after all; tried again until it succeeds.
        if let Some(Err(error)) = self.segment.as_mut().map(OpenSegment::repair) {
            log::warn!("ledger.write what was refused cannot be cut off yet: {error}");
        }
        self.ahead = self.published.read().unwrap_or_else(PoisonError::into_inner).clone();
        self.ahead.dirty = Dirty::default();
        *self.status.write().unwrap_or_else(PoisonError::into_inner) = Status::Trouble(trouble.clone());
        let durable = self.ahead.cursor.seq;
        for Decided { reply, result } in decided {
            let result = result.and_then(|outcome| {
                if outcome.kind == OutcomeKind::New || outcome.seq > durable {
                    return Err(LedgerError::Storage(trouble.clone()));
                }
                Ok(outcome)
            });
            reply(result);
        }
    }

    /// Tries a disk in trouble again: the file must be cut back to what is durable, and there must be room.
    fn heal(&mut self) {
        self.tried = Instant::now();
        if self.segment.is_none()
            && let Some(Ok((segment, head))) = self.opening.map(|opening| opening.open(&self.files))
        {
            (self.segment, self.head) = (Some(segment), Some(head));
            self.index = last_index(&self.files);
        }
        let Some(segment) = &mut self.segment else { return };
        let (disk, dir) = (&**self.files.disk(), self.files.dir());
        let is_healed = segment.repair().is_ok() && matches!(ballast::load(disk, dir), Ok(true));
        if is_healed {
            log::info!("ledger.write is possible again");
            *self.status.write().unwrap_or_else(PoisonError::into_inner) = Status::Writable;
        }
    }

    /// Everything in the group is durable: readers, the head, requesters and screens, in this order.
    fn announce(&mut self, group: Group, decided: Vec<Decided>) {
        let Group { records, sizes, .. } = group;
        if let Some(last) = records.last() {
            let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
            published.catch_up(&mut self.ahead);
            drop(published);
            let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
            for (record, size) in records.iter().zip(sizes) {
                index.push(record.seq, size);
            }
            drop(index);
            // The head lags when this fails, which only means that a cut-off tail might be taken for a torn one.
            if let Some(Err(error)) = self.head.as_mut().map(|head| head.note(&last.cursor())) {
                log::warn!("ledger.head could not be noted: {error}");
            }
        }
        for Decided { reply, result } in decided {
            reply(result);
        }
        if !records.is_empty() {
            (self.publish)(records);
        }
    }

    /// An outcome with the order as this request leaves it; later ones of the same group change another copy.
    fn outcome(&self, kind: OutcomeKind, seq: u64, subject: Id) -> Outcome {
        Outcome { kind, epoch: self.epoch, seq, subject, order: self.ahead.orders.get(&subject).cloned() }
    }

    /// Begins a new segment when this one is full. A disk that refuses leaves the old one in use.
    fn rotate(&mut self) {
        let Some(segment) = &self.segment else { return };
        if segment.durable_len() < SEGMENT_BYTES {
            return;
        }
        let end = self.ahead.cursor;
        match OpenSegment::create(&**self.files.disk(), self.files.dir(), &end) {
            Ok(fresh) => {
                let closed = self.files.segments().last().map(Segment::before);
                let entry = log_segment(end, SEGMENT_HEADER_BYTES as u64);
                if let Segment::Log { index, .. } = &entry {
                    self.index = Arc::clone(index);
                }
                self.files.push(entry);
                if let Some(old) = self.segment.replace(fresh) {
                    old.close();
                }
                if let Some(before) = closed {
                    (self.archive)(before);
                }
            }
            Err(error) => log::warn!("ledger.segment {} goes on past its size: {error}", segment.first_seq),
        }
    }
}

/// Folds a record, fetching the order that it changes where that is no longer hot.
pub fn fold(state: &mut State, record: &Record, past: &dyn Past) {
    if let Event::OrderChanged(reference, _) = &record.envelope.event
        && !state.orders.contains_key(&reference.id)
        && let Some(order) = past.order_with(reference.id)
    {
        state.warm(order);
    }
    if let Err(error) = state.apply(record) {
        // Decisions are made on orders that are there; a ledger that says otherwise is another program's.
        log::error!("ledger.seq {}: {error}", record.seq);
        state.cursor = record.cursor();
    }
}
