//! The acknowledged head: the last record that a client was told of, kept beside the segments.
//!
//! A torn tail and a cut-off tail look the same from inside a file. This small file tells them apart: it is written
//! after each barrier and needs none of its own, because it only ever names records that are already durable. After
//! a power cut it may lag behind; it never runs ahead. Two slots of 64 bytes, 512 bytes apart, are written in
//! turn, so that a torn write leaves the other.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::disk::{Disk, DiskFile};
use super::record::{Cursor, Hash};

/// Its name in the ledger's folder.
pub const HEAD_FILE: &str = "head";

const MAGIC: &[u8; 4] = b"OHH1";
const SLOT_BYTES: usize = 64;
const SLOT_STRIDE: u64 = 512;

/// Writes the acknowledged head.
#[derive(Debug)]
pub struct Head {
    file: Arc<dyn DiskFile>,
    turn: u64,
}

impl Head {
    /// Opens it for writing.
    pub fn open(disk: &dyn Disk, dir: &Path) -> io::Result<Self> {
        Ok(Self { file: disk.open_write(&dir.join(HEAD_FILE))?, turn: 0 })
    }

    /// Notes that everything up to `cursor` is durable.
    pub fn note(&mut self, cursor: &Cursor) -> io::Result<()> {
        self.turn += 1;
        self.file.write_at(&slot(cursor), (self.turn % 2) * SLOT_STRIDE)
    }

    /// Writes both slots with a barrier behind them: for a ledger that was put in place as a whole.
    pub fn reset(&mut self, cursor: &Cursor) -> io::Result<()> {
        self.note(cursor)?;
        self.note(cursor)?;
        self.file.sync_data()
    }
}

/// The last acknowledged record that the file knows of; none where there is no file or no whole slot.
pub fn read(disk: &dyn Disk, dir: &Path) -> io::Result<Option<Cursor>> {
    let file = match disk.open_read(&dir.join(HEAD_FILE)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut newest: Option<Cursor> = None;
    for turn in 0..2 {
        let mut bytes = [0; SLOT_BYTES];
        let read = file.read_at(&mut bytes, turn * SLOT_STRIDE)?;
        if let Some(cursor) = (read == SLOT_BYTES).then(|| parse(&bytes)).flatten()
            && newest.is_none_or(|newest| cursor.seq > newest.seq)
        {
            newest = Some(cursor);
        }
    }
    Ok(newest)
}

fn slot(cursor: &Cursor) -> [u8; SLOT_BYTES] {
    let mut bytes = [0; SLOT_BYTES];
    bytes[..4].copy_from_slice(MAGIC);
    bytes[4..8].copy_from_slice(&cursor.epoch.to_le_bytes());
    bytes[8..16].copy_from_slice(&cursor.seq.to_le_bytes());
    bytes[16..48].copy_from_slice(&cursor.hash);
    let checksum = crc32c::crc32c(&bytes[..48]);
    bytes[48..52].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

fn parse(bytes: &[u8; SLOT_BYTES]) -> Option<Cursor> {
    let epoch = u32::from_le_bytes(bytes[4..8].try_into().ok()?);
    let seq = u64::from_le_bytes(bytes[8..16].try_into().ok()?);
    let hash: Hash = bytes[16..48].try_into().ok()?;
    let cursor = Cursor { epoch, seq, hash };
    (slot(&cursor) == *bytes).then_some(cursor)
}
