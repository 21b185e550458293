//! Reading the ledger: any record by its number, or all of them in order, from whichever segment holds them.
//!
//! Readers see only what is durable. Every record read is checked against its checksum; a scan checks the chain too.

use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::archive::{self, Ends};
use super::disk::{Disk, DiskFile};
use super::record::{Cursor, Frame, FrameError, Record};
use super::segment::{INDEX_EVERY, Kind, SEGMENT_HEADER_BYTES, name};

/// Most bytes that one read of a log takes; several times what 64 records of a busy day need.
const CHUNK_BYTES_MAX: u64 = 256 << 20;

/// A place where the ledger is not as it was written. The file is kept as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("ledger damaged at seq {seq} in {segment}: {why}")]
pub struct Damage {
    /// The first record that cannot be vouched for.
    pub seq: u64,
    /// The file.
    pub segment: String,
    /// What does not hold.
    pub why: String,
}

/// Why a record could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The disk refused.
    #[error("the ledger cannot be read: {0}")]
    Io(#[from] io::Error),
    /// The disk answered with something that was never written.
    #[error(transparent)]
    Damaged(#[from] Damage),
}

/// One segment, and how to find a record in it.
#[derive(Debug, Clone)]
pub enum Segment {
    /// Frames as written; the last one grows.
    Log {
        /// The record before its first.
        before: Cursor,
        /// Where records are.
        index: Arc<RwLock<LogIndex>>,
    },
    /// Compressed.
    Archive {
        /// The record before its first.
        before: Cursor,
        /// Its last record.
        last: Cursor,
    },
}

/// Where records are in a log, and how much of it counts.
#[derive(Debug, Clone, Default)]
pub struct LogIndex {
    /// Seq and offset of every 64th record.
    pub places: Vec<(u64, u64)>,
    /// Bytes that are durable and whole.
    pub durable_len: u64,
    /// The last record within them.
    pub last_seq: u64,
}

impl LogIndex {
    /// Notes a record of `size` bytes behind the others.
    pub fn push(&mut self, seq: u64, size: u64) {
        if self.places.is_empty() || seq.is_multiple_of(INDEX_EVERY) {
            self.places.push((seq, self.durable_len));
        }
        self.durable_len += size;
        self.last_seq = seq;
    }
}

impl Segment {
    /// The record before its first.
    #[must_use]
    pub fn before(&self) -> Cursor {
        match self {
            Self::Log { before, .. } | Self::Archive { before, .. } => *before,
        }
    }

    /// How it is kept.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Log { .. } => Kind::Log,
            Self::Archive { .. } => Kind::Archive,
        }
    }

    /// Its file name.
    #[must_use]
    pub fn name(&self) -> String {
        name(self.before().seq + 1, self.kind())
    }
}

/// The segments of a ledger, for reading.
#[derive(Debug)]
pub struct Files {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    segments: RwLock<Vec<Segment>>,
    ends: Mutex<Option<(u64, Arc<Ends>)>>,
}

