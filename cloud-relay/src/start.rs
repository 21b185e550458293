//! Start-up, top to bottom, and shutdown, its reverse.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinHandle};

use crate::api::{self, Shared};
use crate::auth::revoked;
use crate::config::Config;
use crate::db::{Db, DbError, days, is_transient, migrations};
use crate::health::{self, Health};
use crate::ingest::Ingest;
use crate::server::{self, Entrance};

/// How long what is on its way may take once the node is asked to stop.
const DRAIN_WITHIN: Duration = Duration::from_secs(8);

/// Why the node does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error("the database cannot be used: {0}")]
    Database(#[from] DbError),
    /// Its schema.
    #[error(
        "the database has version {has} of the schema, and this program needs {needs}: run `cloud-relay migrate`"
    )]
    Schema {
        /// The database's.
        has: i64,
        /// The program's.
        needs: i64,
    },
    /// The listening address.
    #[error("{address}: {error}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        error: std::io::Error,
    },
    /// Certificate or key.
    #[error("tls: {0}")]
    Tls(String),
}

/// A running node.
pub struct Running {
    /// Where it answers.
    pub address: SocketAddr,
    /// Whether it is encrypted.
    pub is_tls: bool,
    db: Db,
    ingest: Arc<Ingest>,
    committer: JoinHandle<()>,
    keepers: Vec<AbortHandle>,
    draining: Arc<AtomicBool>,
    stop: watch::Sender<bool>,
}

/// Brings the node up.
pub async fn start(config: &Config) -> Result<Running, StartError> {
    let listening = server::listen(config.http.listen).await;
    let (listener, address) =
        listening.map_err(|error| StartError::Listen { address: config.http.listen, error })?;
    let tls = config.tls.as_ref().map(server::acceptor).transpose().map_err(StartError::Tls)?;
    let db = Db::open(&config.database.url, config.database.connections_max)?;
    check(&db).await?;
    let metrics = health::start_metrics();
    let (ingest, committer) = Ingest::start(&db.ingest, config.ingest);
    let days = tokio::spawn(days::keep(db.clone()));
    let revoked = tokio::spawn(revoked::watch(Arc::clone(&ingest)));
    let draining = Arc::new(AtomicBool::new(false));
    let health = Health {
        db: db.clone(),
        ingest: Arc::clone(&ingest),
        draining: Arc::clone(&draining),
        metrics,
        metrics_for_all: config.http.metrics_for_all,
    };
    let app = api::router(Shared::new(&ingest, &config.http, config.claim)).merge(health::router(health));
    let (stop, stopped) = watch::channel(false);
    let is_tls = tls.is_some();
    let entrance = Entrance { app, tls, stopped };
    let door = tokio::spawn(server::serve(listener, entrance, config.http.connections_max));
    let keepers = vec![days.abort_handle(), revoked.abort_handle(), door.abort_handle()];
    Ok(Running { address, is_tls, db, ingest, committer, keepers, draining, stop })
}

/// The schema must be there; a database that is not there now may come.
async fn check(db: &Db) -> Result<(), StartError> {
    let needs = migrations::newest();
    match migrations::version(db).await {
        Ok(has) if has < needs => Err(StartError::Schema { has, needs }),
        Ok(_) => Ok(()),
        Err(error) if is_transient(&error) => {
            log::warn!("the database does not answer yet: {error}");
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

impl Running {
    /// Runs until `until` ends, then drains and stops.
    pub async fn run(self, until: impl Future<Output = ()>) {
        until.await;
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
        log::info!("stopping");
        self.draining.store(true, Ordering::Relaxed);
        // First nobody new is let in; what is on its way is committed and acknowledged; only then the database goes.
        let _ = self.stop.send(true);
        self.ingest.registry.drain();
        for keeper in self.keepers {
            keeper.abort();
        }
        // Connections hold the committer; when the last has gone, it has finished.
        drop(self.ingest);
        if tokio::time::timeout(DRAIN_WITHIN, self.committer).await.is_err() {
            log::warn!("connections are cut");
        }
        let _ = tokio::time::timeout(Duration::from_secs(1), self.db.close()).await;
        log::info!("stopped");
    }
}
