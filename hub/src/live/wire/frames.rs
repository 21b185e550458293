//! WebSocket frames as a server writes them (RFC 6455, section 5.2): made for all screens at once, and followed as they pass.

/// A text frame whose payload is `parts`, one behind the other.
pub(super) fn push_text(out: &mut Vec<u8>, parts: &[&[u8]]) {
    const FINAL_TEXT: u8 = 0x81;
    let len: usize = parts.iter().map(|part| part.len()).sum();
    out.push(FINAL_TEXT);
    match len {
        0..=125 => out.push(len as u8),
        126..=0xFFFF => {
            out.push(126);
            out.extend_from_slice(&(len as u16).to_be_bytes());
        }
        _ => {
            out.push(127);
            out.extend_from_slice(&(len as u64).to_be_bytes());
        }
    }
    for part in parts {
        out.extend_from_slice(part);
    }
}

/// First bytes of a payload that are kept to tell one frame from another.
pub(super) const START_BYTES: usize = 64;
const HEAD_BYTES_MAX: usize = 10;

/// Where one is in a stream of frames, however they are cut up on the way.
#[derive(Debug, Default)]
pub(super) struct Tracker {
    head: Vec<u8>,
    /// Payload bytes of this frame that have yet to come.
    left: u64,
    start: Vec<u8>,
}

impl Tracker {
    /// Whether the last frame is whole and the next one has not begun.
    pub(super) fn is_between(&self) -> bool {
        self.head.is_empty()
    }

    /// Follows bytes that have been written; `ended` hears of the first bytes of each payload as its frame ends.
    pub(super) fn follow(&mut self, mut bytes: &[u8], mut ended: impl FnMut(&[u8])) {
        while let Some((first, rest)) = bytes.split_first() {
            if self.len().is_none() {
                self.head.push(*first);
                bytes = rest;
                let Some(len) = self.len() else { continue };
                self.left = len;
            } else {
                let taken = bytes.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
                let wanted = START_BYTES - self.start.len();
                self.start.extend_from_slice(&bytes[..taken.min(wanted)]);
                self.left -= taken as u64;
                bytes = &bytes[taken..];
            }
            if self.left == 0 {
                ended(&self.start);
                self.head.clear();
                self.start.clear();
            }
        }
    }

    /// Length of the payload, once the head is whole.
    fn len(&self) -> Option<u64> {
        debug_assert!(self.head.len() <= HEAD_BYTES_MAX);
        let len = u64::from(self.head.get(1)? & 0x7F);
        match (len, &self.head[2..]) {
            (126, [high, low]) => Some(u64::from(u16::from_be_bytes([*high, *low]))),
            (127, extended) => Some(u64::from_be_bytes(extended.try_into().ok()?)),
            (126, _) => None,
            (len, _) => Some(len),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn frames_are_told_apart_however_they_are_cut(
            lens in prop::collection::vec(prop_oneof![0..200_usize, 65_530..65_540_usize], 1..6),
            cuts in prop::collection::vec(1..70_000_usize, 1..12),
        ) {
            let payloads: Vec<Vec<u8>> =
                lens.iter().enumerate().map(|(at, len)| vec![b'a' + at as u8; *len]).collect();
            let mut bytes = Vec::new();
            let mut ends = Vec::new();
            for payload in &payloads {
                push_text(&mut bytes, &[payload]);
                ends.push(bytes.len());
            }
            let mut tracker = Tracker::default();
            let mut starts: Vec<Vec<u8>> = Vec::new();
            let mut at = 0;
            for cut in cuts.iter().cycle() {
                let to = (at + cut).min(bytes.len());
                tracker.follow(&bytes[at..to], |start| starts.push(start.to_vec()));
                at = to;
                prop_assert_eq!(tracker.is_between(), ends.contains(&at));
                if at == bytes.len() {
                    break;
                }
            }
            let expected: Vec<Vec<u8>> =
                payloads.iter().map(|payload| payload[..payload.len().min(START_BYTES)].to_vec()).collect();
            prop_assert_eq!(starts, expected);
        }
    }
}
