//! Connections, and a way to write live messages into them that costs a screen one call and no copy.
//!
//! The library encodes, queues and frames every packet for every socket by itself, which is most of what a delivery costs. A
//! message is the same bytes for all screens, so the publisher makes its frames once (`frames`) and each screen's [`Line`] puts
//! them into the connection, between two frames of the library's own. What the library has to say beside it (answers,
//! pings, catching up) goes on through the library.
//!
//! **Promise.** Frames are never mixed. What is pushed goes out in the order pushed, and before anything that the library
//! writes after it. A line is closed at first: what is pushed waits until a frame of the library's that begins with a given
//! mark has gone out whole ([`Line::open_behind`]), so that a screen which changes over hears everything in order.
//! **Limits.** At most [`WAITING_BYTES_MAX`] wait for a slow screen. Lines are there for `WebSocket` on plain TCP; the library sends
//! to other screens. The line of an encrypted connection is sealed: it can only break it.

mod frames;
mod switchboard;

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, ready};

use axum::body::Bytes;
use rustix::net::Shutdown;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use self::frames::Tracker;
pub(super) use self::switchboard::Switchboard;

/// Bytes that wait for a screen before it leaves the stream; they are shared with every other screen.
const WAITING_BYTES_MAX: usize = 4 << 20;
/// Longest head of an answer that changes over to WebSocket.
const HEAD_BYTES_MAX: usize = 8 << 10;
/// Most pieces that are written at once.
const SLICES_MAX: usize = 16;
const HEAD_END: &[u8] = b"\r\n\r\n";

/// One event as the library would write it: a Socket.IO event of the main namespace, in a text frame. `content` is JSON.
pub(super) fn push_event(out: &mut Vec<u8>, name: &str, content: &[&str]) {
    let mut parts: Vec<&[u8]> = vec![b"42[\"", name.as_bytes(), b"\","];
    parts.extend(content.iter().map(|part| part.as_bytes()));
    parts.push(b"]");
    frames::push_text(out, &parts);
}

/// The same, alone.
pub(super) fn event(name: &str, content: &serde_json::Value) -> Bytes {
    let mut frame = Vec::new();
    push_event(&mut frame, name, &[&content.to_string()]);
    frame.into()
}

/// How the frame of an event begins whose content begins so.
pub(super) fn mark(name: &str, content: &str) -> Vec<u8> {
    let mark = format!("42[\"{name}\",{content}").into_bytes();
    debug_assert!(mark.len() <= frames::START_BYTES);
    mark
}

/// A connection.
#[derive(Debug)]
pub struct Wire(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    stream: TcpStream,
    state: Mutex<State>,
}

/// What passes through a connection.
#[derive(Debug, Default)]
enum Mode {
    /// HTTP.
    #[default]
    Http,
    /// What has been encrypted: nothing can be put between.
    Sealed,
    /// The head of the answer that changes over, as far as it has passed.
    ChangingOver(Vec<u8>),
    /// Frames.
    Frames,
    /// Nothing any more.
    Gone,
}

#[derive(Debug, Default)]
struct State {
    mode: Mode,
    tracker: Tracker,
    /// How the frame begins behind which the line opens.
    mark: Option<Vec<u8>>,
    is_open: bool,
    waiting: VecDeque<Bytes>,
    waiting_bytes: usize,
    /// Part of the first that waits has gone out.
    is_cut: bool,
    /// Somebody waits for room.
    is_draining: bool,
}

/// Why a line takes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineError {
    /// Too much waits already.
    Full,
    /// The connection is gone.
    Gone,
}

/// Writes frames into a connection.
#[derive(Debug, Clone)]
pub struct Line(Weak<Shared>);

impl Wire {
    /// A connection; the line of one whose bytes are encrypted before they come here can only break it.
    #[must_use]
    pub fn new(stream: TcpStream, is_encrypted: bool) -> Self {
        // A live message is small and urgent.
        let _ = stream.set_nodelay(true);
        let mode = if is_encrypted { Mode::Sealed } else { Mode::Http };
        Self(Arc::new(Shared { stream, state: Mutex::new(State { mode, ..State::default() }) }))
    }

    /// The connection's line.
    #[must_use]
    pub fn line(&self) -> Line {
        Line(Arc::downgrade(&self.0))
    }
}

impl Line {
    /// The answer that is about to be written changes over to WebSocket.
    fn change_over(&self) {
        if let Some(shared) = self.0.upgrade() {
            let mut state = shared.lock();
            if matches!(state.mode, Mode::Http) {
                state.mode = Mode::ChangingOver(Vec::new());
            }
        }
    }

    /// Closes the line until a frame that begins with `mark` has gone out; answers whether the line can be used from there on.
    pub(super) fn open_behind(&self, mark: Vec<u8>) -> bool {
        let Some(shared) = self.0.upgrade() else { return false };
        let mut state = shared.lock();
        // What waits still must go before that frame.
        if !matches!(state.mode, Mode::Frames) || !state.waiting.is_empty() {
            return false;
        }
        state.is_open = false;
        state.mark = Some(mark);
        true
    }

