//! A connection as HTTP reads and writes it, with an end to what never ends: a head that trickles in, an answer that nobody takes.
//!
//! The library has one time for a request's head and for the pause before it; a pause may be long and a head may not, so
//! the head is timed here. What has changed over to `WebSocket` is left alone: pings find out whether anybody is there.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::turnstile::Permit;

/// From the first byte of a request to the end of its head.
pub(super) const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How long nothing of an answer may be taken.
const TAKEN_WITHIN: Duration = Duration::from_mins(1);

/// Where a connection is.
#[derive(Debug, Default)]
pub(super) struct Phase(AtomicU8);

/// Nothing has been said yet.
const FRESH: u8 = 0;
/// A head comes in.
const HEAD: u8 = 1;
/// A request is in hand.
const BUSY: u8 = 2;
/// Between two requests.
const IDLE: u8 = 3;
/// It is HTTP no more.
const CHANGED_OVER: u8 = 4;

impl Phase {
    fn is(&self, phase: u8) -> bool {
        self.0.load(Ordering::Relaxed) == phase
    }

    fn set(&self, phase: u8) {
        self.0.store(phase, Ordering::Relaxed);
    }

    /// A request is in hand.
    pub(super) fn begin(&self) {
        self.set(BUSY);
    }

    /// It has been answered.
    pub(super) fn end(&self, has_changed_over: bool) {
        self.set(if has_changed_over { CHANGED_OVER } else { IDLE });
    }

    /// Whether nothing was ever said: browsers open such connections ahead.
    pub(super) fn is_fresh(&self) -> bool {
        self.is(FRESH)
    }
}

/// A connection.
#[derive(Debug)]
pub(super) struct Conduit<S> {
    stream: S,
    phase: Arc<Phase>,
    head_ends: Option<Pin<Box<Sleep>>>,
    taking_ends: Option<Pin<Box<Sleep>>>,
    _permit: Permit,
}

impl<S> Conduit<S> {
    pub(super) fn new(stream: S, phase: Arc<Phase>, permit: Permit) -> Self {
        Self { stream, phase, head_ends: None, taking_ends: None, _permit: permit }
    }

    /// The end of a write that nobody takes, once it has come.
    fn waited(&mut self, context: &mut Context<'_>) -> bool {
        if self.phase.is(CHANGED_OVER) {
            return false;
        }
        let ends = self.taking_ends.get_or_insert_with(|| Box::pin(sleep(TAKEN_WITHIN)));
        ends.as_mut().poll(context).is_ready()
    }

    fn written<T>(&mut self, outcome: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.taking_ends = None;
        } else if self.waited(context) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        outcome
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Conduit<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut this.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            if this.phase.is(FRESH) || this.phase.is(IDLE) {
                this.phase.set(HEAD);
                this.head_ends = Some(Box::pin(sleep(HEAD_WITHIN)));
            }
        } else if !this.phase.is(HEAD) {
            this.head_ends = None;
        } else if let Some(ends) = this.head_ends.as_mut().filter(|_| outcome.is_pending())
            && ends.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        outcome
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Conduit<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.written(outcome, context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_write_vectored(context, buffers);
        this.written(outcome, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_flush(context);
        this.written(outcome, context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_shutdown(context);
        this.written(outcome, context)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Turnstile;
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    const SHORT: Duration = Duration::from_millis(50);

    /// A connection in some phase, of which little fits, and its other end.
    fn connection(phase: u8) -> (Conduit<DuplexStream>, DuplexStream) {
        let (here, there) = duplex(4);
        let permit = Turnstile::new(1, 1).admit([127, 0, 0, 1].into()).unwrap();
        let shared = Arc::new(Phase::default());
        shared.set(phase);
        (Conduit::new(here, shared, permit), there)
    }

    #[tokio::test]
    async fn an_answer_that_nobody_takes_ends_and_a_screen_that_pauses_does_not() {
        for (phase, ends) in [(BUSY, true), (IDLE, true), (CHANGED_OVER, false)] {
            let (mut conduit, _there) = connection(phase);
            conduit.write_all(b"full").await.unwrap();
            conduit.taking_ends = Some(Box::pin(sleep(SHORT)));
            let written = tokio::time::timeout(SHORT * 4, conduit.write_all(b"more")).await;
            match written {
                Ok(written) => assert!(ends && written.unwrap_err().kind() == io::ErrorKind::TimedOut),
                Err(_) => assert!(!ends, "phase {phase}"),
            }
        }
    }

    #[tokio::test]
    async fn a_head_has_a_time_of_its_own_that_no_byte_prolongs() {
        let (mut conduit, mut there) = connection(IDLE);
        there.write_all(b"GE").await.unwrap();
        assert_eq!(conduit.read_u16().await.unwrap().to_be_bytes(), *b"GE");
        assert!(conduit.phase.is(HEAD) && conduit.head_ends.is_some());
        conduit.head_ends = Some(Box::pin(sleep(SHORT)));
        let trickling = tokio::spawn(async move {
            let mut every = tokio::time::interval(SHORT / 10);
            while there.write_all(b"T").await.is_ok() {
                every.tick().await;
            }
        });
        let error = conduit.read_to_end(&mut Vec::new()).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(conduit);
        trickling.await.unwrap();
    }

    #[tokio::test]
    async fn a_request_in_hand_and_a_pause_have_no_such_time() {
        for phase in [FRESH, BUSY, IDLE, CHANGED_OVER] {
            let (mut conduit, _there) = connection(phase);
            conduit.head_ends = Some(Box::pin(sleep(Duration::ZERO)));
            let read = tokio::time::timeout(SHORT, conduit.read_u8()).await;
            assert!(read.is_err() && conduit.head_ends.is_none(), "phase {phase}");
        }
    }
}
