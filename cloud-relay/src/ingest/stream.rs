//! One hub's connection: its first frame, its batches, its silence and its end.

use std::collections::VecDeque;
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::chain::Cursor;
use protocol::frame::{
    BATCH_RECORDS_MAX, Batch, FRAME_VERSION, FrameError, Hello, HubFrame, Refused, RelayFrame, Welcome,
    decode, encode,
};
use sqlx::PgPool;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinSet;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};

use super::batch::Incoming;
use super::postgres::{self, Standing};
use super::round::{self, Ended, busy};
use super::{Ingest, Session, Told};
use crate::db::DbError;

/// How long the first frame may take.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// How long a batch waits for room before the hub is told to come again.
const ROOM_WITHIN: Duration = Duration::from_secs(5);
/// How long the other may take to answer a close.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// Why a connection ends.
#[derive(Debug)]
enum End {
    /// It is gone.
    Gone,
    /// Words to go with.
    Refused(Refused),
    /// No words: the node stops, or the hub is connected elsewhere.
    Closed(CloseCode),
}

impl From<SocketError> for End {
    fn from(_: SocketError) -> Self {
        Self::Gone
    }
}

impl From<DbError> for End {
    fn from(error: DbError) -> Self {
        log::warn!("uplink: the database does not answer: {error}");
        Self::Refused(busy())
    }
}

type Admission = Pin<Box<dyn Future<Output = Result<Incoming, End>> + Send>>;

/// Speaks with a hub until one of the two has had enough.
pub async fn run<S: AsyncRead + AsyncWrite + Unpin>(
    socket: WebSocketStream<S>,
    session: Session,
    ingest: Arc<Ingest>,
) {
    let beat = interval_of(ingest.options.heartbeat());
    let now = Instant::now();
    let mut stream = Stream {
        socket,
        session,
        ingest: Arc::clone(&ingest),
        have: Cursor::START,
        waiting: VecDeque::new(),
        unacknowledged: 0,
        in_round: 0,
        round: JoinSet::new(),
        admission: None,
        beat,
        heard: now,
        said: now,
    };
    let end = stream.speak().await;
    let hub = session.hub.to_string();
    log::info!("hub.id" = hub.as_str(), "ledger.seq" = stream.have.seq; "uplink ends: {end:?}");
    stream.close(end).await;
}

fn interval_of(heartbeat: Duration) -> Interval {
    // Looked at more often than said, so that neither side's silence is noticed late.
    let mut beat = interval(heartbeat / 4);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat
}

struct Stream<S> {
    socket: WebSocketStream<S>,
    session: Session,
    ingest: Arc<Ingest>,
    have: Cursor,
    /// Batches that have room, and are not on their way to the database yet.
    waiting: VecDeque<Incoming>,
    /// Records that were sent and not answered.
    unacknowledged: usize,
    /// Those of them that the round has.
    in_round: usize,
    /// At most one. It goes with the connection; what it has handed over is committed all the same.
    round: JoinSet<Ended>,
    /// A batch that waits for room. Nothing is read meanwhile.
    admission: Option<Admission>,
    beat: Interval,
    heard: Instant,
    said: Instant,
}

