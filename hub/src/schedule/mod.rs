//! What the hub does by itself: a job at a time, on one thread beside everything that answers.
//!
//! Each job has a rhythm; whether it is due is a pure function (`due`). A job **looks**, and where there is something to do, does it. Runs
//! that did something and runs that failed are events; a fruitless look is not, unless somebody asked for it. A job that fails says why
//! and is tried again with growing waits. There is one thread, so no two jobs are ever at work at once, and what a job asks of the ledger
//! queues behind sales like any other request.

mod due;
mod jobs;
mod shelf;
#[cfg(test)]
mod tests;
mod totals;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use protocol::api::Every;
use protocol::event::Actor;
use protocol::ids::Id;
use protocol::settings::Settings;
use protocol::work::{Fact, Job as Name, JobRun, MESSAGE_CHARS_MAX};

use self::due::{History, LOOK_MS, due_ms};
use self::jobs::Job;
use crate::clock::Clock;
use crate::guests::Guests;
use crate::ledger::Ledger;
use crate::ledger::command::{Command, Request};
use crate::pictures::Pictures;
use crate::store::Folders;
use crate::tls::Keeper;
use crate::views::Views;
use crate::views::work::Run;

/// Who does what nobody asked for.
pub const SCHEDULE: &str = "schedule";
/// How often it is looked at what is due.
const LOOK_EVERY: Duration = Duration::from_millis(LOOK_MS.unsigned_abs());
/// Most that people may have asked for and that waits: each job once.
const ASKED_MAX: usize = Name::ALL.len();

/// What jobs work with.
#[derive(Debug)]
pub struct Tools {
    /// Takes what they change.
    pub ledger: Arc<Ledger>,
    /// Answers for orders.
    pub views: Views,
    /// Keeps what is personal of guests.
    pub guests: Arc<Guests>,
    /// Keeps pictures.
    pub pictures: Arc<Pictures>,
    /// Keeps the certificate, where there is one.
    pub keeper: Option<Arc<Keeper>>,
    /// Time.
    pub clock: Clock,
    /// The data folder.
    pub folders: Folders,
    /// Where backups go.
    pub backups: PathBuf,
    /// What holds where nobody has set anything.
    pub defaults: Settings,
    stopping: AtomicBool,
}

impl Tools {
    /// What jobs need of the hub.
    #[allow(clippy::too_many_arguments, reason = "each is another part of the hub")]
    pub fn new(
        ledger: Arc<Ledger>,
        views: Views,
        guests: Arc<Guests>,
        pictures: Arc<Pictures>,
        keeper: Option<Arc<Keeper>>,
        clock: Clock,
        folders: Folders,
        backups: PathBuf,
        defaults: Settings,
    ) -> Self {
        let stopping = AtomicBool::new(false);
        Self { ledger, views, guests, pictures, keeper, clock, folders, backups, defaults, stopping }
    }

