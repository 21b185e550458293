//! What a start finds: where the ledger ends, what a power cut left behind it, and what is damaged.
//!
//! A **torn tail** was never acknowledged and is cut: the file ends within a record, or a sector of it was never
//! written, no record behind it proves that it once was durable, and the acknowledged head does not reach it.
//! Everything else that does not hold is **damage**: it is named, kept, and nothing is written behind it.

use std::io;
use std::path::Path;
use std::sync::{Arc, RwLock};

use super::archive;
use super::disk::{Disk, read_all};
use super::files::{Damage, Files, LogIndex, Segment};
use super::head::{self, Head};
use super::record::{Cursor, Frame, FrameError};
use super::segment::{Kind, OpenSegment, SEGMENT_HEADER_BYTES, name, parse_header, parse_name};

/// A ledger as found.
#[derive(Debug)]
pub struct Found {
    /// For reading.
    pub files: Files,
    /// The last record that counts.
    pub end: Cursor,
    /// What a power cut left, to be cut off before anything is written.
    pub torn: Option<TornTail>,
    /// What does not hold, in order.
    pub damage: Vec<Damage>,
    /// The last record that was acknowledged, as far as is known.
    pub acknowledged: Option<Cursor>,
    /// The log to write on, where nothing forbids it: its first record and its bytes that count.
    pub last_log: Option<(u64, u64)>,
}

/// Bytes behind the last whole record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornTail {
    /// The file.
    pub segment: String,
    /// Bytes that count.
    pub keep: u64,
    /// Bytes that do not.
    pub cut: u64,
}

impl Found {
    /// Whether more may be written.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.last_log.is_some() || (self.damage.is_empty() && self.files.segments().is_empty())
    }

    /// What it takes to write on, once the files are shared.
    #[must_use]
    pub fn opening(&self) -> Opening {
        Opening { end: self.end, last_log: self.last_log, is_torn: self.torn.is_some() }
    }
}

/// How a ledger is opened for more.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    end: Cursor,
    last_log: Option<(u64, u64)>,
    is_torn: bool,
}

impl Opening {
    /// Opens the ledger for more: cuts the torn tail, or makes the first segment.
    pub fn open(&self, files: &Files) -> io::Result<(OpenSegment, Head)> {
        let (disk, dir) = (&**files.disk(), files.dir());
        let head = Head::open(disk, dir)?;
        if let Some((first_seq, len)) = self.last_log {
            let path = dir.join(name(first_seq, Kind::Log));
            return Ok((OpenSegment::reopen(disk, path, first_seq, len, self.is_torn)?, head));
        }
        let segment = OpenSegment::create(disk, dir, &self.end)?;
        files.push(log_segment(self.end, SEGMENT_HEADER_BYTES as u64));
        Ok((segment, head))
    }
}

/// A log with nothing in it yet.
pub fn log_segment(before: Cursor, len: u64) -> Segment {
    let index = LogIndex { places: Vec::new(), durable_len: len, last_seq: before.seq };
    Segment::Log { before, index: Arc::new(RwLock::new(index)) }
}

/// Looks at a ledger's folder without changing anything in it.
pub fn find(disk: &Arc<dyn Disk>, dir: &Path) -> io::Result<Found> {
    let acknowledged = head::read(&**disk, dir)?;
    let names = segment_files(&**disk, dir)?;
    let mut walk = Walk {
        disk: &**disk,
        dir,
        acknowledged,
        end: Cursor::START,
        segments: Vec::new(),
        damage: Vec::new(),
        torn: None,
        last_log: None,
    };
    let count = names.len();
    for (at, (first_seq, kind)) in names.into_iter().enumerate() {
        walk.step(first_seq, kind, at + 1 == count)?;
    }
    walk.check_acknowledged();
    if !walk.damage.is_empty() && walk.last_log.is_some_and(|(first, _)| walk.damage_reaches(first)) {
        walk.last_log = None;
    }
    Ok(Found {
        files: Files::new(Arc::clone(disk), dir.to_owned(), walk.segments),
        end: walk.end,
        torn: walk.torn,
        damage: walk.damage,
        acknowledged,
        last_log: walk.last_log,
    })
}

