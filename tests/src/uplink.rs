//! A hub's ledger, and a client that sends it up, in the frames of the protocol and as nobody's program: it can also do what no hub
//! would.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::chain::Cursor;
use protocol::event::{Actor, EVENT_VERSION, Envelope, Event};
use protocol::frame::{
    Batch, Health, Hello, HubFrame, Refused, RelayFrame, Stored, UPLINK_PATH, Welcome, decode, encode,
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{interval, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use uuid::Uuid;

use crate::client::Address;
use crate::relay::Claimed;

/// Far beyond what any answer takes, so that a hang is a failure.
const PATIENCE: Duration = Duration::from_secs(30);
/// Pause between two connections of a hub whose relay is gone.
const CONNECT_EVERY: Duration = Duration::from_millis(50);

/// A hub's ledger.
#[derive(Debug, Clone)]
pub struct Ledger {
    records: Vec<(u8, u32, Vec<u8>)>,
    cursors: Vec<Cursor>,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { records: Vec::new(), cursors: vec![Cursor::START] }
    }
}

impl Ledger {
    /// One with so many records, which are unlike any other ledger's.
    #[must_use]
    pub fn with(count: u64) -> Self {
        let mut ledger = Self::default();
        ledger.grow(1, count);
        ledger
    }

    /// Adds records of an epoch.
    pub fn grow(&mut self, epoch: u32, count: u64) {
        for _ in 0..count {
            let envelope = Envelope {
                at_ms: 1_760_000_000_000 + self.head().seq.cast_signed(),
                time_unverified: false,
                actor: Actor::system("test"),
                device: None,
                approval: None,
                keys: Vec::new(),
                event: Event::CategoryRemoved(Uuid::now_v7()),
            };
            self.push(EVENT_VERSION, epoch, postcard::to_extend(&envelope, Vec::new()).expect("it encodes"));
        }
    }

    /// Adds a record of any bytes.
    pub fn push(&mut self, version: u8, epoch: u32, body: Vec<u8>) {
        self.cursors.push(self.head().next(version, epoch, &body));
        self.records.push((version, epoch, body));
    }

    /// A copy of its first records.
    #[must_use]
    pub fn cut(&self, seq: u64) -> Self {
        let n = seq as usize;
        Self { records: self.records[..n].to_vec(), cursors: self.cursors[..=n].to_vec() }
    }

    /// Its last record.
    #[must_use]
    pub fn head(&self) -> Cursor {
        self.cursors[self.cursors.len() - 1]
    }

    /// The place of a record.
    #[must_use]
    pub fn at(&self, seq: u64) -> Cursor {
        self.cursors[seq as usize]
    }

    /// The records behind `from` up to `to`, as they are sent.
    #[must_use]
    pub fn batch(&self, from: u64, to: u64) -> Batch<'_> {
        let records = self.records[from as usize..to as usize].iter();
        Batch {
            before: self.at(from),
            records: records
                .map(|(version, epoch, body)| Stored { version: *version, more: false, epoch: *epoch, body })
                .collect(),
            last: self.at(to).hash,
        }
    }

    /// The last record that this ledger and a relay may have in common: where to go on from.
    #[must_use]
    pub fn common(&self, have: &Cursor) -> u64 {
        if self.cursors.get(have.seq as usize) == Some(have) {
            return have.seq;
        }
        // As a hub does it that was restored: from where its own epoch began.
        let newer = self.cursors.iter().position(|at| at.epoch > have.epoch && at.seq > 0);
        newer.map_or(0, |seq| (seq as u64 - 1).min(have.seq))
    }
}

/// What the relay says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The connection stands.
    Welcome(Welcome),
    /// It does not.
    Refused(Refused),
    /// Committed up to here.
    Ack(Cursor),
    /// A record was set aside.
    Quarantined(u64, String),
    /// Nothing else was to be said.
    Heartbeat,
    /// The connection has ended.
    Closed,
}

/// A connection.
#[derive(Debug)]
pub struct Uplink<S = TcpStream> {
    socket: WebSocketStream<S>,
}

impl Uplink {
    /// Connects with a credential; the status where there is no upgrade, none where there is no relay.
    pub async fn connect(address: SocketAddr, credential: &str) -> Result<Self, Option<u16>> {
        let stream = TcpStream::connect(address).await.map_err(|_| None)?;
        stream.set_nodelay(true).map_err(|_| None)?;
        Self::over(stream, &format!("ws://{address}"), credential).await
    }

    /// Connects, says who is there, and is welcome.
    ///
    /// # Panics
    /// Where it is not.
    pub async fn open(address: &Address, hub: &Claimed, ledger: &Ledger) -> (Self, Welcome) {
        let mut uplink = Self::connect(address.get(), &hub.credential()).await.expect("an upgrade");
        uplink.hello(hub.outlet, ledger.head()).await;
        match uplink.next().await {
            Said::Welcome(welcome) => (uplink, welcome),
            other => panic!("not welcome: {other:?}"),
        }
    }

