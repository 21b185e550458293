//! One record: its frame on disk, and the hash chain through all of them.
//!
//! ```text
//!  0  start      u8        0xC3, never zero
//!  1  version    u8        encoding of the body; another version is refused by name
//!  2  batch      u16       place within the group that one barrier made durable, 0 begins a group; the highest bit says that
//!                          more records of the same request follow: they count together or not at all
//!  4  len        u32       bytes of the body
//!  8  crc        u32       CRC-32C of every byte of the frame but these four
//! 12  epoch      u32
//! 16  seq        u64
//! 24  hash       [u8; 32]  BLAKE3 of the hash before, then bytes 1..2, 12..24 and the body
//! 56  body       [u8; len] postcard of `Envelope`
//!  …  end        u8        0x5A, never zero
//! ```
//!
//! All integers are little-endian. The two marks make a frame's part of any sector non-zero, so that a sector that
//! was never written (it reads as zeros) can be told from one whose bits have changed: the first is a torn write,
//! the second is damage. `batch` says which records were durable before this one was written (all up to
//! `seq - 1 - batch`), which decides the same question for whole records. It is how the record was stored, not what
//! was stored, so the hash leaves it out.

use protocol::chain::chain;
use protocol::event::{DecodeError, EVENT_VERSION, Envelope};

/// Bytes of a frame before its body.
pub const HEADER_BYTES: usize = 56;
/// Bytes of a frame beside its body.
pub const FRAME_BYTES: usize = HEADER_BYTES + 1;
/// Largest body: the largest request (1 MB) with what the hub adds to it.
pub const BODY_BYTES_MAX: usize = 2 << 20;
/// Smallest unit that a disk writes whole.
pub const SECTOR_BYTES: usize = 512;

const START: u8 = 0xC3;
const END: u8 = 0x5A;

/// In `batch`: more records of the same request follow.
const MORE: u16 = 1 << 15;

pub use protocol::chain::{Cursor, GENESIS, Hash};

/// A record as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The ledger's epoch.
    pub epoch: u32,
    /// Its number.
    pub seq: u64,
    /// Its hash, which holds every record before it.
    pub hash: Hash,
    /// Place within its group.
    pub batch: u16,
    /// What it says.
    pub envelope: Envelope,
}

impl Record {
    /// Where it is.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor { epoch: self.epoch, seq: self.seq, hash: self.hash }
    }
}

/// A frame whose checksum holds, with its body not decoded yet.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'bytes> {
    /// Version of the body's encoding.
    pub version: u8,
    /// Place within its group.
    pub batch: u16,
    /// Whether more records of the same request follow.
    pub more: bool,
    /// The ledger's epoch.
    pub epoch: u32,
    /// Its number.
    pub seq: u64,
    /// Its hash.
    pub hash: Hash,
    /// Encoded envelope.
    pub body: &'bytes [u8],
}

/// Why bytes are not a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The bytes end before the frame does.
    #[error("the file ends within the record")]
    Short,
    /// A whole sector of it was never written.
    #[error("a sector of the record was never written")]
    Unwritten,
    /// The checksum or a mark does not hold.
    #[error("the record's checksum does not hold")]
    Checksum,
    /// The hash does not follow from the record before.
    #[error("the record does not follow from the one before it")]
    Chain,
    /// The last records of a request are missing.
    #[error("the request's last records are missing")]
    Unfinished,
    /// Epoch or seq are not the next.
    #[error("another record stands in its place")]
    Order,
    /// A version that this program does not know.
    #[error("the record has format version {0}, which this program does not know")]
    Version(u8),
    /// The checksum and the hash hold, but the body cannot be read.
    #[error("the record's content cannot be read")]
    Body,
}

impl<'bytes> Frame<'bytes> {
    /// Reads the frame that begins at `offset` of `file`, of which nothing follows `file`'s end.
    pub fn read(file: &'bytes [u8], offset: usize) -> Result<Self, FrameError> {
        let bytes = &file[offset..];
        if bytes.len() < HEADER_BYTES {
            return Err(torn_or(file, offset, file.len(), FrameError::Short));
        }
        let len = u32_at(bytes, 4) as usize;
        if bytes[0] != START || len > BODY_BYTES_MAX {
            return Err(torn_or(file, offset, offset + HEADER_BYTES, FrameError::Checksum));
        }
        let total = len + FRAME_BYTES;
        if bytes.len() < total {
            return Err(FrameError::Short);
        }
        let frame = &bytes[..total];
        if crc(frame) != u32_at(frame, 8) || frame[total - 1] != END {
            return Err(torn_or(file, offset, offset + total, FrameError::Checksum));
        }
        let mut hash = GENESIS;
        hash.copy_from_slice(&frame[24..HEADER_BYTES]);
        let batch = u16::from_le_bytes([frame[2], frame[3]]);
        Ok(Self {
            version: frame[1],
            batch: batch & !MORE,
            more: batch & MORE != 0,
            epoch: u32_at(frame, 12),
            seq: u64_at(frame, 16),
            hash,
            body: &frame[HEADER_BYTES..total - 1],
        })
    }

    /// Bytes of the whole frame.
    #[must_use]
    pub fn size(&self) -> usize {
        self.body.len() + FRAME_BYTES
    }

