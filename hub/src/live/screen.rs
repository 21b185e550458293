//! A screen, and the two ways to it: its line where it has one, the library where not.

use axum::body::Bytes;
use socketioxide::extract::SocketRef;

use super::message::{Outgoing, Sent};
use super::wire::{Line, LineError, Switchboard};

/// A screen that hears of everything.
pub(super) struct Screen {
    pub(super) socket: SocketRef,
    pub(super) follows_ledger: bool,
    /// The last message sent to it.
    pub(super) last_sent: u64,
    /// Where its frames go; none while the library sends to it.
    line: Option<Line>,
}

/// Where a screen stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The last record that it needs nothing more of.
    pub(super) seq: u64,
    /// The last message that it was sent.
    pub(super) last_sent: u64,
    /// Whether the old event of the next message has been sent already.
    pub(super) half: bool,
}

/// Messages that follow each other, for all screens.
pub(super) struct Bundle<'messages> {
    messages: &'messages [Outgoing<'messages>],
    /// All of them as frames, and each; none where one carries binary.
    frames: Option<(Bytes, Vec<Bytes>)>,
}

impl<'messages> Bundle<'messages> {
    /// Messages in runs that can be sent in the same way.
    pub(super) fn runs(messages: &'messages [Outgoing<'messages>]) -> impl Iterator<Item = Self> {
        messages.chunk_by(|one, next| one.is_plain() == next.is_plain()).map(Self::of)
    }

    fn of(messages: &'messages [Outgoing<'messages>]) -> Self {
        let mut bytes = Vec::new();
        let mut ends = Vec::with_capacity(messages.len());
        let is_plain = messages.iter().all(|message| {
            let is_plain = message.push_frames(&mut bytes);
            ends.push(bytes.len());
            is_plain
        });
        let frames = is_plain.then(|| {
            let all = Bytes::from(bytes);
            let starts = std::iter::once(0).chain(ends.iter().copied());
            let each = starts.zip(&ends).map(|(start, end)| all.slice(start..*end)).collect();
            (all, each)
        });
        Self { messages, frames }
    }

    /// The messages with their frames.
    pub(super) fn each(&self) -> impl Iterator<Item = (&Outgoing<'messages>, Option<&Bytes>)> {
        let frames = self.frames.as_ref().map(|(_, each)| each);
        self.messages.iter().enumerate().map(move |(at, message)| (message, frames.map(|each| &each[at])))
    }
}

impl Screen {
    /// A screen that the library sends to until its line can be used.
    pub(super) fn new(socket: SocketRef, follows_ledger: bool) -> Self {
        Self { socket, follows_ledger, last_sent: 0, line: None }
    }

    /// Sends messages. On an error the place answered is behind what was sent.
    pub(super) fn send(
        &mut self,
        bundle: &Bundle<'_>,
        switchboard: &Switchboard,
    ) -> Result<(), (Sent, Place)> {
        let (first, last) = (&bundle.messages[0], &bundle.messages[bundle.messages.len() - 1]);
        let before = Place { seq: first.seq - 1, last_sent: self.last_sent, half: false };
        if let (Some(line), Some((all, _))) = (&self.line, &bundle.frames) {
            line.push(all).map_err(|error| (sent(Err(error)), before))?;
            self.last_sent = last.seq;
            return Ok(());
        }
        for (message, frames) in bundle.each() {
            let place = Place { seq: message.seq - 1, last_sent: self.last_sent, half: false };
            match self.send_one(message, frames, false, switchboard) {
                Sent::Whole => {}
                Sent::Full { half } => return Err((Sent::Full { half }, Place { half, ..place })),
                Sent::Gone => return Err((Sent::Gone, place)),
            }
        }
        Ok(())
    }

    /// Sends one message; only its second half where the first has gone before.
    pub(super) fn send_one(
        &mut self,
        message: &Outgoing<'_>,
        frames: Option<&Bytes>,
        first_half_is_sent: bool,
        switchboard: &Switchboard,
    ) -> Sent {
        let outcome = if let (Some(line), Some(frames)) = (&self.line, frames) {
            sent(line.push(frames))
        } else {
            let line = switchboard.line_of(&self.socket);
            if line.as_ref().is_some_and(Line::is_holding) {
                // What the line holds comes first.
                Sent::Full { half: false }
            } else {
                // Binary travels in packets of its own, which the library makes. Behind any other message the line opens.
                let line = line.filter(|line| frames.is_some() && line.open_behind(message.mark()));
                self.line = line;
                message.send(&self.socket, first_half_is_sent)
            }
        };
        match outcome {
            Sent::Whole => self.last_sent = message.seq,
            // Whatever comes next begins with the library again.
            Sent::Full { .. } | Sent::Gone => self.line = None,
        }
        outcome
    }

    /// Bytes that wait for room in its connection; what waits with the library is not known.
    pub(super) fn waiting_bytes(&self, switchboard: &Switchboard) -> usize {
        let line = self.line.clone().or_else(|| switchboard.line_of(&self.socket));
        line.map_or(0, |line| line.waiting_bytes())
    }

    /// Breaks its connection, where that is ours to break.
    pub(super) fn cut(&self, switchboard: &Switchboard) {
        if let Some(line) = switchboard.line_of(&self.socket) {
            line.cut();
        }
    }

    /// Says something beside the messages, behind every one that it was sent: as the frame made of it, or by the library.
    pub(super) fn tell(&self, name: &'static str, content: &serde_json::Value, frame: &Bytes) {
        let _ = match &self.line {
            Some(line) => line.push(frame).is_ok(),
            None => self.socket.emit(name, content).is_ok(),
        };
    }
}

fn sent(pushed: Result<(), LineError>) -> Sent {
    match pushed {
        Ok(()) => Sent::Whole,
        Err(LineError::Full) => Sent::Full { half: false },
        Err(LineError::Gone) => Sent::Gone,
    }
}
