//! Carries out what the machine says: the sockets, the files and the clock of the uplink.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::chain::Cursor;
use protocol::frame::{Health, Hello, HubFrame, Refused, RelayFrame, decode, encode};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::{Bytes, Message};

use super::credential::Credential;
use super::line::{self, Line, LineError, SOFTWARE};
use super::machine::{Input, Machine, Output};
use super::reader::Reader;
use super::{Quarantined, State, Status};
use crate::clock::Clock;
use crate::ledger::Ledger;
use crate::ledger::files::ReadError;

/// How often the credential's file is looked at: a claim counts without a restart.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long the network may take a frame.
const SEND_WITHIN: Duration = Duration::from_secs(30);
/// Records set aside by the relay that are told; the relay has them all.
const QUARANTINED_TOLD: usize = 20;

/// The uplink's task.
pub(super) struct Worker {
    pub(super) data_dir: PathBuf,
    pub(super) ledger: Arc<Ledger>,
    pub(super) clock: Clock,
    pub(super) heads: watch::Receiver<()>,
    pub(super) status: watch::Sender<Status>,
}

/// What the worker has waited for.
enum Woken {
    Frame(Bytes),
    Closed(String),
    Time,
}

/// One credential's connections.
struct Session {
    credential: Credential,
    reader: Reader,
    began: Instant,
    line: Option<Line>,
}

impl Worker {
    /// Replicates for as long as the hub runs.
    pub(super) async fn run(mut self) {
        loop {
            let credential = self.claimed().await;
            log::info!("uplink: claimed as hub {} at {}", credential.hub, credential.url);
            self.replicate(credential).await;
        }
    }

