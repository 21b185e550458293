//! How ledgers come in, exactly once.
//!
//! - [`accept`]: what is to be done with a batch, decided from what the relay has;
//! - [`stream`]: one hub's connection;
//! - [`round`]: the batches of one hub that wait, brought to the database one after the other;
//! - [`group`]: the commit that many hubs share;
//! - [`postgres`]: the statements.
//!
//! **Promise.** An acknowledgement is sent after the commit of every record up to it. A record is stored once: the step from one
//! place of the chain to the next is a comparison with the outlet's cursor in the same statement, so that two nodes, a repeat or a
//! lost answer cannot store it again.

pub mod accept;
pub mod batch;
pub mod group;
pub mod postgres;
pub mod registry;
pub mod round;
pub mod stream;

use std::sync::Arc;

use sqlx::PgPool;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::config;

pub use group::Committer;
pub use registry::{Registry, Told};

/// Whose connection it is: taken from the credential, and from nothing that the hub says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// The chain.
    pub tenant: Uuid,
    /// The outlet.
    pub outlet: Uuid,
    /// The box.
    pub hub: Uuid,
}

/// What every connection shares.
#[derive(Debug)]
pub struct Ingest {
    /// The database, as `relay_ingest`.
    pub pool: PgPool,
    /// Commits.
    pub committer: Committer,
    /// Bytes of records that may wait.
    pub room: Arc<Semaphore>,
    /// Who is connected to this node.
    pub registry: Registry,
    /// What can be set.
    pub options: config::Ingest,
}

impl Ingest {
    /// Begins to take ledgers in; the handle ends when nobody is left who could send something.
    #[must_use]
    pub fn start(pool: &PgPool, options: config::Ingest) -> (Arc<Self>, tokio::task::JoinHandle<()>) {
        let (committer, task) = Committer::start(pool.clone(), options);
        let room = Arc::new(Semaphore::new(options.queue_bytes_max as usize));
        let registry = Registry::default();
        (Arc::new(Self { pool: pool.clone(), committer, room, registry, options }), task)
    }

    /// How many records a hub may have on their way: few while little room is left.
    #[must_use]
    pub fn credit(&self) -> u32 {
        let is_short = self.room.available_permits() < self.options.queue_bytes_max as usize / 4;
        if is_short { protocol::frame::BATCH_RECORDS_MAX as u32 } else { self.options.credit }
    }
}
