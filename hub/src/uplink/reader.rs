//! Records for the relay, as they are stored.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use protocol::chain::Cursor;
use protocol::frame::{BATCH_BYTES, Batch, HubFrame, Stored, encode};

use crate::ledger::files::{Files, ReadError, Segment};

/// Reads the ledger for the uplink. Every call may take as long as the disk does.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    files: Arc<Files>,
}

/// A batch, ready to be sent.
pub(super) struct Encoded {
    /// The frame.
    pub(super) bytes: Vec<u8>,
    /// Its last record.
    pub(super) last: Cursor,
}

impl Reader {
    pub(super) fn new(files: Arc<Files>) -> Self {
        Self { files }
    }

    /// The record of a number; none past the end.
    pub(super) fn at(&self, seq: u64) -> Result<Option<Cursor>, ReadError> {
        let record = self.files.read(seq, 1)?.into_iter().next();
        Ok(record.map(|record| record.cursor()).filter(|cursor| cursor.seq == seq))
    }

    /// The record before the first of an epoch. A segment begins with it, and its head says so.
    pub(super) fn fork(&self, epoch: u32) -> Result<Cursor, ReadError> {
        let segments = self.files.segments();
        let begins = segments.iter().map(Segment::before).find(|before| before.epoch == epoch);
        match begins.map_or(0, |before| before.seq) {
            0 => Ok(Cursor::START),
            seq => Ok(self.at(seq)?.unwrap_or(Cursor::START)),
        }
    }

    /// A batch of the records after one; none past the end.
    pub(super) fn batch(&self, after: Cursor, records_max: usize) -> Result<Option<Encoded>, ReadError> {
        let mut bodies: Vec<u8> = Vec::new();
        let mut heads: Vec<(u8, bool, u32, Range<usize>)> = Vec::new();
        let last = self.files.frames(after, |frame| {
            let from = bodies.len();
            bodies.extend_from_slice(frame.body);
            heads.push((frame.version, frame.more, frame.epoch, from..bodies.len()));
            if heads.len() >= records_max || bodies.len() >= BATCH_BYTES {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        if heads.is_empty() {
            return Ok(None);
        }
        let stored = |(version, more, epoch, range)| Stored { version, more, epoch, body: &bodies[range] };
        let records = heads.into_iter().map(stored).collect();
        let bytes = encode(&HubFrame::Batch(Batch { before: after, records, last: last.hash }));
        Ok(Some(Encoded { bytes, last }))
    }
}