/// Segments in the folder by first record; of a log that has become an archive, the archive. A log whose header was never
/// written (the power or the room went while it was made) holds nothing and is passed over.
fn segment_files(disk: &dyn Disk, dir: &Path) -> io::Result<Vec<(u64, Kind)>> {
    let mut names = Vec::new();
    for (seq, kind) in disk.list(dir)?.iter().filter_map(|name| parse_name(name)) {
        if kind == Kind::Archive || is_begun(disk, &dir.join(name(seq, kind)))? {
            names.push((seq, kind));
        }
    }
    names.sort_by_key(|(seq, kind)| (*seq, *kind == Kind::Log));
    names.dedup_by_key(|(seq, _)| *seq);
    Ok(names)
}

fn is_begun(disk: &dyn Disk, path: &Path) -> io::Result<bool> {
    let mut bytes = [0; SEGMENT_HEADER_BYTES];
    let read = disk.open_read(path)?.read_at(&mut bytes, 0)?;
    Ok(read == SEGMENT_HEADER_BYTES && bytes.iter().any(|byte| *byte != 0))
}

struct Walk<'ledger> {
    disk: &'ledger dyn Disk,
    dir: &'ledger Path,
    acknowledged: Option<Cursor>,
    end: Cursor,
    segments: Vec<Segment>,
    damage: Vec<Damage>,
    torn: Option<TornTail>,
    last_log: Option<(u64, u64)>,
}

