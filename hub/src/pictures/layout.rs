//! How large a file says that it is, and where it ends: read from its outline, before anything is decoded.

use super::kind::Kind;
use super::{PIXELS_MAX, PIXELS_WHOLE_MAX, PictureError, SIDE_MAX};

/// More scans than any camera writes; each is work for all pixels, however little is in it.
const SCANS_MAX: usize = 64;

/// The outline of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Whether it has to be held whole to be read.
    pub(super) is_whole: bool,
    /// Bytes that belong to it.
    pub(super) end: usize,
}

impl Layout {
    /// Refuses what would take too much memory or time.
    pub(super) fn check(&self) -> Result<(), PictureError> {
        let (width, height) = (self.width, self.height);
        let pixels = u64::from(width) * u64::from(height);
        let max = if self.is_whole { PIXELS_WHOLE_MAX } else { PIXELS_MAX };
        if pixels > max {
            Err(PictureError::TooManyPixels(width, height, max))
        } else if !(1..=SIDE_MAX).contains(&width) || !(1..=SIDE_MAX).contains(&height) {
            Err(PictureError::Sides(width, height))
        } else {
            Ok(())
        }
    }
}

/// The outline, where the file is whole.
pub(super) fn of(kind: Kind, bytes: &[u8]) -> Option<Layout> {
    match kind {
        Kind::Jpeg => jpeg(bytes),
        Kind::Png => png(bytes),
        Kind::WebP => webp(bytes),
    }
}

/// Whether what follows a picture is a text or a page. Phones append films and further pictures, which are left behind like all else.
pub(super) fn is_stowaway(tail: &[u8]) -> bool {
    const WORDS: [&[u8]; 4] = [b"<script", b"<?php", b"<html", b"<svg"];
    let head = &tail[..tail.len().min(8)];
    let is_text =
        !head.is_empty() && head.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
    let has_word = |word: &[u8]| tail.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    is_text || WORDS.into_iter().any(has_word)
}

/// Marker by marker, over the scans.
fn jpeg(bytes: &[u8]) -> Option<Layout> {
    let mut at = 2;
    let mut frame = None;
    let mut scans = 0;
    loop {
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        while *bytes.get(at)? == 0xFF {
            at += 1;
        }
        let marker = *bytes.get(at)?;
        at += 1;
        match marker {
            0x01 | 0xD0..=0xD7 => continue,
            0xD9 => break,
            0x00 | 0xD8 => return None,
            _ => {}
        }
        let segment = bytes.get(at..at + usize::from(be16(bytes, at)?))?;
        match marker {
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let size = (u32::from(be16(segment, 5)?), u32::from(be16(segment, 3)?));
                if frame.replace((size, marker)).is_some() {
                    return None;
                }
            }
            0xDA => scans += 1,
            _ => {}
        }
        if segment.len() < 2 || scans > SCANS_MAX {
            return None;
        }
        at += segment.len();
        if marker == 0xDA {
            at += end_of_scan(bytes.get(at..)?)?;
        }
    }
    let ((width, height), marker) = frame.filter(|_| scans > 0)?;
    // Several scans are several passes, whatever the frame calls itself.
    Some(Layout { width, height, is_whole: !matches!(marker, 0xC0 | 0xC1) || scans > 1, end: at })
}

/// Where the marker behind a scan is: what is not a stuffed byte, a restart, or a filling.
fn end_of_scan(bytes: &[u8]) -> Option<usize> {
    let is_marker = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xD0..=0xD7 | 0xFF);
    bytes.windows(2).position(is_marker)
}

/// Chunk by chunk; checksums are the decoder's.
fn png(bytes: &[u8]) -> Option<Layout> {
    let header = bytes.get(8..33).filter(|header| &header[4..8] == b"IHDR")?;
    let (width, height) = (be32(header, 8)?, be32(header, 12)?);
    let mut at = 8;
    loop {
        let len = usize::try_from(be32(bytes, at)?).ok()?;
        let kind = bytes.get(at + 4..at + 8)?;
        at = at.checked_add(len)?.checked_add(12)?;
        if at > bytes.len() {
            return None;
        }
        if kind == b"IEND" {
            return Some(Layout { width, height, is_whole: header[20] != 0, end: at });
        }
    }
}

/// The outer chunk says how long it is, the first inner one how large the picture.
fn webp(bytes: &[u8]) -> Option<Layout> {
    let end = usize::try_from(le32(bytes, 4)?).ok()?.checked_add(8)?;
    let body = bytes.get(20..end)?;
    let le24 =
        |at: usize| Some(u32::from_le_bytes([*body.get(at)?, *body.get(at + 1)?, *body.get(at + 2)?, 0]));
    let (width, height) = match &bytes[12..16] {
        b"VP8X" => (le24(4)? + 1, le24(7)? + 1),
        b"VP8 " => ((le32(body, 6)? & 0x3FFF), ((le32(body, 6)? >> 16) & 0x3FFF)),
        b"VP8L" => {
            let bits = le32(body, 1)?;
            ((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1)
        }
        _ => return None,
    };
    Some(Layout { width, height, is_whole: true, end })
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
