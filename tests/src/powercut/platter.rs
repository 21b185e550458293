//! The bytes of the simulated disk: what was written, what is durable, and the writes in between.
//!
//! Pure data, no I/O: the FUSE file system calls [`Platter::write`] and [`Platter::flush`], a cut takes a
//! copy. Blocks are shared (`Arc`) and zeros take no room, so a copy costs one pointer per block.

use std::collections::VecDeque;
use std::sync::Arc;

/// The grain of the simulation: a block is either wholly on the disk or not at all.
pub(super) const BLOCK: usize = 4096;

/// A real drive's cache is finite too: beyond this many unflushed blocks (256 MiB) the oldest becomes
/// durable, which also bounds the memory of a test whose program never flushes.
const PENDING_MAX: usize = 65_536;

/// `None` is a block of zeros.
type Block = Option<Arc<[u8; BLOCK]>>;

/// A disk's content, in blocks.
#[derive(Clone)]
pub(super) struct Blocks(Vec<Block>);

impl Blocks {
    /// A disk of `count` blocks of zeros.
    pub(super) fn zeroed(count: usize) -> Self {
        Self(vec![None; count])
    }

    /// The size of the disk.
    pub(super) fn len_bytes(&self) -> u64 {
        self.0.len() as u64 * BLOCK as u64
    }

    /// The bytes from `offset` on, fewer than `len` at the end of the disk.
    pub(super) fn read(&self, offset: u64, len: usize) -> Vec<u8> {
        let end = offset.saturating_add(len as u64).min(self.len_bytes());
        let mut bytes = vec![0; end.saturating_sub(offset) as usize];
        for (index, within, range) in spans(offset, bytes.len()) {
            if let Some(block) = &self.0[index] {
                let len = range.len();
                bytes[range].copy_from_slice(&block[within..within + len]);
            }
        }
        bytes
    }
}

/// What the three images of a cut hold.
pub(super) struct Cut {
    /// Every write the disk had received.
    pub(super) written: Blocks,
    /// Only what was flushed.
    pub(super) flushed: Blocks,
    /// The flushed, and some of the writes since.
    pub(super) partial: Blocks,
}

/// A write went past the end of the disk.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PastTheEnd;

/// A disk with a volatile write cache.
pub(super) struct Platter {
    written: Blocks,
    durable: Blocks,
    /// Block writes since the last flush, oldest first; one block may be here several times.
    pending: VecDeque<(usize, Block)>,
    flushes: u64,
    bytes_written: u64,
}

impl Platter {
    /// A disk that holds `content`, all of it durable.
    pub(super) fn holding(content: Blocks) -> Self {
        let durable = content.clone();
        Self { written: content, durable, pending: VecDeque::new(), flushes: 0, bytes_written: 0 }
    }

    /// The disk as its owner sees it, unflushed writes included.
    pub(super) fn content(&self) -> &Blocks {
        &self.written
    }

    /// Takes a write into the cache.
    pub(super) fn write(&mut self, offset: u64, bytes: &[u8]) -> Result<(), PastTheEnd> {
        let end = offset.checked_add(bytes.len() as u64).ok_or(PastTheEnd)?;
        if end > self.written.len_bytes() {
            return Err(PastTheEnd);
        }
        self.bytes_written += bytes.len() as u64;
        for (index, within, range) in spans(offset, bytes.len()) {
            let mut block = self.written.0[index].as_deref().copied().unwrap_or([0; BLOCK]);
            block[within..within + range.len()].copy_from_slice(&bytes[range]);
            let block: Block = block.iter().any(|byte| *byte != 0).then(|| Arc::new(block));
            self.written.0[index].clone_from(&block);
            self.pending.push_back((index, block));
        }
        let over = self.pending.len().saturating_sub(PENDING_MAX);
        self.settle(over);
        Ok(())
    }

    /// The barrier: everything received so far becomes durable.
    pub(super) fn flush(&mut self) {
        self.flushes += 1;
        self.settle(self.pending.len());
    }

    fn settle(&mut self, oldest: usize) {
        for (index, block) in self.pending.drain(..oldest) {
            self.durable.0[index] = block;
        }
    }

