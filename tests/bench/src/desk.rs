//! Tills and screens at one server, and what they have heard.
//!
//! All of them share one thread, which only reads; the tills' sending is another thread's (`load`).

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::orders::{Orders, RunId, read_id};
use crate::stats::Histogram;
use crate::wire::{Carry, Connection, frame};

/// How long a screen may wait for `subscribed` before it asks again, which an old one would not do.
const SUBSCRIBED_WITHIN: Duration = Duration::from_secs(3);
/// How often it asks.
const SUBSCRIBE_TRIES: usize = 3;
/// As the old screens ask.
const SUBSCRIBE: &[u8] = br#"42["subscribe_outlet",1]"#;

/// What is heard of one run of orders.
#[derive(Debug)]
pub(crate) struct Run {
    id: RunId,
    /// When order 0 is due.
    pub(crate) start: Instant,
    /// How long after one order the next is due; zero where orders are not paced.
    pub(crate) period: Duration,
    /// Orders before this one warm the server up, and their latency is not counted.
    warm: usize,
    screens: usize,
    /// How often each order has been heard.
    pub(crate) heard: Vec<u16>,
    pub(crate) latency: Histogram,
    pub(crate) deliveries: u64,
    pub(crate) acked: usize,
}

/// What has been heard.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) run: Option<Run>,
    pub(crate) messages: u64,
    pub(crate) bytes: u64,
    /// `error` events, of which the first is kept.
    pub(crate) refused: usize,
    pub(crate) first_refusal: String,
    /// Connections that the server has ended.
    pub(crate) lost: usize,
}

impl Tally {
    /// Counts one message from a connection.
    fn hear(&mut self, message: &[u8], now: Instant, from: &Connection) {
        self.messages += 1;
        if message.starts_with(b"42[\"order_created\",") {
            if let (Some(run), Some((id, index))) = (&mut self.run, read_id(message)) {
                run.hear(id, index, now);
            }
        } else if message.starts_with(b"42[\"order_sent\",") {
            if let Some(run) = &mut self.run {
                run.acked += 1;
            }
            from.acked.notify_one();
        } else if message.starts_with(b"42[\"subscribed\",") {
            from.is_subscribed.store(true, Ordering::Relaxed);
        } else if message.starts_with(b"42[\"error\"") {
            if self.refused == 0 {
                self.first_refusal = String::from_utf8_lossy(message).into_owned();
            }
            self.refused += 1;
        }
    }

    /// Whether nothing more is to come.
    pub(crate) fn is_complete(&self) -> bool {
        self.run.as_ref().is_none_or(|run| run.missing() == 0 && run.acked >= run.heard.len())
    }
}

impl Run {
    fn hear(&mut self, id: RunId, index: usize, now: Instant) {
        if id != self.id || index >= self.heard.len() {
            return;
        }
        self.heard[index] += 1;
        self.deliveries += 1;
        if index >= self.warm && !self.period.is_zero() {
            let due = self.start + self.period * index as u32;
            self.latency.record(now.saturating_duration_since(due).as_micros() as u64);
        }
    }

    fn expected(&self) -> u64 {
        self.heard.len() as u64 * self.screens as u64
    }

    /// Deliveries that have not come.
    pub(crate) fn missing(&self) -> u64 {
        self.expected().saturating_sub(self.deliveries)
    }

    /// Whether each order was heard by as many as there are screens, and no more.
    pub(crate) fn is_exact(&self) -> bool {
        self.heard.iter().all(|count| usize::from(*count) == self.screens)
    }
}

/// Tills and screens.
#[derive(Debug)]
pub(crate) struct Desk {
    server: SocketAddr,
    pub(crate) orders: Arc<Orders>,
    tally: Arc<Mutex<Tally>>,
    /// Rung when something is complete.
    changed: Arc<Notify>,
    pub(crate) tills: Vec<Arc<Connection>>,
    screens: Vec<(Arc<Connection>, JoinHandle<()>)>,
    till_readers: Vec<JoinHandle<()>>,
    runs: usize,
    /// Wishes to subscribe that were never answered.
    pub(crate) unanswered: usize,
}