impl Walk<'_> {
    fn step(&mut self, first_seq: u64, kind: Kind, is_last: bool) -> io::Result<()> {
        let file_name = name(first_seq, kind);
        match kind {
            Kind::Archive => {
                let ends = archive::ends(&*self.disk.open_read(&self.dir.join(&file_name))?)?;
                let Some(ends) = ends.filter(|ends| ends.before.seq + 1 == first_seq) else {
                    self.damaged(first_seq, &file_name, "its header or its index does not hold");
                    // What follows may still be whole: its own header says where it begins.
                    return Ok(());
                };
                self.join(&ends.before, &file_name);
                self.segments.push(Segment::Archive { before: ends.before, last: ends.last });
                self.end = ends.last;
            }
            Kind::Log => self.log(first_seq, &file_name, is_last)?,
        }
        Ok(())
    }

    /// Notes a gap or a break between what came before and a segment that begins after `before`.
    fn join(&mut self, before: &Cursor, segment: &str) {
        let is_first = self.segments.is_empty() && self.damage.is_empty();
        let expected = if is_first { Cursor::START } else { self.end };
        if before.seq > expected.seq {
            let already = self.damage.last().is_some_and(|damage| damage.seq > expected.seq);
            if !already {
                let why = format!("records {} to {} are missing", expected.seq + 1, before.seq);
                self.damaged(expected.seq + 1, segment, &why);
            }
        } else if before.seq < expected.seq || before.hash != expected.hash {
            self.damaged(before.seq + 1, segment, "it does not follow from the segment before it");
        }
    }

    fn log(&mut self, first_seq: u64, file_name: &str, is_last: bool) -> io::Result<()> {
        let bytes = read_all(&*self.disk.open_read(&self.dir.join(file_name))?)?;
        let Some(before) = parse_header(Kind::Log, &bytes).filter(|before| before.seq + 1 == first_seq)
        else {
            self.damaged(first_seq, file_name, "its header does not hold");
            return Ok(());
        };
        self.join(&before, file_name);
        let (index, end, stop) = walk_frames(&bytes, &before);
        let durable_len = index.durable_len;
        self.segments.push(Segment::Log { before, index: Arc::new(RwLock::new(index)) });
        self.end = end;
        let is_whole = match stop {
            None => true,
            // Zeros that were laid down ahead of the records.
            Some(_) if bytes[durable_len as usize..].iter().all(|byte| *byte == 0) => true,
            Some(error) => self.tail(&bytes, durable_len as usize, error, file_name, is_last),
        };
        if is_last && is_whole {
            self.last_log = Some((first_seq, durable_len));
        }
        Ok(())
    }

    /// Decides between a torn tail and damage; answers whether the log may be written on.
    fn tail(&mut self, bytes: &[u8], at: usize, error: FrameError, segment: &str, is_last: bool) -> bool {
        let seq = self.end.seq + 1;
        let is_torn_write =
            matches!(error, FrameError::Short | FrameError::Unwritten | FrameError::Unfinished);
        if is_last && is_torn_write && !self.is_acknowledged(seq) && !was_durable(bytes, at, seq) {
            let cut = (bytes.len() - at) as u64;
            self.torn = Some(TornTail { segment: segment.to_owned(), keep: at as u64, cut });
            return true;
        }
        self.damaged(seq, segment, &error.to_string());
        false
    }

    fn check_acknowledged(&mut self) {
        let Some(acknowledged) = self.acknowledged else { return };
        if acknowledged.seq > self.end.seq && self.damage.is_empty() {
            let why = format!("the ledger ends before record {}, which was acknowledged", acknowledged.seq);
            let segment = self.segments.last().map_or_else(|| head::HEAD_FILE.to_owned(), Segment::name);
            self.damaged(self.end.seq + 1, &segment, &why);
        } else if acknowledged.seq == self.end.seq
            && acknowledged.hash != self.end.hash
            && self.damage.is_empty()
        {
            let segment = self.segments.last().map_or_else(|| head::HEAD_FILE.to_owned(), Segment::name);
            self.damaged(self.end.seq, &segment, "another record was acknowledged under this number");
        }
    }

    fn is_acknowledged(&self, seq: u64) -> bool {
        self.acknowledged.is_some_and(|acknowledged| acknowledged.seq >= seq)
    }

    fn damaged(&mut self, seq: u64, segment: &str, why: &str) {
        self.damage.push(Damage { seq, segment: segment.to_owned(), why: why.to_owned() });
    }

    fn damage_reaches(&self, first_seq: u64) -> bool {
        self.damage.iter().any(|damage| damage.seq >= first_seq)
    }
}

fn walk_frames(bytes: &[u8], before: &Cursor) -> (LogIndex, Cursor, Option<FrameError>) {
    let mut index =
        LogIndex { places: Vec::new(), durable_len: SEGMENT_HEADER_BYTES as u64, last_seq: before.seq };
    let mut cursor = *before;
    let mut whole = (index.durable_len, 0, cursor);
    let mut stop = None;
    while (index.durable_len as usize) < bytes.len() {
        let step = Frame::read(bytes, index.durable_len as usize)
            .and_then(|frame| frame.follows(&cursor).map(|()| (frame.cursor(), frame.size(), frame.more)));
        let more = match step {
            Ok((next, size, more)) => {
                index.push(next.seq, size as u64);
                cursor = next;
                more
            }
            Err(error) => {
                stop = Some(error);
                break;
            }
        };
        if !more {
            whole = (index.durable_len, index.places.len(), cursor);
        }
    }
    if index.durable_len != whole.0 {
        // The end of a request's records is missing: then all of them are.
        index.durable_len = whole.0;
        index.places.truncate(whole.1);
        index.last_seq = whole.2.seq;
        return (index, whole.2, Some(stop.unwrap_or(FrameError::Unfinished)));
    }
    (index, cursor, stop)
}

/// Whether a whole record behind `at` says that record `seq` was durable when it was written.
fn was_durable(bytes: &[u8], at: usize, seq: u64) -> bool {
    (at + 1..bytes.len())
        .filter_map(|offset| Frame::read(bytes, offset).ok())
        .any(|frame| frame.seq > seq && frame.barrier_before() >= seq)
}