/// What comes next.
enum Next {
    Message(Option<Result<Message, SocketError>>),
    Admitted(Result<Incoming, End>),
    Round(Ended),
    Beat,
    Told,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream<S> {
    async fn speak(&mut self) -> End {
        let ingest = Arc::clone(&self.ingest);
        match self.welcome().await {
            Ok(()) => {}
            Err(end) => return end,
        }
        let mut place = ingest.registry.enter(&self.session);
        // The node may be stopping already.
        place.told.mark_changed();
        loop {
            let is_reading = self.admission.is_none();
            let admission = async {
                match self.admission.as_mut() {
                    Some(admission) => admission.await,
                    None => pending().await,
                }
            };
            let next = tokio::select! {
                Some(ended) = self.round.join_next() => match ended {
                    Ok(ended) => Next::Round(ended),
                    Err(error) => {
                        log::error!("uplink: a round has not ended well: {error}");
                        return End::Refused(busy());
                    }
                },
                admitted = admission => Next::Admitted(admitted),
                _ = place.told.changed() => Next::Told,
                message = self.socket.next(), if is_reading => Next::Message(message),
                _ = self.beat.tick() => Next::Beat,
            };
            let done = match next {
                Next::Message(message) => self.message(message).await,
                Next::Admitted(admitted) => self.admitted(admitted),
                Next::Round(ended) => self.acknowledge(ended).await,
                Next::Beat => self.beat().await,
                Next::Told => {
                    let told = *place.told.borrow_and_update();
                    self.told(told).await
                }
            };
            if let Err(end) = done {
                return end;
            }
            if self.round.is_empty() && !self.waiting.is_empty() {
                let batches = std::mem::take(&mut self.waiting);
                self.in_round = batches.iter().map(|batch| batch.rows.len()).sum();
                self.round.spawn(round::run(Arc::clone(&ingest), self.session, self.have, batches));
            }
        }
    }

    /// The first frame, and its answer.
    async fn welcome(&mut self) -> Result<(), End> {
        let first =
            timeout(HELLO_WITHIN, self.first_frame()).await.map_err(|_| End::Closed(CloseCode::Policy))??;
        let mut room = Vec::new();
        let HubFrame::Hello(hello) = decode(&first, &mut room).map_err(unreadable)? else {
            return Err(malformed("the first frame says who is there"));
        };
        if hello.outlet != self.session.outlet {
            return Err(End::Refused(Refused::OtherOutlet));
        }
        let pool = self.ingest.pool.clone();
        self.have = standing(&pool, &self.session, &hello).await?;
        let software: String =
            hello.software.chars().filter(|letter| !letter.is_control()).take(100).collect();
        postgres::seen(&pool, &self.session, &software).await?;
        let options = &self.ingest.options;
        let welcome = Welcome {
            have: self.have,
            credit: self.ingest.credit(),
            heartbeat_ms: options.heartbeat_ms,
            now_ms: now_ms(),
        };
        self.say(&RelayFrame::Welcome(welcome)).await?;
        let hub = self.session.hub.to_string();
        let (seq, head) = (self.have.seq, hello.head.seq);
        log::info!("hub.id" = hub.as_str(), "ledger.seq" = seq, "ledger.head" = head; "uplink stands");
        Ok(())
    }

    async fn first_frame(&mut self) -> Result<axum::body::Bytes, End> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Binary(bytes))) => return Ok(bytes),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(_)) => return Err(malformed("frames are binary")),
                Some(Err(_)) | None => return Err(End::Gone),
            }
        }
    }

    async fn message(&mut self, message: Option<Result<Message, SocketError>>) -> Result<(), End> {
        let message = message.ok_or(End::Gone)??;
        self.heard = Instant::now();
        let bytes = match message {
            Message::Binary(bytes) => bytes,
            // The library has answered it; the answer is sent with what is said next, or now.
            Message::Ping(_) => {
                let within = self.ingest.options.heartbeat() * 2;
                return timeout(within, self.socket.flush()).await.map_err(|_| End::Gone)?.map_err(End::from);
            }
            Message::Pong(_) | Message::Frame(_) => return Ok(()),
            Message::Close(_) => return Err(End::Gone),
            Message::Text(_) => return Err(malformed("frames are binary")),
        };
        let mut room = Vec::new();
        match decode::<HubFrame<'_>>(&bytes, &mut room).map_err(unreadable)? {
            HubFrame::Batch(batch) => self.batch(&batch),
            HubFrame::Hello(_) => Err(malformed("that was said already")),
            // Documents and figures are not asked for yet; their answers are no error.
            HubFrame::Applied(_) | HubFrame::Heartbeat(_) | HubFrame::Compare(_) => Ok(()),
        }
    }

    fn batch(&mut self, batch: &Batch<'_>) -> Result<(), End> {
        let mut incoming = Incoming::of(batch).map_err(malformed)?;
        self.unacknowledged += incoming.rows.len();
        if self.unacknowledged > self.ingest.options.credit as usize + BATCH_RECORDS_MAX {
            return Err(malformed("more is on its way than there was credit for"));
        }
        let room = Arc::clone(&self.ingest.room);
        let bytes = incoming.bytes() as u32;
        if let Ok(permit) = Arc::clone(&room).try_acquire_many_owned(bytes) {
            incoming.permit = Some(permit);
            self.waiting.push_back(incoming);
        } else {
            self.admission = Some(Box::pin(async move {
                let permit = timeout(ROOM_WITHIN, room.acquire_many_owned(bytes)).await;
                incoming.permit = Some(permit.ok().and_then(Result::ok).ok_or_else(|| End::Refused(busy()))?);
                Ok(incoming)
            }));
        }
        Ok(())
    }

    fn admitted(&mut self, admitted: Result<Incoming, End>) -> Result<(), End> {
        self.admission = None;
        // While nothing was read, nothing was heard.
        self.heard = Instant::now();
        self.waiting.push_back(admitted?);
        Ok(())
    }

    async fn acknowledge(&mut self, ended: Ended) -> Result<(), End> {
        self.have = ended.have;
        self.unacknowledged -= std::mem::take(&mut self.in_round);
        for (seq, why) in ended.aside {
            self.say(&RelayFrame::Quarantined { seq, why }).await?;
        }
        self.say(&RelayFrame::Ack { have: self.have, credit: self.ingest.credit() }).await?;
        ended.refused.map_or(Ok(()), |refused| Err(End::Refused(refused)))
    }

    async fn beat(&mut self) -> Result<(), End> {
        let heartbeat = self.ingest.options.heartbeat();
        if self.admission.is_none() && self.heard.elapsed() > heartbeat * 2 {
            return Err(End::Closed(CloseCode::Policy));
        }
        // A little early rather than late.
        if self.said.elapsed() >= heartbeat * 3 / 4 {
            self.say(&RelayFrame::Heartbeat { now_ms: now_ms() }).await?;
        }
        Ok(())
    }

    async fn told(&mut self, told: Told) -> Result<(), End> {
        match told {
            Told::Nothing => Ok(()),
            Told::Revoked => Err(End::Refused(Refused::Revoked)),
            Told::Replaced => Err(End::Closed(CloseCode::Policy)),
            Told::Drain => {
                // What is on its way is committed and acknowledged before the connection moves to another node.
                while let Some(Ok(ended)) = self.round.join_next().await {
                    self.acknowledge(ended).await?;
                }
                Err(End::Closed(CloseCode::Restart))
            }
        }
    }

    async fn say(&mut self, frame: &RelayFrame<'_>) -> Result<(), End> {
        let message = Message::Binary(encode(frame).into());
        self.said = Instant::now();
        // Somebody who does not take what is sent is not there.
        let within = self.ingest.options.heartbeat() * 2;
        timeout(within, self.socket.send(message)).await.map_err(|_| End::Gone)?.map_err(End::from)
    }

    async fn close(&mut self, end: End) {
        let code = match end {
            End::Gone => return,
            End::Refused(refused) => {
                metrics::counter!("cloud_relay_refused_total").increment(1);
                if self.say(&RelayFrame::Refused(refused)).await.is_err() {
                    return;
                }
                CloseCode::Normal
            }
            End::Closed(code) => code,
        };
        let farewell = async {
            self.socket.close(Some(CloseFrame { code, reason: "".into() })).await?;
            // Until the other has said its own: an end that comes first may destroy the last frame on its way.
            while self.socket.next().await.transpose()?.is_some() {}
            Ok::<_, SocketError>(())
        };
        let _ = timeout(CLOSE_WITHIN, farewell).await;
    }
}

async fn standing(pool: &PgPool, session: &Session, hello: &Hello) -> Result<Cursor, End> {
    match postgres::standing(pool, session).await? {
        None | Some(Standing { is_good: false, .. }) => Err(End::Refused(Refused::Revoked)),
        Some(Standing { stopped: Some(seq), .. }) => Err(End::Refused(Refused::Diverged { seq })),
        // A box that is new has nothing to say yet, and may ask.
        Some(Standing { have, .. })
            if hello.head.seq > 0 && have.seq > 0 && hello.head.epoch < have.epoch =>
        {
            Err(End::Refused(Refused::Fenced { epoch: have.epoch }))
        }
        Some(Standing { have, .. }) => Ok(have),
    }
}

fn malformed(why: &str) -> End {
    End::Refused(Refused::Malformed(why.to_owned()))
}

fn unreadable(error: FrameError) -> End {
    match error {
        FrameError::Version(_) => End::Refused(Refused::Version { newest: FRAME_VERSION }),
        other => malformed(&other.to_string()),
    }
}

fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