    fn settings(&self) -> Settings {
        self.ledger.state().work.settings.unwrap_or(self.defaults)
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

/// Who has a job done, as the ledger is told.
#[derive(Debug, Clone)]
struct By {
    actor: Actor,
    device: Option<Id>,
}

impl By {
    fn schedule() -> Self {
        Self { actor: Actor::system(SCHEDULE), device: None }
    }

    fn request(&self, command: Command) -> Request {
        Request { device: self.device, ..Request::of(self.actor.clone(), Vec::new(), command) }
    }
}

/// What a job has done.
#[derive(Debug)]
struct Done {
    message: String,
    facts: Vec<(&'static str, Fact)>,
}

/// How a job stands, for whoever asks.
#[derive(Debug, Clone)]
pub struct Look {
    /// Which.
    pub job: Name,
    /// How often it looks, as people are told.
    pub every: Every,
    /// At which minute of the day.
    pub at: Option<u16>,
    /// It is at work, or is about to be.
    pub is_running: bool,
    /// When it looks next.
    pub next_ms: Option<i64>,
    /// When it last looked.
    pub looked_ms: Option<i64>,
    /// What came of it last, where the ledger did not take that.
    pub unwritten: Option<Run>,
}

enum Message {
    Run(Name, By),
    Stop,
}

/// The schedule, as others see it.
#[derive(Debug, Clone)]
pub struct Schedule {
    board: Arc<Mutex<Vec<Look>>>,
    messages: SyncSender<Message>,
    tools: Arc<Tools>,
    ended: tokio::sync::watch::Receiver<bool>,
}

/// A job that is at work already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is at work already")]
pub struct AtWork;

impl Schedule {
    /// Begins.
    pub fn start(tools: Tools) -> io::Result<Self> {
        let tools = Arc::new(tools);
        let (messages, inbox) = sync_channel(ASKED_MAX + 1);
        let (ending, ended) = tokio::sync::watch::channel(false);
        let jobs: Vec<Task> = jobs::all().into_iter().map(|job| Task::of(job, &tools)).collect();
        let looks = jobs.iter().map(|task| task.look(&tools)).collect();
        let board = Arc::new(Mutex::new(looks));
        let worker = Worker { tools: Arc::clone(&tools), board: Arc::clone(&board), tasks: jobs };
        std::thread::Builder::new().name(SCHEDULE.to_owned()).spawn(move || {
            worker.run(&inbox);
            let _ = ending.send(true);
        })?;
        Ok(Self { board, messages, tools, ended })
    }

    /// How every job stands.
    #[must_use]
    pub fn looks(&self) -> Vec<Look> {
        lock(&self.board).clone()
    }

    /// Has a job done now.
    pub fn ask(&self, job: Name, actor: Actor, device: Option<Id>) -> Result<(), AtWork> {
        let mut board = lock(&self.board);
        let look = board.iter_mut().find(|look| look.job == job).filter(|look| !look.is_running);
        let look = look.ok_or(AtWork)?;
        look.is_running = true;
        // There is room for each job once, and this one was not asked for.
        let _ = self.messages.try_send(Message::Run(job, By { actor, device }));
        Ok(())
    }

    /// Ends, soon: what is half done is left and begun again at the next start.
    pub async fn stop(&mut self, within: Duration) {
        self.tools.stopping.store(true, Ordering::Relaxed);
        let _ = self.messages.try_send(Message::Stop);
        let ended = self.ended.wait_for(|ended| *ended);
        if tokio::time::timeout(within, ended).await.is_err() {
            log::info!("schedule: a job is cut off");
        }
    }
}

/// A job, and what came of it before.
struct Task {
    job: Box<dyn Job>,
    history: History,
    asked: Option<By>,
}

impl Task {
    fn of(job: Box<dyn Job>, tools: &Tools) -> Self {
        let mut history = History::default();
        let work = Arc::clone(&tools.ledger.state().work);
        let mut runs: Vec<&Arc<Run>> = work.runs_of(job.name()).collect();
        runs.reverse();
        // What looks each minute looks at once: the box may have been off for long.
        let is_daily = matches!(job.rhythm(tools), due::Rhythm::Daily(_));
        for run in runs.into_iter().map(|run| &run.run).filter(|_| is_daily) {
            if run.is_ok { history.done(run.started_ms) } else { history.failed(run.started_ms) }
        }
        Self { job, history, asked: None }
    }

    /// When it is to look next; none while the outlet is not set up.
    fn due_ms(&self, tools: &Tools) -> Option<i64> {
        let (tz, began_ms) = {
            let state = tools.ledger.state();
            (state.outlet.as_ref()?.tz(), state.counters.began_ms)
        };
        let rhythm = self.job.rhythm(tools);
        Some(due_ms(rhythm, &self.history, began_ms, tools.clock.now_ms(), &tz))
    }

    /// When people are told that it looks next.
    fn shown_ms(&self, tools: &Tools) -> Option<i64> {
        let due = self.due_ms(tools)?;
        match self.job.shown(tools) {
            // It looks more often than there is ever something to do.
            (Every::Day, Some(minute)) if self.history.failures == 0 => {
                let tz = tools.ledger.state().outlet.as_ref().map_or(TimeZone::UTC, |outlet| outlet.tz());
                let now_ms = tools.clock.now_ms();
                let today = History { done_ms: Some(now_ms), ..History::default() };
                let next = due_ms(due::Rhythm::Daily(minute), &today, 0, now_ms, &tz);
                Some(if matches!(self.job.rhythm(tools), due::Rhythm::Daily(_)) { due } else { next })
            }
            _ => Some(due),
        }
    }

    fn look(&self, tools: &Tools) -> Look {
        let (every, at) = self.job.shown(tools);
        let next_ms = self.shown_ms(tools);
        let job = self.job.name();
        Look { job, every, at, is_running: false, next_ms, looked_ms: None, unwritten: None }
    }
}

/// The thread's own.
struct Worker {
    tools: Arc<Tools>,
    board: Arc<Mutex<Vec<Look>>>,
    tasks: Vec<Task>,
}

impl Worker {
    fn run(mut self, inbox: &Receiver<Message>) {
        loop {
            for at in 0..self.tasks.len() {
                if self.tools.is_stopping() {
                    return;
                }
                let task = &mut self.tasks[at];
                let is_due = task.due_ms(&self.tools).is_some_and(|due| due <= self.tools.clock.now_ms());
                if let Some(by) = task.asked.take() {
                    self.carry_out(at, &by, true);
                } else if is_due {
                    self.carry_out(at, &By::schedule(), false);
                }
                self.show(at, |_| {});
            }
            match inbox.recv_timeout(self.wait()) {
                Ok(Message::Run(job, by)) => {
                    if let Some(task) = self.tasks.iter_mut().find(|task| task.job.name() == job) {
                        task.asked = Some(by);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Until something is due.
    fn wait(&self) -> Duration {
        let due = self.tasks.iter().filter_map(|task| task.due_ms(&self.tools)).min();
        let wait_ms = due.map_or(i64::MAX, |due| due - self.tools.clock.now_ms()).max(0);
        LOOK_EVERY.min(Duration::from_millis(wait_ms.unsigned_abs()))
    }

    fn carry_out(&mut self, at: usize, by: &By, is_asked: bool) {
        self.show(at, |look| look.is_running = true);
        let task = &mut self.tasks[at];
        let (tools, name) = (&*self.tools, task.job.name());
        let (started_ms, began) = (tools.clock.now_ms(), Instant::now());
        let looked = catch_unwind(AssertUnwindSafe(|| task.job.look(tools, by)));
        let result = looked.unwrap_or_else(|_| Err("The job has panicked; the log says where.".to_owned()));
        match &result {
            // What a stop has cut off is neither done nor failed.
            Err(_) if tools.is_stopping() => return,
            Ok(_) => task.history.done(started_ms),
            Err(_) => task.history.failed(started_ms),
        }
        let is_ok = result.is_ok();
        let done = match result {
            Ok(Some(done)) => Some(done),
            Ok(None) => {
                is_asked.then(|| Done { message: "There was nothing to do.".to_owned(), facts: Vec::new() })
            }
            Err(message) => Some(Done { message, facts: Vec::new() }),
        };
        let mut unwritten = None;
        if let Some(done) = done {
            let took_ms = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
            let message: String = done.message.chars().take(MESSAGE_CHARS_MAX).collect();
            if is_ok {
                log::info!("schedule: {message} job={} took_ms={took_ms}", name.word());
            } else {
                log::warn!("schedule: {message} job={} took_ms={took_ms}", name.word());
            }
            let facts = done.facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect();
            let run = JobRun { job: name, started_ms, took_ms, is_ok, message, facts };
            let request = by.request(Command::NoteRun(Box::new(run.clone())));
            if let Err(error) = tools.ledger.call_blocking(request, 0) {
                log::warn!("schedule: the run is not on record: {error} job={}", name.word());
                unwritten = Some(Run { run, by: by.actor.name.clone() });
            }
        }
        self.show(at, |look| {
            look.is_running = false;
            look.looked_ms = Some(started_ms);
            look.unwritten = unwritten;
        });
    }

    /// Says how a job stands.
    fn show(&self, at: usize, change: impl FnOnce(&mut Look)) {
        let (every, minute) = self.tasks[at].job.shown(&self.tools);
        let next_ms = self.tasks[at].shown_ms(&self.tools);
        let mut board = lock(&self.board);
        let look = &mut board[at];
        (look.every, look.at, look.next_ms) = (every, minute, next_ms);
        change(look);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
