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