    /// Whether something waits for the line to open: the library must not write a message before it.
    pub(super) fn is_holding(&self) -> bool {
        self.0.upgrade().is_some_and(|shared| {
            let state = shared.lock();
            !state.is_open && !state.waiting.is_empty()
        })
    }

    /// Breaks the connection; nothing that waits is sent any more.
    pub(super) fn cut(&self) {
        if let Some(shared) = self.0.upgrade() {
            shared.lock().end();
            let _ = rustix::net::shutdown(&shared.stream, Shutdown::Both);
        }
    }

    /// Bytes that wait for room.
    pub(super) fn waiting_bytes(&self) -> usize {
        self.0.upgrade().map_or(0, |shared| shared.lock().waiting_bytes)
    }

    /// Sends whole frames, or keeps them until there is room.
    pub(super) fn push(&self, frames: &Bytes) -> Result<(), LineError> {
        let shared = self.0.upgrade().ok_or(LineError::Gone)?;
        let mut state = shared.lock();
        if matches!(state.mode, Mode::Gone) {
            return Err(LineError::Gone);
        }
        if state.waiting_bytes + frames.len() > WAITING_BYTES_MAX {
            return Err(LineError::Full);
        }
        let mut left = frames.clone();
        if state.may_send() && state.waiting.is_empty() {
            match shared.stream.try_write(frames) {
                Ok(written) if written == frames.len() => return Ok(()),
                Ok(written) => {
                    left = frames.slice(written..);
                    state.is_cut = written > 0;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => {
                    state.end();
                    return Err(LineError::Gone);
                }
            }
        }
        state.waiting_bytes += left.len();
        state.waiting.push_back(left);
        shared.send_waiting(&mut state);
        Ok(())
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends what waits where that may be sent now, and sees to the rest.
    fn send_waiting(self: &Arc<Self>, state: &mut State) {
        match self.flush(state) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                if !state.is_draining {
                    state.is_draining = true;
                    tokio::spawn(Self::drain(Arc::clone(self)));
                }
            }
            Err(_) => state.end(),
            Ok(()) => {}
        }
    }

    /// Writes what waits; an error says that the connection has no room, or is gone.
    fn flush(&self, state: &mut State) -> io::Result<()> {
        while !state.waiting.is_empty() && (state.is_cut || state.may_send()) {
            let slices: Vec<IoSlice<'_>> =
                state.waiting.iter().take(SLICES_MAX).map(|frames| IoSlice::new(frames)).collect();
            let written = self.stream.try_write_vectored(&slices)?;
            state.sent(written);
        }
        Ok(())
    }

    /// Sends what waits as there is room.
    async fn drain(self: Arc<Self>) {
        loop {
            let is_there = self.stream.writable().await.is_ok();
            let mut state = self.lock();
            match self.flush(&mut state) {
                Err(error) if is_there && error.kind() == io::ErrorKind::WouldBlock => {}
                outcome => {
                    state.is_draining = false;
                    if outcome.is_err() {
                        state.end();
                    }
                    return;
                }
            }
        }
    }

    /// Writes for the library, behind what waits.
    fn write(self: &Arc<Self>, buffers: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut state = self.lock();
        self.flush(&mut state)?;
        let written = self.stream.try_write_vectored(buffers)?;
        let mut left = written;
        for buffer in buffers {
            let passed = left.min(buffer.len());
            state.passed(&buffer[..passed]);
            left -= passed;
        }
        self.send_waiting(&mut state);
        Ok(written)
    }
}

impl State {
    /// Whether a frame may begin here.
    fn may_send(&self) -> bool {
        self.is_open && self.tracker.is_between()
    }

    /// Bytes of what waits have gone out.
    fn sent(&mut self, mut bytes: usize) {
        self.waiting_bytes -= bytes;
        self.is_cut = false;
        while bytes > 0 {
            let Some(first) = self.waiting.front_mut() else { return };
            if bytes < first.len() {
                let _ = first.split_to(bytes);
                self.is_cut = true;
                return;
            }
            bytes -= first.len();
            self.waiting.pop_front();
        }
    }

    /// The library's bytes have gone out.
    fn passed(&mut self, bytes: &[u8]) {
        match &mut self.mode {
            Mode::Http | Mode::Sealed | Mode::Gone => {}
            Mode::ChangingOver(head) => {
                head.extend_from_slice(bytes);
                // An answer before it may still be on its way.
                let Some(start) = find(head, b"HTTP/1.1 101 ") else { return };
                if let Some(at) = find(&head[start..], HEAD_END) {
                    let behind = head.split_off(start + at + HEAD_END.len());
                    self.mode = Mode::Frames;
                    self.passed(&behind);
                } else if head.len() > HEAD_BYTES_MAX {
                    self.mode = Mode::Http;
                }
            }
            Mode::Frames => {
                let Self { tracker, mark, is_open, .. } = self;
                tracker.follow(bytes, |start| {
                    if mark.as_ref().is_some_and(|mark| start.starts_with(mark)) {
                        *mark = None;
                        *is_open = true;
                    }
                });
            }
        }
    }

