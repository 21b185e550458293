//! The audit trail's rows on disk.

use protocol::ids::Id;

use super::index::Index;
use super::{Store, StoreError, number};
use crate::views::audit::{Kind, Pending, Row};

/// Buckets of 2^24 ms, as those of orders: a page reads the last few hours, and a month is some two hundred.
pub(super) const AUDIT: Index = Index { name: *b"aud/", bucket_bytes: 5, key_bytes: 16, value_bytes: 66 };
/// Few, and read whole at start.
pub(super) const SUBJECTS: Index = Index { name: *b"sub/", bucket_bytes: 0, key_bytes: 16, value_bytes: 8 };

pub(super) fn audit_row(row: &Row) -> (Vec<u8>, Vec<u8>) {
    let value = [
        &[row.kind as u8, u8::from(row.is_approved)][..],
        row.actor.as_bytes(),
        row.device.as_bytes(),
        row.subject.as_bytes(),
        &row.before.to_be_bytes(),
        &row.names.to_be_bytes(),
    ];
    (audit_key(row.at_ms, row.seq), value.concat())
}

/// Sorts as the time does, below zero too, and as the records do.
fn audit_key(at_ms: i64, seq: u64) -> Vec<u8> {
    [(at_ms ^ i64::MIN).to_be_bytes(), seq.to_be_bytes()].concat()
}

fn read_row(key: &[u8], value: &[u8]) -> Result<Row, StoreError> {
    let kind = Kind::ALL.get(usize::from(value[0])).copied();
    let id =
        |at: usize| Id::from_slice(&value[at..at + 16]).map_err(|error| StoreError::Entry(error.to_string()));
    Ok(Row {
        at_ms: number(&key[..8])? as i64 ^ i64::MIN,
        seq: number(&key[8..])?,
        kind: kind.ok_or_else(|| StoreError::Entry("aud/: an unknown kind".to_owned()))?,
        is_approved: value[1] == 1,
        actor: id(2)?,
        device: id(18)?,
        subject: id(34)?,
        before: number(&value[50..58])?,
        names: number(&value[58..])?,
    })
}

/// 0 for a subject that is gone.
pub(super) fn subject_row(id: Id, audit: &Pending) -> (Vec<u8>, Vec<u8>) {
    let seq = audit.wholes.get(&id).copied().unwrap_or(0);
    (id.as_bytes().to_vec(), seq.to_be_bytes().to_vec())
}

impl Store {
    /// Passes the trail's rows to `visit`, newest first, until it has enough. Those beyond the two moments may be among them.
    pub fn audit_rows(
        &self,
        from_ms: Option<i64>,
        to_ms: Option<i64>,
        mut visit: impl FnMut(&Row) -> bool,
    ) -> Result<(), StoreError> {
        let (from, to) =
            (audit_key(from_ms.unwrap_or(i64::MIN), 0), audit_key(to_ms.unwrap_or(i64::MAX), u64::MAX));
        for rows in AUDIT.buckets_back(&self.db, &from, &to) {
            for (key, value) in rows?.iter().rev() {
                if !visit(&read_row(key, value)?) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// What the trail's next rows are made from.
    pub(super) fn load_audit(&self) -> Result<Pending, StoreError> {
        let mut audit = Pending { count: self.get(b"set/audited")?.unwrap_or(0), ..Pending::default() };
        for rows in SUBJECTS.all(&self.db) {
            for (id, seq) in rows? {
                let id = Id::from_slice(&id).map_err(|error| StoreError::Entry(error.to_string()))?;
                let seq = number(&seq)?;
                if seq > 0 {
                    audit.wholes.insert(id, seq);
                }
            }
        }
        Ok(audit)
    }
}
