//! The uplink: every record of the ledger goes to the relay, once and in order, whenever there is an internet.
//!
//! **Promise.** Nothing here can delay or refuse a sale: the uplink reads what is durable, on threads of its own, and keeps nothing that
//! could be lost. What the relay has is what it says it has; a connection begins by comparing that with the ledger, and goes on from there.
//!
//! **How.** `machine` decides (pure), `worker` carries out, `reader` makes batches of what is stored, `line` connects, `credential` is what
//! `outlet-hub claim` leaves behind (`claim`).

pub mod claim;
pub mod credential;
mod line;
pub mod machine;
#[cfg(test)]
mod machine_tests;
mod reader;
mod worker;

use std::path::Path;
use std::sync::Arc;

use tokio::sync::watch;

pub use self::machine::Trouble;
use self::worker::Worker;
use crate::clock::Clock;
use crate::ledger::Ledger;
use crate::ledger::writer::Publish;

/// Where the connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// This hub stands alone: no relay has been told of it.
    #[default]
    Unclaimed,
    /// There is no connection; it is tried again.
    Connecting,
    /// Records go up.
    Connected,
    /// The relay does not want this hub any more.
    Stopped,
}

/// A record that the relay has set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Which.
    pub seq: u64,
    /// Why.
    pub why: String,
}

/// How it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// Where the connection is.
    pub state: State,
    /// The relay's address.
    pub relay: Option<String>,
    /// The ledger's last record.
    pub head_seq: u64,
    /// The last record that the relay is known to have.
    pub have_seq: Option<u64>,
    /// Why records do not go up.
    pub trouble: Option<Trouble>,
    /// Records that the relay has set aside, the latest of them.
    pub quarantined: Vec<Quarantined>,
}

/// Makes whoever publishes tell the uplink too.
#[must_use]
pub fn listen(publish: Publish) -> (Publish, watch::Receiver<()>) {
    let (grown, heads) = watch::channel(());
    let publish: Publish = Box::new(move |records| {
        publish(records);
        grown.send_replace(());
    });
    (publish, heads)
}

/// A running uplink.
#[derive(Debug)]
pub struct Uplink {
    status: watch::Receiver<Status>,
    task: tokio::task::JoinHandle<()>,
}

impl Uplink {
    /// Begins to replicate, or to wait until the hub is claimed.
    #[must_use]
    pub fn start(data_dir: &Path, ledger: Arc<Ledger>, clock: Clock, heads: watch::Receiver<()>) -> Self {
        let (status, told) = watch::channel(Status::default());
        let worker = Worker { data_dir: data_dir.to_owned(), ledger, clock, heads, status };
        Self { status: told, task: tokio::spawn(worker.run()) }
    }

    /// How it stands, now and later.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// Ends it. What was not acknowledged goes up after the next start.
    pub fn stop(self) {
        self.task.abort();
    }
}