    /// What a power cut now may leave behind; `seed` decides which unflushed writes the third image keeps.
    ///
    /// Each pending write is kept or lost on its own, so an older version of a block can be what survives,
    /// and the share that survives differs from seed to seed: "nearly all" and "nearly none" find different
    /// faults.
    pub(super) fn cut(&self, seed: u64) -> Cut {
        let mut random = SplitMix64(seed);
        let kept_of_8 = 1 + random.next() % 7;
        let mut partial = self.durable.clone();
        for (index, block) in &self.pending {
            if random.next() % 8 < kept_of_8 {
                partial.0[*index].clone_from(block);
            }
        }
        Cut { written: self.written.clone(), flushed: self.durable.clone(), partial }
    }

    /// Barriers received.
    pub(super) fn flushes(&self) -> u64 {
        self.flushes
    }

    /// Bytes received.
    pub(super) fn bytes_written(&self) -> u64 {
        self.bytes_written
    }

    /// Counts from zero again.
    pub(super) fn reset_counters(&mut self) {
        self.flushes = 0;
        self.bytes_written = 0;
    }
}

/// Which blocks `len` bytes at `offset` touch: block, offset within it, range within the bytes.
fn spans(offset: u64, len: usize) -> impl Iterator<Item = (usize, usize, std::ops::Range<usize>)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        (done < len).then(|| {
            let at = offset as usize + done;
            let within = at % BLOCK;
            let start = done;
            done = (done + BLOCK - within).min(len);
            (at / BLOCK, within, start..done)
        })
    })
}

/// Steele, Lea and Flood's generator: a few lines, and the same sequence for a seed for ever.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn platter(blocks: usize) -> Platter {
        Platter::holding(Blocks::zeroed(blocks))
    }

    #[test]
    fn unflushed_writes_are_in_one_image_and_not_in_the_other() {
        let mut disk = platter(4);
        disk.write(4090, b"across the edge").unwrap();
        disk.flush();
        disk.write(4096, b"THE EDGE").unwrap();
        let cut = disk.cut(1);
        assert_eq!(cut.flushed.read(4090, 15), b"across the edge");
        assert_eq!(cut.written.read(4090, 15), b"acrossTHE EDGEe");
        assert_eq!(disk.content().read(4090, 15), b"acrossTHE EDGEe");
        assert_eq!((disk.flushes(), disk.bytes_written()), (1, 23));
    }

    #[test]
    fn the_third_image_keeps_some_of_the_pending_blocks() {
        let mut disk = platter(64);
        for block in 0..64_u64 {
            disk.write(block * BLOCK as u64, &[7; BLOCK]).unwrap();
        }
        let kept = |seed| {
            let bytes = disk.cut(seed).partial.read(0, 64 * BLOCK);
            bytes.chunks(BLOCK).map(|block| block[0] == 7).collect::<Vec<_>>()
        };
        for seed in 0..20 {
            let count = kept(seed).iter().filter(|kept| **kept).count();
            assert!((1..64).contains(&count), "seed {seed} kept {count}");
        }
        assert_eq!(kept(3), kept(3), "the same seed is the same cut");
        assert_ne!(kept(3), kept(4));
    }

    #[test]
    fn an_older_version_of_a_block_can_survive() {
        let mut disk = platter(1);
        disk.write(0, b"older").unwrap();
        disk.write(0, b"newer").unwrap();
        let survivors: Vec<_> = (0..64).map(|seed| disk.cut(seed).partial.read(0, 5)).collect();
        for version in [&b"older"[..], b"newer", &[0; 5]] {
            assert!(survivors.iter().any(|survivor| survivor == version));
        }
    }

    #[test]
    fn a_full_cache_settles_its_oldest_writes() {
        let mut disk = platter(2);
        disk.write(BLOCK as u64, b"first").unwrap();
        for _ in 0..PENDING_MAX {
            disk.write(0, b"later").unwrap();
        }
        let flushed = disk.cut(0).flushed;
        assert_eq!(flushed.read(BLOCK as u64, 5), b"first");
        assert_eq!(flushed.read(0, 5), [0; 5]);
        assert_eq!(disk.pending.len(), PENDING_MAX);
    }

    #[test]
    fn nothing_is_written_past_the_end_and_zeros_take_no_room() {
        let mut disk = platter(1);
        assert_eq!(disk.write(4095, b"xy"), Err(PastTheEnd));
        assert_eq!(disk.write(u64::MAX, b"xy"), Err(PastTheEnd));
        disk.write(0, &[0; BLOCK]).unwrap();
        assert!(disk.content().0[0].is_none());
        assert_eq!(disk.content().read(4000, 4096).len(), 96);
        assert_eq!(disk.content().read(9000, 1), b"");
    }
}
