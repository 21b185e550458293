//! Looking for entries, newest first.

use std::sync::PoisonError;

use protocol::ids::Id;

use super::{Area, Kind, Row, mark};
use crate::ledger::record::{Cursor, Record};
use crate::views::orders::{ViewError, Views};

/// Which entries; what is `None` is any.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// From this moment on, in milliseconds since 1970.
    pub from_ms: Option<i64>,
    /// Before this moment.
    pub to_ms: Option<i64>,
    /// About what.
    pub area: Option<Area>,
    /// What happened.
    pub kind: Option<Kind>,
    /// Who.
    pub actor: Option<Id>,
    /// On which device.
    pub device: Option<Id>,
    /// To what.
    pub subject: Option<Id>,
    /// Whether somebody let them.
    pub is_approved: Option<bool>,
    /// Words of names, in lower case; the records tell whether they are really there.
    pub words: Vec<String>,
}

impl Filter {
    /// Whether every entry passes.
    #[must_use]
    pub fn is_all(&self) -> bool {
        let Self { from_ms, to_ms, area, kind, actor, device, subject, is_approved, words } = self;
        from_ms.is_none()
            && to_ms.is_none()
            && area.is_none()
            && kind.is_none()
            && actor.is_none()
            && device.is_none()
            && subject.is_none()
            && is_approved.is_none()
            && words.is_empty()
    }

    fn keeps(&self, row: &Row, names: u64) -> bool {
        self.from_ms.is_none_or(|from| row.at_ms >= from)
            && self.to_ms.is_none_or(|to| row.at_ms < to)
            && self.area.is_none_or(|area| row.kind.area() == area)
            && self.kind.is_none_or(|kind| row.kind == kind)
            && self.actor.is_none_or(|actor| row.actor == actor)
            && self.device.is_none_or(|device| row.device == device)
            && self.subject.is_none_or(|subject| row.subject == subject)
            && self.is_approved.is_none_or(|is_approved| row.is_approved == is_approved)
            && names & !row.names == 0
    }
}

/// Where an entry is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Its record.
    pub seq: u64,
    /// The record that said all of its subject before; 0 for none.
    pub before: u64,
}

/// Entries, newest first.
#[derive(Debug)]
pub struct Trail {
    /// The last record that was looked at.
    pub cursor: Cursor,
    /// How many there are, where nothing was filtered out.
    pub count: u64,
    /// Those that were found, as many as were asked for.
    pub found: Vec<Found>,
}

impl Views {
    /// The newest entries that pass, no more than `most`. Without a filter this reads as far as it must and no further.
    pub fn trail(&self, filter: &Filter, most: usize) -> Result<Trail, ViewError> {
        let state = self.published.read().unwrap_or_else(PoisonError::into_inner);
        let (cursor, count) = (state.cursor, state.audit.count);
        let pending = state.audit.rows.clone();
        drop(state);
        let names = filter.words.iter().fold(0, |names, word| names | mark(word));
        // What a checkpoint has stored meanwhile is in memory still.
        let stored_before = pending.first().map_or(cursor.seq + 1, |row| row.seq);
        let mut found = Vec::new();
        let mut take = |row: &Row| {
            if filter.keeps(row, names) {
                found.push(Found { seq: row.seq, before: row.before });
            }
            found.len() < most
        };
        let goes_on = pending.iter().rev().all(&mut take);
        if goes_on && most > 0 {
            self.store
                .audit_rows(filter.from_ms, filter.to_ms, |row| row.seq >= stored_before || take(row))?;
        }
        found.truncate(most);
        Ok(Trail { cursor, count, found })
    }

    /// A record of the ledger.
    pub fn record(&self, seq: u64) -> Result<Option<Record>, ViewError> {
        Ok(self.files.read(seq, 1)?.into_iter().next().filter(|record| record.seq == seq))
    }
}
