//! The ledger: every durable fact of the hub, once, in order, for good.
//!
//! **Promise.** When `Ledger::call` answers with an outcome, its records are on the medium: a `kill -9` or a power cut
//! later changes nothing about them. A request that was refused, or whose answer was lost, has either happened whole or
//! not at all, and repeating it under its id finds out which. Records are numbered without a gap and chained by hash;
//! anything that is not as it was written is found, named by its number, and never passed over.
//!
//! **Limits.** One writer. At most `QUEUE_REQUESTS` and `QUEUE_BYTES` wait for it; then `Busy`. A record holds at most
//! 2 MiB. Segments are closed past 8 MiB and kept for good, compressed to about a fifth.
//!
//! **Format.** `record` (frames), `segment` (files), `archive` (compressed files), `head` (what was acknowledged).
//!
//! **How.** Requests queue for the writer's thread (`writer`), which decides (`decide`, pure), writes groups, and waits
//! for one barrier per group. `recover` finds out at start what a power cut or a bad disk left. Readers use `files`.

pub mod archive;
pub mod backup;
pub mod ballast;
pub mod command;
pub mod decide;
pub mod disk;
pub mod files;
pub mod head;
pub mod record;
pub mod recover;
pub mod segment;
pub mod writer;

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use protocol::ids::Id;
use protocol::order::Order;

use self::command::{Refusal, Request};
use self::decide::Past;
use self::disk::Disk;
use self::files::{Damage, Files, Segment};
use self::record::Cursor;
use self::recover::Found;
use self::writer::{Job, Publish, Writer};
use crate::clock::Clock;
use crate::views::State;

/// Most requests that wait for the writer: in groups of 256, a quarter of a second of work on the slowest disk seen (5 ms a
/// barrier).
pub const QUEUE_REQUESTS: usize = 8_192;
/// Most bytes that wait for the writer.
pub const QUEUE_BYTES: usize = 16 << 20;

/// How often a disk in trouble is tried again.
pub const HEAL_EVERY: Duration = Duration::from_secs(1);

/// Called once, with what became of a request.
pub type Reply = Box<dyn FnOnce(Result<Outcome, LedgerError>) + Send>;

/// What became of a request.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Whether anything is new.
    pub kind: OutcomeKind,
    /// The ledger's epoch.
    pub epoch: u32,
    /// The last record of the answer.
    pub seq: u64,
    /// What it was about: an order, a catalogue entry.
    pub subject: Id,
    /// The order as it stands, where it was about one that is hot.
    pub order: Option<Arc<Order>>,
}

/// Whether a request made anything new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutcomeKind {
    /// It did.
    New,
    /// It had been carried out before; `seq` says when.
    Repeat,
    /// What it asked for was so already.
    Nothing,
}

/// Why a request changed nothing.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LedgerError {
    /// It does not make sense.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too many are waiting.
    #[error("the hub has more to write than it can; nothing was changed, try again in a moment")]
    Busy,
    /// The disk refused.
    #[error("{}", .0.detail)]
    Storage(StorageTrouble),
    /// The ledger is damaged and takes nothing more until that is mended.
    #[error("{0}; nothing more is written until it is mended: run `outlet-hub doctor`")]
    Damaged(Damage),
    /// The hub is stopping.
    #[error("the hub is stopping; nothing was changed")]
    Stopping,
}

/// A disk that does not take writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageTrouble {
    /// What kind.
    pub kind: Trouble,
    /// For people: what happened, that nothing is lost, what to do.
    pub detail: String,
}

/// Kinds of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// No room.
    Full,
    /// Mounted read-only, often after an error of the medium.
    ReadOnly,
    /// Anything else.
    Failed,
}

impl StorageTrouble {
    /// Reads an error of the file system.
    #[must_use]
    pub fn of(error: &io::Error) -> Self {
        let (kind, what) = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                (Trouble::Full, "The hub's disk is full")
            }
            io::ErrorKind::ReadOnlyFilesystem => (Trouble::ReadOnly, "The hub's disk is read-only"),
            _ => (Trouble::Failed, "The hub's disk does not take writes"),
        };
        let detail = format!(
            "{what} ({error}). This was not saved; everything saved before is safe. Run `outlet-hub doctor`."
        );
        Self { kind, detail }
    }
}

/// Whether the ledger takes writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It does.
    Writable,
    /// The disk refused the last one; it is tried again every second.
    Trouble(StorageTrouble),
    /// It is damaged.
    Damaged(Damage),
}

