//! Closed segments, compressed.
//!
//! ```text
//! header    64 bytes, as every segment's
//! blocks    u32 compressed length, u32 raw length, u32 CRC-32C of both and of what follows, zstd of whole frames
//! index     per block: u64 first seq, u64 offset
//! trailer   u32 blocks, u32 last epoch, u64 last seq, [u8; 32] last hash, u32 CRC-32C of index and trailer, magic
//! ```
//!
//! Blocks of about 64 KiB are compressed one by one, so that a single record is found with two reads. An archive is
//! written beside its log, read back whole against the chain, renamed into place, and only then the log is removed.

use std::io;
use std::path::Path;

use super::disk::{Disk, DiskFile, read_all};
use super::record::{Cursor, Frame, FrameError, Hash, u32_at, u64_at};
use super::segment::{Kind, SEGMENT_HEADER_BYTES, header, name, parse_header};

/// Raw bytes after which a block is closed.
const BLOCK_BYTES: usize = 64 << 10;
/// Largest raw block that is taken: one frame of the largest size above a full block.
const BLOCK_BYTES_MAX: usize = 4 << 20;
const BLOCK_HEADER_BYTES: usize = 12;
const TRAILER_BYTES: usize = 60;
const MAGIC_END: &[u8; 8] = b"OHARCEND";
/// zstd's own default: three quarters of level 19's gain at a fortieth of its time on a Pi.
const LEVEL: i32 = 3;

/// What an archive's ends say, without its blocks.
#[derive(Debug, Clone)]
pub struct Ends {
    /// The record before its first.
    pub before: Cursor,
    /// Its last record.
    pub last: Cursor,
    /// First seq and offset of each block.
    pub blocks: Vec<(u64, u64)>,
    /// Where the blocks end.
    pub blocks_end: u64,
}

/// Reads header, index and trailer; `None` where any of them is not as written.
pub fn ends(file: &dyn DiskFile) -> io::Result<Option<Ends>> {
    let len = file.len()?;
    let mut head = [0; SEGMENT_HEADER_BYTES];
    file.read_at(&mut head, 0)?;
    let Some(before) = parse_header(Kind::Archive, &head) else { return Ok(None) };
    let Some(trailer_at) = len.checked_sub(TRAILER_BYTES as u64) else { return Ok(None) };
    let mut trailer = [0; TRAILER_BYTES];
    file.read_at(&mut trailer, trailer_at)?;
    let count = u64::from(u32_at(&trailer, 0));
    let index_bytes = count * 16;
    let Some(index_at) = trailer_at.checked_sub(index_bytes) else { return Ok(None) };
    let mut index = vec![0; index_bytes as usize];
    file.read_at(&mut index, index_at)?;
    let checksum = crc32c::crc32c_append(crc32c::crc32c(&index), &trailer[..48]);
    if checksum != u32_at(&trailer, 48) || &trailer[52..] != MAGIC_END {
        return Ok(None);
    }
    let hash: Hash = trailer[16..48].try_into().expect("32 bytes");
    let last = Cursor { epoch: u32_at(&trailer, 4), seq: u64_at(&trailer, 8), hash };
    let blocks = index.chunks_exact(16).map(|entry| (u64_at(entry, 0), u64_at(entry, 8))).collect();
    Ok(Some(Ends { before, last, blocks, blocks_end: index_at }))
}

/// Reads the block at `offset` and answers its frames with the offset of the next block.
pub fn block(file: &dyn DiskFile, offset: u64) -> io::Result<Result<(Vec<u8>, u64), FrameError>> {
    let mut head = [0; BLOCK_HEADER_BYTES];
    let read = file.read_at(&mut head, offset)?;
    let (compressed_len, raw_len) = (u32_at(&head, 0) as usize, u32_at(&head, 4) as usize);
    if read < head.len() || compressed_len > BLOCK_BYTES_MAX || raw_len > BLOCK_BYTES_MAX {
        return Ok(Err(FrameError::Checksum));
    }
    let mut compressed = vec![0; compressed_len];
    let read = file.read_at(&mut compressed, offset + BLOCK_HEADER_BYTES as u64)?;
    let checksum = crc32c::crc32c_append(crc32c::crc32c(&head[..8]), &compressed);
    if read < compressed_len || checksum != u32_at(&head, 8) {
        return Ok(Err(FrameError::Checksum));
    }
    let Ok(raw) = zstd::bulk::decompress(&compressed, raw_len) else { return Ok(Err(FrameError::Checksum)) };
    if raw.len() != raw_len {
        return Ok(Err(FrameError::Checksum));
    }
    Ok(Ok((raw, offset + (BLOCK_HEADER_BYTES + compressed_len) as u64)))
}