    /// Connects and says who is there; answers with which words it is refused.
    ///
    /// # Panics
    /// Where it is welcome.
    pub async fn refused(address: &Address, hub: &Claimed, ledger: &Ledger) -> Refused {
        let mut uplink = Self::connect(address.get(), &hub.credential()).await.expect("an upgrade");
        uplink.hello(hub.outlet, ledger.head()).await;
        uplink.refusal().await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Uplink<S> {
    /// Connects over something that stands already.
    pub async fn over(stream: S, base: &str, credential: &str) -> Result<Self, Option<u16>> {
        let mut request = format!("{base}{UPLINK_PATH}").into_client_request().map_err(|_| None)?;
        let bearer = format!("Bearer {credential}").parse().map_err(|_| None)?;
        request.headers_mut().insert("authorization", bearer);
        match timeout(PATIENCE, client_async(request, stream)).await.expect("an answer") {
            Ok((socket, _)) => Ok(Self { socket }),
            Err(Error::Http(response)) => Err(Some(response.status().as_u16())),
            Err(_) => Err(None),
        }
    }

    /// Says who is there.
    pub async fn hello(&mut self, outlet: Uuid, head: Cursor) {
        let software = "test 1".to_owned();
        let hello = Hello { software, outlet, head, applied: Vec::new(), health: Health::default() };
        self.say(&HubFrame::Hello(hello)).await;
    }

    /// Says something. That nobody listens any more shows when it is read.
    pub async fn say(&mut self, frame: &HubFrame<'_>) {
        self.send(encode(frame)).await;
    }

    /// Sends records.
    pub async fn batch(&mut self, batch: Batch<'_>) {
        self.say(&HubFrame::Batch(batch)).await;
    }

    /// Sends any bytes.
    pub async fn send(&mut self, bytes: Vec<u8>) {
        let _ = self.socket.send(Message::Binary(bytes.into())).await;
    }

    /// What the relay says next.
    ///
    /// # Panics
    /// Where it says nothing, or nothing that can be read.
    pub async fn next(&mut self) -> Said {
        loop {
            let message = timeout(PATIENCE, self.socket.next()).await.expect("the relay says something");
            let bytes = match message {
                Some(Ok(Message::Binary(bytes))) => bytes,
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Said::Closed,
                Some(Ok(_)) => continue,
            };
            return match decode(&bytes, &mut Vec::new()).expect("a frame") {
                RelayFrame::Welcome(welcome) => Said::Welcome(welcome),
                RelayFrame::Refused(refused) => Said::Refused(refused),
                RelayFrame::Ack { have, .. } => Said::Ack(have),
                RelayFrame::Quarantined { seq, why } => Said::Quarantined(seq, why),
                RelayFrame::Heartbeat { .. } => Said::Heartbeat,
                other => panic!("nobody asked for {other:?}"),
            };
        }
    }

    /// The next acknowledgement.
    ///
    /// # Panics
    /// Where something else comes.
    pub async fn ack(&mut self) -> Cursor {
        loop {
            match self.next().await {
                Said::Ack(have) => return have,
                Said::Heartbeat => {}
                other => panic!("no acknowledgement: {other:?}"),
            }
        }
    }

    /// The words with which the relay ends, and its end.
    ///
    /// # Panics
    /// Where it ends without.
    pub async fn refusal(&mut self) -> Refused {
        loop {
            match self.next().await {
                Said::Refused(refused) => {
                    assert_eq!(self.next().await, Said::Closed, "a refusal is the last frame");
                    return refused;
                }
                Said::Ack(_) | Said::Heartbeat => {}
                other => panic!("no refusal: {other:?}"),
            }
        }
    }
}

/// How a ledger came up.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    /// What was acknowledged, in order.
    pub acknowledged: Vec<Cursor>,
    /// How many connections it took.
    pub connections: usize,
    /// How often the hub was sent away with words.
    pub refused: Vec<Refused>,
}

impl Journal {
    /// The last record that was acknowledged.
    #[must_use]
    pub fn have(&self) -> u64 {
        self.acknowledged.last().map_or(0, |have| have.seq)
    }
}

/// Sends a ledger up, `step` records at a time and `ahead` batches before their answers, whatever happens to the relay, until all is
/// acknowledged. `tell` hears of each acknowledgement, and says where to connect next: another place ends the connection.
pub async fn replicate(
    hub: &Claimed,
    ledger: &Ledger,
    step: u64,
    ahead: usize,
    mut tell: impl FnMut(&Journal) -> SocketAddr,
) -> Journal {
    let mut journal = Journal::default();
    let mut tick = interval(CONNECT_EVERY);
    while journal.have() < ledger.head().seq {
        tick.tick().await;
        let address = tell(&journal);
        let Ok(mut uplink) = Uplink::connect(address, &hub.credential()).await else { continue };
        journal.connections += 1;
        uplink.hello(hub.outlet, ledger.head()).await;
        let mut sent = match uplink.next().await {
            Said::Welcome(welcome) => {
                let have = journal.have();
                assert!(welcome.have.seq >= have, "{have} was acknowledged: {welcome:?}");
                journal.acknowledged.push(welcome.have);
                ledger.common(&welcome.have)
            }
            Said::Refused(refused) => {
                journal.refused.push(refused);
                continue;
            }
            _ => continue,
        };
        let mut waiting: VecDeque<u64> = VecDeque::new();
        while journal.have() < ledger.head().seq {
            while waiting.len() < ahead && sent < ledger.head().seq {
                let to = (sent + step).min(ledger.head().seq);
                uplink.batch(ledger.batch(sent, to)).await;
                waiting.push_back(to);
                sent = to;
            }
            match uplink.next().await {
                Said::Ack(have) => {
                    assert_eq!(ledger.at(have.seq), have, "what is acknowledged is what was sent");
                    waiting.retain(|to| *to > have.seq);
                    journal.acknowledged.push(have);
                }
                Said::Heartbeat | Said::Quarantined(..) => {}
                Said::Refused(refused) => {
                    journal.refused.push(refused);
                    break;
                }
                Said::Closed | Said::Welcome(_) => break,
            }
            if tell(&journal) != address {
                break;
            }
        }
    }
    journal
}