impl Desk {
    /// Opens the tills, which only send, as the load is counted in what screens hear.
    pub(crate) async fn open(server: SocketAddr, tills: usize, orders: &Arc<Orders>) -> io::Result<Self> {
        let mut desk = Self {
            server,
            orders: Arc::clone(orders),
            tally: Arc::default(),
            changed: Arc::default(),
            tills: Vec::new(),
            screens: Vec::new(),
            till_readers: Vec::new(),
            runs: 0,
            unanswered: 0,
        };
        for _ in 0..tills {
            let (connection, carry) = Connection::open(server).await?;
            let till = Arc::new(connection);
            till.send(&frame(br#"42["identify",{"type":"pos","outletId":1}]"#))?;
            desk.till_readers.push(desk.read(&till, carry));
            desk.tills.push(till);
        }
        Ok(desk)
    }

    /// What has been heard so far.
    pub(crate) fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes it this many screens, each subscribed the way the old ones do.
    pub(crate) async fn set_screens(&mut self, wanted: usize) -> io::Result<()> {
        self.screens.retain(|(_, reader)| !reader.is_finished());
        for (_, reader) in self.screens.drain(wanted.min(self.screens.len())..) {
            reader.abort();
            // An aborted task has been dropped, and its connection closed, once it has been waited for.
            let _ = reader.await;
        }
        while self.screens.len() < wanted {
            let (connection, carry) = Connection::open(self.server).await?;
            let screen = Arc::new(connection);
            screen.send(&frame(br#"42["identify",{"type":"kitchen","outletId":1}]"#))?;
            screen.send(&frame(SUBSCRIBE))?;
            let reader = self.read(&screen, carry);
            self.screens.push((screen, reader));
        }
        for _ in 0..SUBSCRIBE_TRIES {
            if self.until(SUBSCRIBED_WITHIN, |_| self.unsubscribed().next().is_none()).await {
                return Ok(());
            }
            let again: Vec<_> = self.unsubscribed().cloned().collect();
            self.unanswered += again.len();
            again.iter().try_for_each(|screen| screen.send(&frame(SUBSCRIBE)))?;
        }
        Err(io::Error::other("a screen was not subscribed, however often it asked"))
    }

    fn unsubscribed(&self) -> impl Iterator<Item = &Arc<Connection>> {
        let screens = self.screens.iter().map(|(screen, _)| screen);
        screens.filter(|screen| !screen.is_subscribed.load(Ordering::Relaxed))
    }

    /// Begins to count a run of orders; the next one's id.
    pub(crate) fn begin(&mut self, orders: usize, warm: usize, start: Instant, period: Duration) -> RunId {
        self.runs += 1;
        let id = RunId::new(self.runs);
        let screens = self.screens.len();
        let heard = vec![0; orders];
        let latency = Histogram::default();
        let run = Run { id, start, period, warm, screens, heard, latency, deliveries: 0, acked: 0 };
        let mut tally = self.tally();
        (tally.messages, tally.bytes, tally.refused, tally.lost) = (0, 0, 0, 0);
        tally.run = Some(run);
        id
    }

    /// Waits for something to be true of what has been heard; answers whether it has become so.
    pub(crate) async fn until(&self, within: Duration, mut is_so: impl FnMut(&Tally) -> bool) -> bool {
        let waiting = async {
            while !is_so(&self.tally()) {
                // A till's rest may be waiting for a server that was slow to read.
                let _ = timeout(Duration::from_millis(5), self.changed.notified()).await;
                self.tills.iter().for_each(|till| drop(till.flush()));
            }
        };
        timeout(within, waiting).await.is_ok()
    }

    fn read(&self, connection: &Arc<Connection>, mut carry: Carry) -> JoinHandle<()> {
        let (connection, tally, changed) =
            (Arc::clone(connection), Arc::clone(&self.tally), Arc::clone(&self.changed));
        tokio::spawn(async move {
            loop {
                let mut is_asked = false;
                let hear = |message: &[u8]| {
                    let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                    is_asked |= message == b"2";
                    tally.hear(message, Instant::now(), &connection);
                };
                let read = connection.read(&mut carry, hear).await;
                if is_asked {
                    let _ = connection.send(&frame(b"3"));
                }
                let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                match read {
                    Ok(read) => tally.bytes += read as u64,
                    Err(_) => tally.lost += 1,
                }
                if tally.is_complete() || read.is_err() {
                    changed.notify_one();
                }
                if read.is_err() {
                    return;
                }
            }
        })
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.till_readers.iter().for_each(JoinHandle::abort);
        self.screens.iter().for_each(|(_, reader)| reader.abort());
    }
}
