//! The commit that many hubs share: one task of the node takes what waits, and brings it to the database in one transaction.
//!
//! A transaction costs the same for one record as for hundreds, so that a step waits a few milliseconds for those of other outlets.
//! **One hub's trouble is its own**: what the database refuses for good is tried again step by step. Where it cannot be told
//! whether a transaction was committed, the cursors say it.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout_at};

use super::postgres::{self, Step};
use crate::config;
use crate::db::is_transient;

/// Most records of one transaction: what has gathered while the one before it was committed.
const GROUP_RECORDS_MAX: usize = 5_000;
/// Steps that may wait; each connection has one at most, and the room for records is bounded beside it.
const STEPS_MAX: usize = 10_000;
/// Pauses while the database is not there.
const AGAIN_AFTER: Duration = Duration::from_millis(50);
const AGAIN_AFTER_MAX: Duration = Duration::from_secs(1);

/// What became of a step.
#[derive(Debug)]
pub enum Outcome {
    /// It is committed.
    Made(Step),
    /// The cursor is elsewhere, the outlet is stopped or the hub revoked: nothing of it is stored.
    Elsewhere(Step),
    /// The database refuses it for good.
    Refused(String),
}

#[derive(Debug)]
struct Job {
    step: Step,
    reply: oneshot::Sender<Outcome>,
}

/// The way to the task.
#[derive(Debug, Clone)]
pub struct Committer(mpsc::Sender<Job>);

impl Committer {
    /// Starts the task. It ends when the last committer is gone and everything is committed.
    #[must_use]
    pub fn start(pool: PgPool, options: config::Ingest) -> (Self, JoinHandle<()>) {
        let (sender, jobs) = mpsc::channel(STEPS_MAX);
        let group = Group { pool, options, jobs, held: VecDeque::new() };
        (Self(sender), tokio::spawn(group.run()))
    }

    /// Makes a step, with others; none where the node has stopped.
    pub async fn make(&self, step: Step) -> Option<Outcome> {
        let (reply, outcome) = oneshot::channel();
        self.0.send(Job { step, reply }).await.ok()?;
        outcome.await.ok()
    }
}

struct Group {
    pool: PgPool,
    options: config::Ingest,
    jobs: mpsc::Receiver<Job>,
    /// Second steps of one outlet: the database takes one at a time.
    held: VecDeque<Job>,
}

impl Group {
    async fn run(mut self) {
        while let Some(jobs) = self.gather().await {
            let began = Instant::now();
            let records: usize = jobs.iter().map(|job| job.step.rows().count()).sum();
            let hubs = jobs.len();
            commit(&self.pool, jobs).await;
            metrics::histogram!("cloud_relay_commit_seconds").record(began.elapsed().as_secs_f64());
            metrics::counter!("cloud_relay_groups_total").increment(1);
            log::debug!("group: {records} records of {hubs} hubs in {:?}", began.elapsed());
        }
    }

    /// The next group: all that waits, or comes within a moment.
    async fn gather(&mut self) -> Option<Vec<Job>> {
        let mut jobs = Vec::new();
        let mut outlets = HashSet::new();
        let mut records = 0;
        let mut add = |job: Job, held: &mut VecDeque<Job>| {
            if !outlets.insert((job.step.session.tenant, job.step.session.outlet)) {
                held.push_back(job);
                return 0;
            }
            let count = job.step.rows().count();
            jobs.push(job);
            count
        };
        let mut still_held = VecDeque::new();
        for job in std::mem::take(&mut self.held) {
            records += add(job, &mut still_held);
        }
        self.held = still_held;
        if records == 0 {
            let first = self.jobs.recv().await?;
            records += add(first, &mut self.held);
        }
        let until = Instant::now() + self.options.group_wait();
        while records < GROUP_RECORDS_MAX {
            let job = match self.jobs.try_recv() {
                Ok(job) => job,
                Err(_) if records >= self.options.group_records => break,
                Err(_) => match timeout_at(until, self.jobs.recv()).await {
                    Ok(Some(job)) => job,
                    Ok(None) | Err(_) => break,
                },
            };
            records += add(job, &mut self.held);
        }
        Some(jobs)
    }
}

/// Commits jobs, however long the database takes to come back.
async fn commit(pool: &PgPool, jobs: Vec<Job>) {
    let (steps, replies) = jobs.into_iter().map(|job| (job.step, job.reply)).unzip();
    let (mut steps, mut replies): (Vec<Step>, Vec<oneshot::Sender<Outcome>>) = (steps, replies);
    let mut pause = AGAIN_AFTER;
    while !steps.is_empty() {
        match postgres::make(pool, &steps).await {
            Ok(made) => {
                for (step, reply) in steps.into_iter().zip(replies) {
                    let is_made = made.contains(&(step.session.tenant, step.session.outlet));
                    answer(step, reply, is_made);
                }
                return;
            }
            Err(error) if is_transient(&error) => {
                log::warn!("group: the database does not take {} steps now: {error}", steps.len());
                metrics::counter!("cloud_relay_commit_retries_total").increment(1);
                (steps, replies) = settle(pool, steps, replies, &mut pause).await;
            }
            Err(error) if steps.len() == 1 => {
                let outlet = steps[0].session.outlet;
                log::error!("group: records of outlet {outlet} are refused by the database: {error}");
                for reply in replies {
                    let _ = reply.send(Outcome::Refused(error.to_string()));
                }
                return;
            }
            Err(error) => {
                log::warn!("group: {} steps are tried one by one: {error}", steps.len());
                for (step, reply) in steps.into_iter().zip(replies) {
                    Box::pin(commit(pool, vec![Job { step, reply }])).await;
                }
                return;
            }
        }
    }
}

/// Waits until the database says where the cursors are, and answers for those that were moved after all; leaves the others.
async fn settle(
    pool: &PgPool,
    steps: Vec<Step>,
    replies: Vec<oneshot::Sender<Outcome>>,
    pause: &mut Duration,
) -> (Vec<Step>, Vec<oneshot::Sender<Outcome>>) {
    let cursors = loop {
        sleep(*pause).await;
        *pause = (*pause * 2).min(AGAIN_AFTER_MAX);
        match postgres::cursors(pool, &steps).await {
            Ok(cursors) => break cursors,
            Err(error) => log::warn!("group: the cursors cannot be read: {error}"),
        }
    };
    let (mut left, mut left_replies) = (Vec::new(), Vec::new());
    for ((step, reply), cursor) in steps.into_iter().zip(replies).zip(cursors) {
        if cursor.is_some_and(|at| at.seq == step.from.seq && at.hash == step.from.hash) {
            left.push(step);
            left_replies.push(reply);
        } else {
            let is_made = cursor == Some(step.to);
            answer(step, reply, is_made);
        }
    }
    (left, left_replies)
}

fn answer(step: Step, reply: oneshot::Sender<Outcome>, is_made: bool) {
    if is_made {
        metrics::counter!("cloud_relay_events_total").increment(step.rows().count() as u64);
    }
    // A connection that has gone hears it from the cursor when it comes again.
    let _ = reply.send(if is_made { Outcome::Made(step) } else { Outcome::Elsewhere(step) });
}