/// What the ledger needs of the rest of the hub.
pub struct Environment {
    /// Time.
    pub clock: Clock,
    /// What is known beyond the hot state.
    pub past: Arc<dyn Past + Send + Sync>,
    /// Hears of durable records, in order, from the writer's thread.
    pub publish: Publish,
    /// How often a disk in trouble is tried again.
    pub heal_every: Duration,
}

/// A running ledger.
#[derive(Debug)]
pub struct Ledger {
    queue: SyncSender<Job>,
    queued_bytes: Arc<AtomicUsize>,
    files: Arc<Files>,
    published: Arc<RwLock<State>>,
    status: Arc<RwLock<Status>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    archiver: Mutex<Option<JoinHandle<()>>>,
}

impl Ledger {
    /// Starts the writer on a ledger as found, with the state folded from it. A ledger that may not be written still
    /// answers readers.
    pub fn start(found: Found, state: State, environment: Environment) -> io::Result<Self> {
        let damage = found.damage.first().cloned().or_else(|| {
            // Folding stopped before the end: what could not be read is named by whoever folded.
            (state.cursor.seq < found.end.seq).then(|| Damage {
                seq: state.cursor.seq + 1,
                segment: "views".to_owned(),
                why: "the record could not be folded".to_owned(),
            })
        });
        let is_folded = (state.cursor.seq, state.cursor.hash) == (found.end.seq, found.end.hash);
        let may_write = found.may_write() && is_folded;
        let (opening, end) = (may_write.then(|| found.opening()), found.end);
        let files = Arc::new(found.files);
        let (disk, dir) = (files.disk(), files.dir());
        let mut status = Status::Writable;
        let (mut segment, mut head) = (None, None);
        match (damage, opening) {
            (Some(damage), None) => status = Status::Damaged(damage),
            (None, None) => unreachable!("a ledger that may not be written is damaged"),
            (_, Some(opening)) => match opening.open(&files) {
                Ok((opened, mut opened_head)) => {
                    if let Err(error) = opened_head.note(&end) {
                        status = Status::Trouble(StorageTrouble::of(&error));
                    }
                    (segment, head) = (Some(opened), Some(opened_head));
                }
                // The writer tries again every second; readers need nothing of it.
                Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => {
                    status = Status::Trouble(StorageTrouble::of(&error));
                }
                Err(error) => return Err(error),
            },
        }
        if segment.is_some() {
            match ballast::load(&**disk, dir) {
                Ok(true) => {}
                Ok(false) => {
                    status = Status::Trouble(StorageTrouble::of(&io::ErrorKind::StorageFull.into()));
                }
                Err(error) => {
                    log::warn!("ledger.ballast cannot be put in place: {error}");
                    ballast::drop(&**disk, dir).ok();
                }
            }
        }
        let epoch = if end.seq == 0 { 1 } else { end.epoch };
        let index = last_index(&files);
        let published = Arc::new(RwLock::new(state.clone()));
        let status = Arc::new(RwLock::new(status));
        let (queue, jobs) = sync_channel(QUEUE_REQUESTS);
        let (archive, closed) = sync_channel(64);
        let archiver = spawn_archiver(Arc::clone(&files), closed)?;
        let mut ahead = state;
        ahead.dirty = crate::views::Dirty::default();
        let writer = Writer {
            files: Arc::clone(&files),
            segment,
            head,
            opening,
            epoch,
            ahead,
            published: Arc::clone(&published),
            past: environment.past,
            clock: environment.clock,
            status: Arc::clone(&status),
            publish: environment.publish,
            // A full queue of closed segments leaves them as logs until the next start.
            archive: Box::new(move |before| {
                let _ = archive.try_send(before);
            }),
            index,
            heal_every: environment.heal_every,
            tried: Instant::now(),
            last_barrier: Instant::now(),
        };
        let writer =
            std::thread::Builder::new().name("ledger-writer".to_owned()).spawn(move || writer.run(&jobs))?;
        Ok(Self {
            queue,
            queued_bytes: Arc::default(),
            files,
            published,
            status,
            writer: Mutex::new(Some(writer)),
            archiver: Mutex::new(Some(archiver)),
        })
    }