    fn end(&mut self) {
        *self = Self { mode: Mode::Gone, ..Self::default() };
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|here| here == wanted)
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.0.lock().end();
        // Whoever still waits for room hears of it, and lets the connection go.
        let _ = rustix::net::shutdown(&self.0.stream, Shutdown::Both);
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            ready!(self.0.stream.poll_read_ready(context))?;
            match self.0.stream.try_read(buffer.initialize_unfilled()) {
                Ok(read) => {
                    buffer.advance(read);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.0.stream.poll_write_ready(context))?;
            match self.0.write(buffers) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                written => return Poll::Ready(written),
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(rustix::net::shutdown(&self.0.stream, Shutdown::Write).map_err(io::Error::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    const HEAD: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n";

    fn frame(text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        frames::push_text(&mut bytes, &[text.as_bytes()]);
        bytes
    }

    /// A connection that has changed over, its line, and the other end.
    async fn changed_over() -> (Wire, Line, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (mut other, accepted) = tokio::join!(TcpStream::connect(at), listener.accept());
        let mut wire = Wire::new(accepted.unwrap().0, false);
        let line = wire.line();
        assert!(!line.open_behind(b"too early".to_vec()), "HTTP has no frames");
        line.change_over();
        wire.write_all(HEAD).await.unwrap();
        let mut head = vec![0; HEAD.len()];
        other.as_mut().unwrap().read_exact(&mut head).await.unwrap();
        (wire, line, other.unwrap())
    }

    async fn heard(other: &mut TcpStream, bytes: usize) -> Vec<u8> {
        let mut heard = vec![0; bytes];
        other.read_exact(&mut heard).await.unwrap();
        heard
    }

    #[tokio::test]
    async fn what_is_pushed_waits_for_its_mark_and_goes_between_frames() {
        let (mut wire, line, mut other) = changed_over().await;
        assert!(line.open_behind(b"mark".to_vec()));
        let pushed = Bytes::from(frame("pushed"));
        line.push(&pushed).unwrap();
        assert!(line.is_holding());
        // Another frame, and the first half of the one that is waited for.
        let marked = frame("marked text");
        let (half, rest) = marked.split_at(6);
        wire.write_all(&[&frame("other")[..], half].concat()).await.unwrap();
        assert!(line.is_holding());
        wire.write_all(rest).await.unwrap();
        assert!(!line.is_holding());
        line.push(&pushed).unwrap();
        let expected = [&frame("other")[..], &marked, &pushed, &pushed].concat();
        assert_eq!(heard(&mut other, expected.len()).await, expected);
    }

    #[tokio::test]
    async fn a_sealed_line_takes_nothing_and_can_break_the_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut other = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let mut wire = Wire::new(listener.accept().await.unwrap().0, true);
        let line = wire.line();
        line.change_over();
        wire.write_all(HEAD).await.unwrap();
        assert!(!line.open_behind(b"mark".to_vec()));
        line.cut();
        let mut heard = Vec::new();
        other.read_to_end(&mut heard).await.unwrap();
        assert_eq!(heard, HEAD);
    }

    #[tokio::test]
    async fn a_reader_that_stops_fills_the_line_and_loses_nothing_that_was_taken() {
        let (mut wire, line, mut other) = changed_over().await;
        assert!(line.open_behind(b"mark".to_vec()));
        wire.write_all(&frame("mark")).await.unwrap();
        let pushed = Bytes::from(frame(&"x".repeat(100_000)));
        let mut taken = 0;
        while line.push(&pushed).is_ok() {
            taken += 1;
            assert!(taken < 1_000, "it is never full");
        }
        assert_eq!(line.push(&pushed), Err(LineError::Full));
        // The library's own goes behind what waits.
        let (last, expected) = (frame("last"), [&frame("mark")[..], &pushed.repeat(taken)].concat());
        let (written, heard) =
            tokio::join!(wire.write_all(&last), heard(&mut other, expected.len() + last.len()));
        written.unwrap();
        assert!(heard == [expected, last].concat(), "frames were mixed, lost or moved");
    }

    #[tokio::test]
    async fn a_line_that_is_cut_or_dropped_takes_nothing_and_the_other_end_hears_of_it() {
        for is_dropped in [false, true] {
            let (wire, line, mut other) = changed_over().await;
            if is_dropped {
                drop(wire);
            } else {
                line.cut();
            }
            assert_eq!(line.push(&Bytes::from(frame("late"))), Err(LineError::Gone));
            assert_eq!(other.read(&mut [0; 8]).await.unwrap(), 0);
        }
    }
}