/// Compresses a closed log whose frames all follow from each other. Answers whether it did; a log that is not whole is
/// left as it is.
pub fn compress(disk: &dyn Disk, dir: &Path, first_seq: u64) -> io::Result<bool> {
    let log_path = dir.join(name(first_seq, Kind::Log));
    let mut raw = read_all(&*disk.open_read(&log_path)?)?;
    // Zeros that were laid down ahead of the records; a frame's last byte is never zero.
    raw.truncate(raw.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1));
    let Some(before) = parse_header(Kind::Log, &raw) else { return Ok(false) };
    let Some((bytes, last)) = encode(&raw, &before)? else { return Ok(false) };
    let arc_name = name(first_seq, Kind::Archive);
    let temporary = dir.join(format!("{arc_name}.tmp"));
    let file = disk.open_write(&temporary)?;
    file.set_len(0)?;
    file.write_at(&bytes, 0)?;
    file.sync_data()?;
    if !reads_back(&*file, &before, &last)? {
        disk.remove(&temporary)?;
        return Err(io::Error::other(format!("{arc_name} did not read back as it was written")));
    }
    disk.rename(&temporary, &dir.join(arc_name))?;
    disk.sync_dir(dir)?;
    disk.remove(&log_path)?;
    disk.sync_dir(dir)?;
    Ok(true)
}

fn encode(raw: &[u8], before: &Cursor) -> io::Result<Option<(Vec<u8>, Cursor)>> {
    let mut out = header(Kind::Archive, before).to_vec();
    let mut index = Vec::new();
    let mut last = *before;
    let mut block_start = SEGMENT_HEADER_BYTES;
    let mut block_first = before.seq + 1;
    let mut at = SEGMENT_HEADER_BYTES;
    while at < raw.len() {
        let Ok(frame) = Frame::read(raw, at) else { return Ok(None) };
        if frame.follows(&last).is_err() {
            return Ok(None);
        }
        last = frame.cursor();
        at += frame.size();
        if at - block_start >= BLOCK_BYTES || at == raw.len() {
            index.push((block_first, out.len() as u64));
            push_block(&mut out, &raw[block_start..at])?;
            block_start = at;
            block_first = last.seq + 1;
        }
    }
    let footer_at = out.len();
    for (seq, offset) in &index {
        out.extend_from_slice(&seq.to_le_bytes());
        out.extend_from_slice(&offset.to_le_bytes());
    }
    out.extend_from_slice(&(index.len() as u32).to_le_bytes());
    out.extend_from_slice(&last.epoch.to_le_bytes());
    out.extend_from_slice(&last.seq.to_le_bytes());
    out.extend_from_slice(&last.hash);
    let checksum = crc32c::crc32c(&out[footer_at..]);
    out.extend_from_slice(&checksum.to_le_bytes());
    out.extend_from_slice(MAGIC_END);
    Ok(Some((out, last)))
}

fn push_block(out: &mut Vec<u8>, raw: &[u8]) -> io::Result<()> {
    let compressed = zstd::bulk::compress(raw, LEVEL)?;
    let mut head = [0; BLOCK_HEADER_BYTES];
    head[..4].copy_from_slice(&(compressed.len() as u32).to_le_bytes());
    head[4..8].copy_from_slice(&(raw.len() as u32).to_le_bytes());
    let checksum = crc32c::crc32c_append(crc32c::crc32c(&head[..8]), &compressed);
    head[8..].copy_from_slice(&checksum.to_le_bytes());
    out.extend_from_slice(&head);
    out.extend_from_slice(&compressed);
    Ok(())
}

fn reads_back(file: &dyn DiskFile, before: &Cursor, last: &Cursor) -> io::Result<bool> {
    let Some(ends) = ends(file)? else { return Ok(false) };
    let mut cursor = *before;
    for (_, offset) in &ends.blocks {
        let Ok((raw, _)) = block(file, *offset)? else { return Ok(false) };
        let mut at = 0;
        while at < raw.len() {
            let Ok(frame) = Frame::read(&raw, at) else { return Ok(false) };
            if frame.follows(&cursor).is_err() {
                return Ok(false);
            }
            cursor = frame.cursor();
            at += frame.size();
        }
    }
    Ok(ends.before == *before && ends.last == *last && cursor == *last)
}
