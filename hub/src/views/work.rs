//! The hub's settings, its business days, and what came of its scheduled work.

use std::collections::BTreeMap;
use std::sync::Arc;

use protocol::outlet::BusinessDay;
use protocol::settings::Settings;
use protocol::work::{DayTotals, Job, JobRun};
use serde::{Deserialize, Serialize};

/// Runs of each job that are kept at hand; the ledger has all.
pub const RUNS_KEPT: usize = 50;

/// A business day that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedDay {
    /// What its orders came to.
    pub totals: DayTotals,
    /// When it was closed, in milliseconds since 1970.
    pub closed_ms: i64,
}

/// A run of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// What came of it.
    pub run: JobRun,
    /// Who asked for it.
    pub by: String,
}

/// What changes rarely: settings, closed days, the last runs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Work {
    /// As somebody has set them.
    pub settings: Option<Settings>,
    /// A day takes some three hundred bytes: ten years are a megabyte.
    pub days: BTreeMap<BusinessDay, Arc<ClosedDay>>,
    /// By their records' numbers.
    pub runs: BTreeMap<u64, Arc<Run>>,
}

impl Work {
    /// The last runs of a job, newest first.
    pub fn runs_of(&self, job: Job) -> impl Iterator<Item = &Arc<Run>> {
        self.runs.values().rev().filter(move |run| run.run.job == job)
    }

    /// Folds a run; answers the numbers of what it changed.
    pub(super) fn note(&mut self, seq: u64, run: Run) -> Vec<u64> {
        let job = run.run.job;
        self.runs.insert(seq, Arc::new(run));
        let of_job = |(seq, run): (&u64, &Arc<Run>)| (run.run.job == job).then_some(*seq);
        let mut changed: Vec<u64> = self.runs.iter().rev().filter_map(of_job).skip(RUNS_KEPT).collect();
        for old in &changed {
            self.runs.remove(old);
        }
        changed.push(seq);
        changed
    }
}

/// A business day that has orders and is not closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenDay {
    /// The record of its first order.
    pub first_seq: u64,
    /// When that was placed, in milliseconds since 1970.
    pub first_ms: i64,
    /// When its last order was placed.
    pub last_ms: i64,
    /// The last record about any of its orders.
    pub last_seq: u64,
    /// How many were placed, tickets of old tills too.
    pub orders: u32,
}

impl OpenDay {
    /// From its first order on.
    #[must_use]
    pub fn begun(seq: u64, at_ms: i64) -> Self {
        Self { first_seq: seq, first_ms: at_ms, last_ms: at_ms, last_seq: seq, orders: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_fifty_runs_of_each_job_are_kept() {
        let mut work = Work::default();
        let run = |job| JobRun {
            job,
            started_ms: 0,
            took_ms: 0,
            is_ok: true,
            message: String::new(),
            facts: Vec::new(),
        };
        let noted = |work: &mut Work, seq, job| work.note(seq, Run { run: run(job), by: String::new() });
        assert_eq!(noted(&mut work, 1, Job::Backup), [1]);
        for seq in 2..=51 {
            noted(&mut work, seq, Job::Retention);
        }
        assert_eq!(noted(&mut work, 52, Job::Retention), [2, 52]);
        assert_eq!(work.runs_of(Job::Retention).count(), RUNS_KEPT);
        assert_eq!(work.runs_of(Job::Backup).count(), 1);
    }
}