    /// Hands a request of about `bytes` to the writer; `reply` is called once, on the writer's thread, or here when the
    /// queue is full.
    pub fn submit(&self, request: Request, bytes: usize, reply: Reply) {
        let queued = self.queued_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let counter = Arc::clone(&self.queued_bytes);
        let reply: Reply = Box::new(move |result| {
            counter.fetch_sub(bytes, Ordering::Relaxed);
            reply(result);
        });
        if queued > QUEUE_BYTES {
            return reply(Err(LedgerError::Busy));
        }
        match self.queue.try_send(Job::Request(Box::new(request), reply)) {
            Err(TrySendError::Full(Job::Request(_, reply))) => reply(Err(LedgerError::Busy)),
            Err(TrySendError::Disconnected(Job::Request(_, reply))) => reply(Err(LedgerError::Stopping)),
            Ok(()) | Err(_) => {}
        }
    }

    /// Hands a request to the writer and waits for its outcome.
    pub async fn call(&self, request: Request, bytes: usize) -> Result<Outcome, LedgerError> {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        self.submit(
            request,
            bytes,
            Box::new(move |result| {
                // Whoever asked may have gone; what was asked has happened all the same.
                let _ = sender.send(result);
            }),
        );
        receiver.await.unwrap_or(Err(LedgerError::Stopping))
    }

    /// The same, for a thread that may wait.
    pub fn call_blocking(&self, request: Request, bytes: usize) -> Result<Outcome, LedgerError> {
        let (sender, receiver) = sync_channel(1);
        self.submit(
            request,
            bytes,
            Box::new(move |result| {
                // Whoever asked may have gone; what was asked has happened all the same.
                let _ = sender.send(result);
            }),
        );
        receiver.recv().unwrap_or(Err(LedgerError::Stopping))
    }

    /// The state up to the last barrier. Hold it briefly: the writer waits for readers before it answers.
    pub fn state(&self) -> RwLockReadGuard<'_, State> {
        self.published.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The published state itself, for the checkpointer.
    pub(crate) fn published(&self) -> Arc<RwLock<State>> {
        Arc::clone(&self.published)
    }

    /// Tells the writer which orders are in the views and may be forgotten.
    pub(crate) fn evict(&self, day: i32, stored_seq: u64) {
        // A full queue only means that they stay in memory until the next checkpoint.
        let _ = self.queue.try_send(Job::Evict(day, stored_seq));
    }

    /// For reading records.
    pub fn files(&self) -> &Arc<Files> {
        &self.files
    }

    /// Whether it takes writes.
    pub fn status(&self) -> Status {
        self.status.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Bytes that wait for the writer.
    pub fn queued_bytes(&self) -> usize {
        self.queued_bytes.load(Ordering::Relaxed)
    }

    /// Finishes what is queued and ends the writer. Requests that come later are told that the hub is stopping.
    pub fn stop(&self) {
        let _ = self.queue.send(Job::Stop);
        for thread in [&self.writer, &self.archiver] {
            let handle = thread.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(Err(_)) = handle.map(JoinHandle::join) {
                log::error!("a thread of the ledger has panicked");
            }
        }
    }
}

fn last_index(files: &Files) -> Arc<RwLock<files::LogIndex>> {
    match files.segments().last() {
        Some(Segment::Log { index, .. }) => Arc::clone(index),
        _ => Arc::default(),
    }
}

/// Compresses closed segments, those of earlier runs first.
fn spawn_archiver(
    files: Arc<Files>,
    closed: std::sync::mpsc::Receiver<Cursor>,
) -> io::Result<JoinHandle<()>> {
    let mut waiting: Vec<Cursor> = files
        .segments()
        .iter()
        .filter(|segment| segment.kind() == segment::Kind::Log)
        .map(Segment::before)
        .collect();
    waiting.pop();
    std::thread::Builder::new().name("ledger-archiver".to_owned()).spawn(move || {
        for before in waiting.into_iter().chain(closed) {
            let done = archive::compress(&**files.disk(), files.dir(), before.seq + 1)
                .and_then(|done| if done { files.archived(&before) } else { Ok(()) });
            if let Err(error) = done {
                log::warn!("ledger.segment {} stays uncompressed: {error}", before.seq + 1);
            }
        }
    })
}

/// Makes the ledger's folder, and removes what an unfinished compression left in it.
pub fn prepare(disk: &dyn Disk, dir: &Path) -> io::Result<()> {
    disk.create_dir(dir)?;
    for name in
        disk.list(dir)?.iter().filter(|name| Path::new(name).extension().is_some_and(|end| end == "tmp"))
    {
        disk.remove(&dir.join(name))?;
    }
    Ok(())
}