    /// Waits until the hub is claimed.
    async fn claimed(&self) -> Credential {
        let mut said = String::new();
        loop {
            match Credential::open(&self.data_dir) {
                Ok(Some(credential)) => return credential,
                Err(error) if error.to_string() != said => {
                    said = error.to_string();
                    log::error!("uplink: {said}; claim the hub again");
                }
                Ok(None) | Err(_) => {}
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Keeps the relay up to date until another credential is put in place of this one.
    async fn replicate(&mut self, credential: Credential) {
        let reader = Reader::new(Arc::clone(self.ledger.files()));
        let head = self.head();
        let fork = {
            let reader = reader.clone();
            blocking(move || reader.fork(head.epoch)).await
        };
        let fork = fork.unwrap_or_else(|error| {
            log::error!("uplink: {error}");
            Cursor::START
        });
        let began = Instant::now();
        let mut machine = Machine::new(head, fork, fastrand::u64(..), 0);
        let mut session = Session { credential, reader, began, line: None };
        let mut todo = VecDeque::from(machine.on(0, Input::Tick));
        let mut looked = Instant::now();
        loop {
            while let Some(output) = todo.pop_front() {
                if let Some(input) = self.carry_out(&mut session, output).await {
                    todo.extend(machine.on(session.now_ms(), input));
                }
            }
            todo.extend(machine.on(session.now_ms(), Input::Head(self.head())));
            self.tell(&session, &machine);
            if !todo.is_empty() {
                continue;
            }
            let woken = self.wait(&mut session, &machine).await;
            todo.extend(self.hear(&mut session, &mut machine, woken));
            if looked.elapsed() >= LOOK_EVERY {
                looked = Instant::now();
                if !matches!(Credential::open(&self.data_dir), Ok(Some(kept)) if kept == session.credential) {
                    return;
                }
            }
        }
    }

    /// The last durable record.
    fn head(&self) -> Cursor {
        self.ledger.state().cursor
    }

    /// Waits for whatever comes first.
    async fn wait(&mut self, session: &mut Session, machine: &Machine) -> Woken {
        let look = Instant::now() + LOOK_EVERY;
        let due = machine.wake_ms().map(|at_ms| session.began + Duration::from_millis(at_ms));
        let until = due.map_or(look, |due| due.min(look));
        let heard = async {
            match &mut session.line {
                Some(line) => line.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            message = heard => match message {
                Some(Ok(Message::Binary(bytes))) => Woken::Frame(bytes),
                Some(Ok(Message::Close(_))) | None => Woken::Closed("the relay has closed the connection".to_owned()),
                Some(Ok(_)) => Woken::Time,
                Some(Err(error)) => Woken::Closed(error.to_string()),
            },
            // An end means that the ledger is stopping, and the hub with it.
            changed = self.heads.changed() => {
                if changed.is_err() {
                    tokio::time::sleep_until(until).await;
                }
                Woken::Time
            }
            () = tokio::time::sleep_until(until) => Woken::Time,
        }
    }

    /// Tells the machine what has come.
    fn hear(&self, session: &mut Session, machine: &mut Machine, woken: Woken) -> Vec<Output> {
        let now_ms = session.now_ms();
        let bytes = match woken {
            Woken::Time => return machine.on(now_ms, Input::Tick),
            Woken::Closed(why) => {
                session.line = None;
                return machine.on(now_ms, Input::Closed(why));
            }
            Woken::Frame(bytes) => bytes,
        };
        let mut room = Vec::new();
        match decode::<RelayFrame<'_>>(&bytes, &mut room) {
            Ok(frame) => {
                if let RelayFrame::Quarantined { seq, why } = &frame {
                    self.quarantined(*seq, why);
                }
                machine.on(now_ms, Input::Heard(&frame))
            }
            Err(error) => {
                session.line = None;
                machine.on(now_ms, Input::Closed(format!("the relay cannot be understood: {error}")))
            }
        }
    }

    fn quarantined(&self, seq: u64, why: &str) {
        log::warn!("uplink: the relay has set record {seq} aside: {why}");
        self.status.send_modify(|status| {
            status.quarantined.retain(|known| known.seq != seq);
            status.quarantined.push(Quarantined { seq, why: why.to_owned() });
            if status.quarantined.len() > QUARANTINED_TOLD {
                status.quarantined.remove(0);
            }
        });
    }

    /// Does one thing, and answers what came of it, where that is not told by itself.
    async fn carry_out(&self, session: &mut Session, output: Output) -> Option<Input<'static>> {
        match output {
            Output::Connect => Some(session.connect().await),
            Output::Close => {
                session.close().await;
                None
            }
            Output::Hello => {
                let hello = Hello {
                    software: SOFTWARE.to_owned(),
                    outlet: session.credential.outlet,
                    head: self.head(),
                    applied: Vec::new(),
                    health: self.health(),
                };
                session.say(encode(&HubFrame::Hello(hello))).await
            }
            Output::Heartbeat => session.say(encode(&HubFrame::Heartbeat(self.health()))).await,
            Output::Find(seq) => {
                let reader = session.reader.clone();
                Some(match blocking(move || reader.at(seq)).await {
                    Ok(found) => Input::Found(found),
                    Err(error) => Input::Unreadable(error.to_string()),
                })
            }
            Output::Forward { after, records_max } => Some(session.forward(after, records_max).await),
        }
    }

    fn health(&self) -> Health {
        Health {
            head_seq: self.head().seq,
            now_ms: self.clock.plausible_ms(),
            time_unverified: self.clock.is_unverified(),
            disk_free_bytes: self.ledger.files().disk().free_bytes(&self.data_dir).unwrap_or(0),
        }
    }

    /// Says how it stands, where that has changed.
    fn tell(&self, session: &Session, machine: &Machine) {
        let state = if machine.is_connected() {
            State::Connected
        } else if machine.is_stopped() {
            State::Stopped
        } else {
            State::Connecting
        };
        let head_seq = self.head().seq;
        let trouble = machine.trouble().cloned();
        self.status.send_if_modified(|status| {
            if status.trouble != trouble
                && let Some(trouble) = &trouble
            {
                log::warn!("uplink: {trouble}");
            }
            let known = (status.state, status.head_seq, status.have_seq);
            let have_seq = machine.have().map(|have| have.seq).or(status.have_seq);
            let is_new = known != (state, head_seq, have_seq) || status.trouble != trouble;
            if state == State::Connected && status.state != State::Connected {
                log::info!("uplink: connected to {}", session.credential.url);
            }
            (status.state, status.head_seq, status.have_seq) = (state, head_seq, have_seq);
            status.relay = Some(session.credential.url.to_string());
            status.trouble = trouble;
            is_new
        });
    }
}

impl Session {
    fn now_ms(&self) -> u64 {
        self.began.elapsed().as_millis() as u64
    }

    async fn connect(&mut self) -> Input<'static> {
        match line::open(&self.credential).await {
            Ok(line) => {
                self.line = Some(line);
                Input::Connected
            }
            Err(LineError::Revoked) => Input::Heard(&RelayFrame::Refused(Refused::Revoked)),
            Err(LineError::Failed(why)) => Input::Closed(why),
        }
    }

    /// Sends a frame; answers where that failed.
    async fn say(&mut self, frame: Vec<u8>) -> Option<Input<'static>> {
        let line = self.line.as_mut()?;
        let sent = tokio::time::timeout(SEND_WITHIN, line.send(Message::binary(frame))).await;
        let why = match sent {
            Ok(Ok(())) => return None,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "the network takes nothing".to_owned(),
        };
        self.line = None;
        Some(Input::Closed(why))
    }

    async fn forward(&mut self, after: Cursor, records_max: usize) -> Input<'static> {
        let reader = self.reader.clone();
        match blocking(move || reader.batch(after, records_max)).await {
            Ok(Some(batch)) => self.say(batch.bytes).await.unwrap_or(Input::Forwarded(Some(batch.last))),
            Ok(None) => Input::Forwarded(None),
            Err(error) => Input::Unreadable(error.to_string()),
        }
    }

    async fn close(&mut self) {
        if let Some(mut line) = self.line.take() {
            // A relay that does not take the goodbye is left without.
            let _ = tokio::time::timeout(Duration::from_secs(1), line.close(None)).await;
        }
    }
}

/// Reads files on a thread of its own: the one that answers tills has other things to do.
async fn blocking<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, ReadError> + Send + 'static,
) -> Result<T, ReadError> {
    match tokio::task::spawn_blocking(read).await {
        Ok(done) => done,
        Err(error) => Err(ReadError::Io(std::io::Error::other(error))),
    }
}
