//! Frames as bytes.

use std::io::Read;

use serde::{Deserialize, Serialize};

use super::FRAME_VERSION;

/// Largest frame, packed or not: a batch that is all but full, and the largest record behind it.
pub const FRAME_BYTES_MAX: usize = 4 << 20;

/// Below this there is little to gain.
const PACKED_FROM_BYTES: usize = 512;
/// Quick rather than small: the box is slower than the line.
const ZSTD_LEVEL: i32 = 1;

const PLAIN: u8 = 0;
const ZSTD: u8 = 1;

/// Why bytes are not a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Nothing, or less than a head.
    #[error("the frame is too short")]
    Short,
    /// A version that this program does not know.
    #[error("frame version {0} is not known")]
    Version(u8),
    /// It is larger than any frame.
    #[error("the frame is larger than any may be")]
    Long,
    /// The payload is not what its head says.
    #[error("the frame cannot be read")]
    Content,
}

/// A frame as it is sent.
#[must_use]
pub fn encode<F: Serialize>(frame: &F) -> Vec<u8> {
    // Every type of a frame is one that postcard knows, and memory takes what is written.
    let plain = postcard::to_extend(frame, vec![FRAME_VERSION, PLAIN]).expect("a frame encodes");
    if plain.len() < PACKED_FROM_BYTES {
        return plain;
    }
    match zstd::bulk::compress(&plain[2..], ZSTD_LEVEL) {
        Ok(small) if small.len() + 2 < plain.len() => {
            let mut packed = Vec::with_capacity(small.len() + 2);
            packed.extend_from_slice(&[FRAME_VERSION, ZSTD]);
            packed.extend_from_slice(&small);
            packed
        }
        _ => plain,
    }
}

/// Reads what was sent. `room` holds what was compressed, for as long as the frame borrows from it.
pub fn decode<'bytes, F: Deserialize<'bytes>>(
    bytes: &'bytes [u8],
    room: &'bytes mut Vec<u8>,
) -> Result<F, FrameError> {
    let [version, packing, payload @ ..] = bytes else { return Err(FrameError::Short) };
    if *version != FRAME_VERSION {
        return Err(FrameError::Version(*version));
    }
    if bytes.len() > FRAME_BYTES_MAX {
        return Err(FrameError::Long);
    }
    let payload: &[u8] = match *packing {
        PLAIN => payload,
        ZSTD => {
            room.clear();
            let decoder = zstd::stream::read::Decoder::new(payload).map_err(|_| FrameError::Content)?;
            // One byte more than may be, so that what is too long is seen without being unpacked.
            let read = decoder.take(FRAME_BYTES_MAX as u64 + 1).read_to_end(room);
            if read.map_err(|_| FrameError::Content)? > FRAME_BYTES_MAX {
                return Err(FrameError::Long);
            }
            room
        }
        _ => return Err(FrameError::Content),
    };
    match postcard::take_from_bytes(payload) {
        Ok((frame, [])) => Ok(frame),
        _ => Err(FrameError::Content),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Batch, HubFrame, RelayFrame, Stored};
    use super::*;
    use crate::chain::{Cursor, GENESIS};

    #[test]
    fn a_large_frame_is_packed_and_reads_back() {
        let body = vec![7; 100_000];
        let record = Stored { version: 2, more: false, epoch: 1, body: &body };
        let frame = HubFrame::Batch(Batch { before: Cursor::START, records: vec![record; 3], last: GENESIS });
        let bytes = encode(&frame);
        assert!(bytes.len() < 1_000, "{}", bytes.len());
        assert_eq!(decode::<HubFrame<'_>>(&bytes, &mut Vec::new()).unwrap(), frame);
    }

    #[test]
    fn what_unpacks_to_more_than_a_frame_is_refused_without_being_unpacked() {
        let mut bytes = vec![FRAME_VERSION, ZSTD];
        bytes.extend(zstd::bulk::compress(&vec![0; 64 << 20], 19).unwrap());
        let mut room = Vec::new();
        assert_eq!(decode::<HubFrame<'_>>(&bytes, &mut room), Err(FrameError::Long));
        assert!(room.capacity() < 3 * FRAME_BYTES_MAX, "{}", room.capacity());
    }

    #[test]
    fn what_is_no_frame_is_refused_by_name() {
        let good = encode(&RelayFrame::Heartbeat { now_ms: 1 });
        let read = |bytes: &[u8]| decode::<RelayFrame<'_>>(bytes, &mut Vec::new()).map(|_| ());
        assert_eq!(read(&good), Ok(()));
        assert_eq!(read(&good[..1]), Err(FrameError::Short));
        assert_eq!(read(&[&[9], &good[1..]].concat()), Err(FrameError::Version(9)));
        assert_eq!(read(&[&good[..1], &[2], &good[2..]].concat()), Err(FrameError::Content));
        assert_eq!(read(&[&good[..], &[0]].concat()), Err(FrameError::Content));
        assert_eq!(read(&[FRAME_VERSION, ZSTD, 1, 2, 3]), Err(FrameError::Content));
    }
}
