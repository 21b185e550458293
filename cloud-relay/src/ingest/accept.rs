//! What is to be done with a batch: decided from what the relay has of the outlet, and nothing else.
//!
//! The relay's chain of an outlet is, at each number up to its cursor, the record of the highest epoch that it has there. Records
//! of an older epoch behind the place where a newer one began are kept, and are not of the chain any more.

use std::ops::RangeInclusive;

use protocol::chain::{Cursor, GENESIS, Hash};
use protocol::frame::{BATCH_RECORDS_MAX, Batch};

/// The last number that may be: what the database counts to, with room for a batch.
const SEQ_MAX: u64 = i64::MAX as u64 - BATCH_RECORDS_MAX as u64;

/// The places of a batch's records, reckoned by the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// The record before the first, as the hub says.
    pub before: Cursor,
    /// Each record; never empty.
    pub cursors: Vec<Cursor>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Take what comes behind the first `skip` records, which are there already.
    Append {
        /// How many are there.
        skip: usize,
    },
    /// The same, and a newer epoch begins with it.
    NewEpoch {
        /// How many are there.
        skip: usize,
        /// The last record before it.
        at: u64,
        /// Records behind that, which are not of the chain any more.
        superseded: u64,
    },
    /// All of it is there already.
    Duplicate,
    /// Records are missing before it.
    Gap,
    /// A record differs from the one that is there.
    Diverged {
        /// The first that is known to.
        seq: u64,
    },
    /// A later epoch is the outlet's.
    Fenced {
        /// Which.
        epoch: u32,
    },
}

impl Links {
    /// Reckons the chain of a batch. What no ledger could have written is refused with words for the hub's log.
    pub fn of(batch: &Batch<'_>) -> Result<Self, &'static str> {
        if !(1..=BATCH_RECORDS_MAX).contains(&batch.records.len()) {
            return Err("a batch has from 1 to 500 records");
        }
        if batch.before.seq > SEQ_MAX {
            return Err("no ledger is as long as that");
        }
        if batch.before.seq == 0 && batch.before.hash != GENESIS {
            return Err("nothing comes before the first record");
        }
        let epochs = || batch.records.iter().map(|record| record.epoch);
        if batch.before.epoch == u32::MAX || epochs().any(|epoch| epoch == 0 || epoch == u32::MAX) {
            return Err("no epoch has such a number");
        }
        let cursors: Vec<Cursor> = batch.cursors().collect();
        let befores = std::iter::once(&batch.before).chain(&cursors);
        if !befores.zip(epochs()).all(|(before, epoch)| before.may_precede(epoch)) {
            return Err("epochs come one after the other");
        }
        if cursors.last().map(|last| last.hash) != Some(batch.last) {
            return Err("the records do not come to the hash of the last");
        }
        Ok(Self { before: batch.before, cursors })
    }

    /// The last record.
    #[must_use]
    pub fn last(&self) -> &Cursor {
        self.cursors.last().unwrap_or(&self.before)
    }

    /// The numbers whose records [`accept`] must be told, where the batch begins before the relay's cursor.
    #[must_use]
    pub fn overlap(&self, have: &Cursor) -> Option<RangeInclusive<u64>> {
        let upto = self.last().seq.min(have.seq);
        (self.before.seq < have.seq).then(|| self.before.seq.max(1)..=upto)
    }

    /// The records with which an epoch begins, behind the first `skip`: its number, and the record before it.
    pub fn begun(&self, skip: usize) -> impl Iterator<Item = (u32, &Cursor)> {
        let befores = std::iter::once(&self.before).chain(&self.cursors);
        let pairs = befores.zip(&self.cursors).skip(skip);
        pairs
            .filter(|(before, at)| before.seq > 0 && before.epoch < at.epoch)
            .map(|(before, at)| (at.epoch, before))
    }
}

/// Decides. `held` are the relay's records at the numbers of [`Links::overlap`], ascending.
#[must_use]
pub fn accept(have: &Cursor, held: &[Cursor], links: &Links) -> Verdict {
    let before = &links.before;
    let last = links.last();
    // Whoever is of an older epoch has been replaced; whoever is of a newer one may step back to where it began.
    let astray = |seq| match last.epoch.cmp(&have.epoch) {
        _ if have.seq == 0 => Verdict::Gap,
        std::cmp::Ordering::Less => Verdict::Fenced { epoch: have.epoch },
        std::cmp::Ordering::Equal => Verdict::Diverged { seq },
        std::cmp::Ordering::Greater => Verdict::Gap,
    };
    if before.seq > have.seq {
        let is_replaced = have.seq > 0 && last.epoch < have.epoch;
        return if is_replaced { Verdict::Fenced { epoch: have.epoch } } else { Verdict::Gap };
    }
    if hash_at(have, held, before.seq) != Some(before.hash) {
        return astray(before.seq);
    }
    let shared = links
        .cursors
        .iter()
        .take_while(|at| at.seq <= have.seq && hash_at(have, held, at.seq) == Some(at.hash))
        .count();
    let Some(next) = links.cursors.get(shared) else { return Verdict::Duplicate };
    let at = next.seq - 1;
    if next.epoch > have.epoch && have.seq > 0 {
        return Verdict::NewEpoch { skip: shared, at, superseded: have.seq - at };
    }
    if next.seq > have.seq {
        return Verdict::Append { skip: shared };
    }
    match astray(next.seq) {
        // It follows from a record that is there, and is not the one that is there: stepping back would not help.
        Verdict::Gap => Verdict::Diverged { seq: next.seq },
        verdict => verdict,
    }
}

fn hash_at(have: &Cursor, held: &[Cursor], seq: u64) -> Option<Hash> {
    if seq == 0 {
        return Some(GENESIS);
    }
    if seq == have.seq {
        return Some(have.hash);
    }
    let place = held.binary_search_by_key(&seq, |at| at.seq).ok()?;
    Some(held[place].hash)
}

#[cfg(test)]
#[path = "accept_tests.rs"]
mod tests;