impl Files {
    /// Segments in the order of their records.
    pub fn new(disk: Arc<dyn Disk>, dir: PathBuf, segments: Vec<Segment>) -> Self {
        Self { disk, dir, segments: RwLock::new(segments), ends: Mutex::new(None) }
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The file system.
    pub fn disk(&self) -> &Arc<dyn Disk> {
        &self.disk
    }

    /// Segments in order.
    pub fn segments(&self) -> Vec<Segment> {
        self.segments.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A new last segment.
    pub fn push(&self, segment: Segment) {
        self.segments.write().unwrap_or_else(PoisonError::into_inner).push(segment);
    }

    /// A log became an archive.
    pub fn archived(&self, before: &Cursor) -> io::Result<()> {
        let path = self.dir.join(name(before.seq + 1, Kind::Archive));
        let Some(ends) = archive::ends(&*self.disk.open_read(&path)?)? else {
            return Err(io::Error::other("a fresh archive cannot be read"));
        };
        let mut segments = self.segments.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(segment) = segments.iter_mut().find(|segment| segment.before() == *before) {
            *segment = Segment::Archive { before: *before, last: ends.last };
        }
        Ok(())
    }

    /// Reads records from `from_seq` on, as many as `records_max`; fewer at the end.
    pub fn read(&self, from_seq: u64, records_max: usize) -> Result<Vec<Record>, ReadError> {
        let mut records = Vec::new();
        let mut next = from_seq.max(1);
        while records.len() < records_max {
            let Some(chunk) = self.chunk(next)? else { break };
            let before = records.len();
            chunk.each(|frame| {
                if frame.seq >= next {
                    records.push(frame.decode()?);
                    next = frame.seq + 1;
                }
                Ok(if records.len() < records_max {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                })
            })?;
            if records.len() == before {
                return Err(chunk.damage(next, "the record is not where it should be").into());
            }
        }
        Ok(records)
    }

    /// Passes every record after `from` to `visit`, in order, checking the chain; answers the last one seen.
    pub fn scan(
        &self,
        from: Cursor,
        mut visit: impl FnMut(Record) -> ControlFlow<()>,
    ) -> Result<Cursor, ReadError> {
        self.walk(from, |frame| Ok(visit(frame.decode()?)))
    }

    /// The same, with each record as it is stored.
    pub fn frames(
        &self,
        from: Cursor,
        mut visit: impl FnMut(&Frame<'_>) -> ControlFlow<()>,
    ) -> Result<Cursor, ReadError> {
        self.walk(from, |frame| Ok(visit(frame)))
    }

    fn walk(
        &self,
        from: Cursor,
        mut visit: impl FnMut(&Frame<'_>) -> Result<ControlFlow<()>, FrameError>,
    ) -> Result<Cursor, ReadError> {
        let mut cursor = from;
        while let Some(chunk) = self.chunk(cursor.seq + 1)? {
            let before = cursor;
            let mut stopped = false;
            chunk.each(|frame| {
                if frame.seq <= cursor.seq {
                    return Ok(ControlFlow::Continue(()));
                }
                frame.follows(&cursor)?;
                cursor = frame.cursor();
                let flow = visit(frame)?;
                stopped = flow.is_break();
                Ok(flow)
            })?;
            if stopped {
                break;
            }
            if cursor == before {
                return Err(chunk.damage(cursor.seq + 1, "the record is not where it should be").into());
            }
        }
        Ok(cursor)
    }

    /// Consecutive frames among which is the record `seq`; none past the end.
    fn chunk(&self, seq: u64) -> Result<Option<Chunk>, ReadError> {
        let segment = {
            let segments = self.segments.read().unwrap_or_else(PoisonError::into_inner);
            let at = segments.partition_point(|segment| segment.before().seq < seq);
            match at.checked_sub(1) {
                Some(at) => segments[at].clone(),
                None => return Ok(None),
            }
        };
        match &segment {
            Segment::Log { index, .. } => {
                let found = log_place(&index.read().unwrap_or_else(PoisonError::into_inner), seq);
                let Some((from, to)) = found else { return Ok(None) };
                match self.log_chunk(&segment, from, to) {
                    // Between our look and the opening, the log has become an archive.
                    Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                        self.archive_chunk(&name(segment.before().seq + 1, Kind::Archive), &segment, seq)
                    }
                    other => other.map(Some),
                }
            }
            Segment::Archive { last, .. } if seq > last.seq => Ok(None),
            Segment::Archive { .. } => self.archive_chunk(&segment.name(), &segment, seq),
        }
    }

    fn log_chunk(&self, segment: &Segment, from: u64, to: u64) -> Result<Chunk, ReadError> {
        let file = self.disk.open_read(&self.dir.join(segment.name()))?;
        let mut bytes = vec![0; (to - from).min(CHUNK_BYTES_MAX) as usize];
        let read = file.read_at(&mut bytes, from)?;
        bytes.truncate(read);
        Ok(Chunk { segment: segment.name(), bytes })
    }

    fn archive_chunk(&self, name: &str, segment: &Segment, seq: u64) -> Result<Option<Chunk>, ReadError> {
        let file = self.disk.open_read(&self.dir.join(name))?;
        let ends = self.archive_ends(name, segment.before().seq, &*file)?;
        let at = ends.blocks.partition_point(|(first, _)| *first <= seq);
        let Some((first, offset)) = at.checked_sub(1).map(|at| ends.blocks[at]) else { return Ok(None) };
        match archive::block(&*file, offset)? {
            Ok((bytes, _)) => Ok(Some(Chunk { segment: name.to_owned(), bytes })),
            Err(error) => Err(damage(name, first, error).into()),
        }
    }

    fn archive_ends(&self, name: &str, before: u64, file: &dyn DiskFile) -> Result<Arc<Ends>, ReadError> {
        let mut cached = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((seq, ends)) = &*cached
            && *seq == before
        {
            return Ok(Arc::clone(ends));
        }
        let Some(ends) = archive::ends(file)? else {
            return Err(damage(name, before + 1, FrameError::Checksum).into());
        };
        let ends = Arc::new(ends);
        *cached = Some((before, Arc::clone(&ends)));
        Ok(ends)
    }
}

fn log_place(index: &LogIndex, seq: u64) -> Option<(u64, u64)> {
    if seq > index.last_seq {
        return None;
    }
    let after = index.places.partition_point(|(first, _)| *first <= seq);
    let from = index.places.get(after.checked_sub(1)?)?.1;
    let to = index.places.get(after).map_or(index.durable_len, |(_, offset)| *offset);
    Some((from.max(SEGMENT_HEADER_BYTES as u64), to))
}

fn damage(segment: &str, seq: u64, error: FrameError) -> Damage {
    Damage { seq, segment: segment.to_owned(), why: error.to_string() }
}

/// Consecutive whole frames.
struct Chunk {
    segment: String,
    bytes: Vec<u8>,
}

impl Chunk {
    fn each(
        &self,
        mut visit: impl FnMut(&Frame<'_>) -> Result<ControlFlow<()>, FrameError>,
    ) -> Result<(), ReadError> {
        let mut at = 0;
        let mut seq = None;
        while at < self.bytes.len() {
            let step = Frame::read(&self.bytes, at).and_then(|frame| {
                seq = Some(frame.seq);
                at += frame.size();
                visit(&frame)
            });
            match step {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => return Ok(()),
                Err(error) => {
                    let seq = match error {
                        FrameError::Short | FrameError::Unwritten | FrameError::Checksum => {
                            seq.map_or(0, |seq| seq + 1)
                        }
                        _ => seq.unwrap_or(0),
                    };
                    return Err(damage(&self.segment, seq, error).into());
                }
            }
        }
        Ok(())
    }

    fn damage(&self, seq: u64, why: &str) -> Damage {
        Damage { seq, segment: self.segment.clone(), why: why.to_owned() }
    }
}
