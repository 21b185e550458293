//! The audit trail: who did what, when, on which device, and who let them.
//!
//! An entry is a record of the ledger. What is kept here is only what finds it: a row of fixed length for each, in memory until the next
//! checkpoint and in the store from then on. An order's ordinary life has no rows, so that a sale costs nothing here.
//!
//! Names are not in the row, but a mark of their letters is (`mark`): most records that do not hold what is looked for are never
//! read. Records that say all of their subject (a product, an account) are chained: each row knows the one before, so that what
//! changed is told by reading two records, however many years lie between them.

mod kinds;
mod list;

use std::collections::{HashMap, HashSet};

use protocol::event::ActorKind;
use protocol::ids::Id;

pub use self::kinds::{Area, Entry, Kind, Part, entry};
pub use self::list::{Filter, Found, Trail};
use super::state::State;
use crate::ledger::record::Record;

/// What finds an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// Its record.
    pub seq: u64,
    /// What happened.
    pub kind: Kind,
    /// Whether somebody let the actor do it.
    pub is_approved: bool,
    /// The account or the device that did it; nil for the hub and for strangers.
    pub actor: Id,
    /// On which device; nil for none.
    pub device: Id,
    /// To what; nil for nothing in particular.
    pub subject: Id,
    /// The record that said all of the subject before this one; 0 for none.
    pub before: u64,
    /// A mark of the names of actor and subject.
    pub names: u64,
}

/// What is not in the store yet, and what later rows are made from.
#[derive(Debug, Clone, Default)]
pub struct Pending {
    /// Rows since the last checkpoint, in order.
    pub rows: Vec<Row>,
    /// The record that says all of a subject, by its id.
    pub wholes: HashMap<Id, u64>,
    /// Rows in all.
    pub count: u64,
}

impl Pending {
    /// Adds the row of a record.
    pub(super) fn add(&mut self, row: Row, part: Part) {
        match part {
            Part::Whole => self.wholes.insert(row.subject, row.seq),
            Part::End => self.wholes.remove(&row.subject),
            Part::Aside => None,
        };
        self.rows.push(row);
        self.count += 1;
    }

    /// Takes over what `ahead` has added behind the record `seen`, of these subjects; `ahead` needs its rows no more.
    pub(super) fn catch_up(&mut self, ahead: &mut Self, seen: u64, subjects: &HashSet<Id>) {
        self.rows.extend(ahead.rows.drain(..).filter(|row| row.seq > seen));
        for id in subjects {
            match ahead.wholes.get(id) {
                Some(seq) => self.wholes.insert(*id, *seq),
                None => self.wholes.remove(id),
            };
        }
        self.count = ahead.count;
    }

    /// Forgets the rows that are stored.
    pub(super) fn evict(&mut self, stored_seq: u64) {
        self.rows.retain(|row| row.seq > stored_seq);
    }
}

/// The row of a record that is about to be folded, and what it is to later ones; none where it is not in the trail.
pub(super) fn row(state: &State, record: &Record) -> Option<(Row, Part)> {
    let envelope = &record.envelope;
    let entry = entry(&envelope.event)?;
    let name = entry.name.or_else(|| state.name_of(entry.subject)).unwrap_or_default();
    let actor = match envelope.actor.kind {
        ActorKind::User(id) | ActorKind::Device(id) => id,
        ActorKind::System | ActorKind::Lan => Id::nil(),
    };
    let row = Row {
        at_ms: envelope.at_ms,
        seq: record.seq,
        kind: entry.kind,
        is_approved: envelope.approval.is_some(),
        actor,
        device: envelope.device.unwrap_or_default(),
        subject: entry.subject,
        before: state.audit.wholes.get(&entry.subject).copied().unwrap_or(0),
        names: mark(&envelope.actor.name) | mark(name),
    };
    Some((row, entry.part))
}

/// A bit for every three letters that follow each other: a text holds another only where it has all of the other's bits.
pub(super) fn mark(text: &str) -> u64 {
    let letters: Vec<char> = text.to_lowercase().chars().collect();
    letters.windows(3).fold(0, |mark, three| {
        // FNV-1a, and a last turn so that every letter reaches the highest bits. It is stored: it must never be another.
        let hash = three.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, letter| {
            (hash ^ u64::from(u32::from(*letter))).wrapping_mul(0x0100_0000_01b3)
        });
        mark | 1 << ((hash ^ hash >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_every_mark_of_its_parts() {
        let whole = mark("Nasi Goreng Kampung") | mark("Sari");
        for part in ["nasi", "GORENG", "kampung", "sar", "ari", "g k", "es", ""] {
            assert_eq!(mark(part) & !whole, 0, "{part}");
        }
        let others = ["teh tarik", "minuman", "budi", "rendang", "jeruk"];
        let passed = others.into_iter().filter(|word| mark(word) & !whole == 0).count();
        assert!(passed <= 1, "{passed} of {others:?} pass");
    }
}
