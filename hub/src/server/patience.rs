//! A request's body, with an end to one that trickles in.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// How long the next piece may take.
const PIECE_WITHIN: Duration = Duration::from_secs(20);
/// How long the whole may take: the largest body at the speed of a bad radio link.
const WHOLE_WITHIN: Duration = Duration::from_mins(2);

#[derive(Debug, Clone, Copy)]
struct Limits {
    piece: Duration,
    whole: Duration,
}

/// A body that ends in an error when it takes too long.
#[derive(Debug)]
pub(super) struct Patience<B = Incoming> {
    body: B,
    piece_within: Duration,
    whole_by: Instant,
    ends: Option<Pin<Box<Sleep>>>,
    has_ended: Arc<AtomicBool>,
}

impl<B> Patience<B> {
    /// The body, and whether it took too long, to be asked when the request has been answered.
    pub(super) fn new(body: B) -> (Self, Arc<AtomicBool>) {
        Self::with(body, Limits { piece: PIECE_WITHIN, whole: WHOLE_WITHIN })
    }

    fn with(body: B, limits: Limits) -> (Self, Arc<AtomicBool>) {
        let has_ended = Arc::new(AtomicBool::new(false));
        let patience = Self {
            body,
            piece_within: limits.piece,
            whole_by: Instant::now() + limits.whole,
            ends: None,
            has_ended: Arc::clone(&has_ended),
        };
        (patience, has_ended)
    }
}

impl<B> Body for Patience<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<axum::BoxError>,
{
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        let this = self.get_mut();
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) {
            this.ends = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let by = this.whole_by.min(Instant::now() + this.piece_within);
        let ends = this.ends.get_or_insert_with(|| Box::pin(sleep_until(by)));
        ready!(ends.as_mut().poll(context));
        this.has_ended.store(true, Ordering::Relaxed);
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use tokio::sync::mpsc;

    /// Gives a byte whenever it is told to.
    struct Trickle(mpsc::Receiver<()>);

    impl Body for Trickle {
        type Data = Bytes;
        type Error = io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
            self.0.poll_recv(context).map(|told| told.map(|()| Ok(Frame::data(Bytes::from_static(b"x")))))
        }
    }

    const NEVER: Duration = Duration::from_hours(1);

    /// Bytes that came through when `count` are given, one each so often, and whether it was ended.
    async fn drink(count: usize, every: Duration, limits: Limits) -> (usize, bool) {
        let (tell, told) = mpsc::channel(1);
        let teller = tokio::spawn(async move {
            let mut every = tokio::time::interval(every);
            every.tick().await;
            for _ in 0..count {
                every.tick().await;
                if tell.send(()).await.is_err() {
                    return;
                }
            }
        });
        let (mut body, has_ended) = Patience::with(Trickle(told), limits);
        let mut bytes = 0;
        while let Some(Ok(_)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            bytes += 1;
        }
        teller.abort();
        (bytes, has_ended.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn a_body_that_trickles_in_ends_and_one_that_flows_does_not() {
        let short = Duration::from_millis(50);
        let flows = drink(20, Duration::from_millis(1), Limits { piece: NEVER, whole: NEVER }).await;
        assert_eq!(flows, (20, false));
        let stands = drink(20, NEVER, Limits { piece: short, whole: NEVER }).await;
        assert_eq!(stands, (0, true));
        // Each piece in time, and yet never done.
        let (bytes, is_ended) =
            drink(usize::MAX, Duration::from_millis(5), Limits { piece: NEVER, whole: short }).await;
        assert!(bytes > 0 && is_ended);
    }
}