    /// Checks that this is the record after `before`.
    pub fn follows(&self, before: &Cursor) -> Result<(), FrameError> {
        if self.seq != before.seq + 1 || !before.may_precede(self.epoch) {
            return Err(FrameError::Order);
        }
        if self.hash != chain(&before.hash, self.version, self.epoch, self.seq, self.body) {
            return Err(FrameError::Chain);
        }
        Ok(())
    }

    /// Where it is.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor { epoch: self.epoch, seq: self.seq, hash: self.hash }
    }

    /// The last record that was durable when this one was written.
    #[must_use]
    pub fn barrier_before(&self) -> u64 {
        self.seq.saturating_sub(1 + u64::from(self.batch))
    }

    /// Decodes the body.
    pub fn decode(&self) -> Result<Record, FrameError> {
        let envelope = Envelope::decode(self.version, self.body).map_err(|error| match error {
            DecodeError::Version(version) => FrameError::Version(version),
            DecodeError::Content => FrameError::Body,
        })?;
        Ok(Record { epoch: self.epoch, seq: self.seq, hash: self.hash, batch: self.batch, envelope })
    }
}

/// Appends the frame of the record after `before`, and answers where that leaves the chain. `more` records of the same
/// request follow.
pub fn write(
    out: &mut Vec<u8>,
    before: &Cursor,
    epoch: u32,
    batch: u16,
    more: bool,
    envelope: &Envelope,
) -> Cursor {
    debug_assert!(batch < MORE);
    let batch = if more { batch | MORE } else { batch };
    let start = out.len();
    out.extend_from_slice(&[0; HEADER_BYTES]);
    // Writing into memory cannot fail, and every type of an envelope is one that postcard knows.
    postcard::to_io(envelope, &mut *out).expect("an envelope encodes");
    let body_len = out.len() - start - HEADER_BYTES;
    out.push(END);
    let seq = before.seq + 1;
    let frame = &mut out[start..];
    let hash = chain(&before.hash, EVENT_VERSION, epoch, seq, &frame[HEADER_BYTES..HEADER_BYTES + body_len]);
    frame[0] = START;
    frame[1] = EVENT_VERSION;
    frame[2..4].copy_from_slice(&batch.to_le_bytes());
    frame[4..8].copy_from_slice(&(body_len as u32).to_le_bytes());
    frame[12..16].copy_from_slice(&epoch.to_le_bytes());
    frame[16..24].copy_from_slice(&seq.to_le_bytes());
    frame[24..HEADER_BYTES].copy_from_slice(&hash);
    let checksum = crc(frame);
    frame[8..12].copy_from_slice(&checksum.to_le_bytes());
    Cursor { epoch, seq, hash }
}

fn crc(frame: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&frame[..8]), &frame[12..])
}

/// `Unwritten` where some sector's share of `file[from..to]` is all zeros, otherwise `error`.
fn torn_or(file: &[u8], from: usize, to: usize, error: FrameError) -> FrameError {
    let mut at = from;
    while at < to {
        let sector_end = ((at / SECTOR_BYTES) + 1) * SECTOR_BYTES;
        let end = sector_end.min(to);
        if file[at..end].iter().all(|byte| *byte == 0) {
            return FrameError::Unwritten;
        }
        at = end;
    }
    error
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::event::{Actor, Event};
    use protocol::ids::derived_id;

    fn envelope(n: u64) -> Envelope {
        Envelope {
            at_ms: 1_700_000_000_000,
            time_unverified: false,
            actor: Actor::system("test"),
            device: None,
            approval: None,
            keys: Vec::new(),
            event: Event::ProductRemoved(derived_id("product", &n.to_string())),
        }
    }

    #[test]
    fn any_flipped_bit_of_a_frame_is_found_and_never_taken_for_a_torn_write() {
        let mut bytes = Vec::new();
        write(&mut bytes, &Cursor::START, 1, 0, false, &envelope(1));
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let error = Frame::read(&damaged, 0).expect_err("a flipped bit passed");
            // A longer length reaches past the end of the file: whoever reads the file tells that apart.
            assert!(matches!(error, FrameError::Checksum | FrameError::Short), "bit {bit}: {error:?}");
        }
    }

    #[test]
    fn a_sector_of_zeros_is_a_torn_write() {
        let mut bytes = vec![0; 400];
        write(&mut bytes, &Cursor::START, 1, 0, false, &envelope(1));
        bytes.resize(2048, 0);
        assert_eq!(Frame::read(&bytes, 400).unwrap().seq, 1);
        let mut torn = bytes.clone();
        torn[400..512].fill(0);
        assert!(matches!(Frame::read(&torn, 400), Err(FrameError::Unwritten)));
    }

    #[test]
    fn the_chain_holds_records_in_their_order() {
        let mut bytes = Vec::new();
        let first = write(&mut bytes, &Cursor::START, 1, 0, false, &envelope(1));
        let size = bytes.len();
        write(&mut bytes, &first, 1, 1, false, &envelope(2));
        let second = Frame::read(&bytes, size).unwrap();
        assert_eq!(second.follows(&first), Ok(()));
        assert_eq!(second.follows(&Cursor::START), Err(FrameError::Order));
        let mut other = first;
        other.hash[0] ^= 1;
        assert_eq!(second.follows(&other), Err(FrameError::Chain));
        assert_eq!(second.decode().unwrap().envelope, envelope(2));
    }
}
