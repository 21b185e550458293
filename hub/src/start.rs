//! Start-up, top to bottom, and shutdown, its reverse.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use protocol::event::Actor;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::api::about::About;
use crate::api::{self, Hub};
use crate::auth::{Auth, Gate};
use crate::clock::Clock;
use crate::config::Config;
use crate::discovery::Discovery;
use crate::guests::Guests;
use crate::ledger::command::{Command, Refusal, Request as LedgerRequest};
use crate::ledger::disk::{Disk, RealDisk};
use crate::ledger::{Ledger, LedgerError, Outcome};
use crate::live::{Live, Queue};
use crate::pictures::Pictures;
use crate::schedule::{Schedule, Tools};
use crate::server::{self, Entrance, Turnstile};
use crate::store::{self, Folders, OpenError, Opened};
use crate::tls::{self, Https, Keeper};
use crate::uplink::{self, Uplink};
use crate::{demo, guard, health, pages, pictures};

/// How long requests in hand may take once the hub is asked to stop; the whole stop is done within five seconds.
const DRAIN_WITHIN: Duration = Duration::from_secs(3);

/// How long scheduled work may take to notice that; what it leaves half is swept away at its next run.
const JOB_ENDS_WITHIN: Duration = Duration::from_millis(500);

/// Why the hub does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A listening address.
    #[error("{address}: {error}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        error: io::Error,
    },
    /// The keys of sign-in.
    #[error("the folder of secrets cannot be used: {0}")]
    Secrets(io::Error),
    /// The thread of scheduled work.
    #[error("scheduled work cannot be begun: {0}")]
    Schedule(io::Error),
    /// The first records.
    #[error("the outlet cannot be set up: {0}")]
    SetUp(LedgerError),
}

/// A running hub.
pub struct Running {
    /// The pages and the API.
    pub http: SocketAddr,
    /// The old clients' port.
    pub socketio: SocketAddr,
    /// How they are reached encrypted.
    pub https: Https,
    opened: Opened,
    live: Live,
    discovery: Option<Discovery>,
    uplink: Uplink,
    stop: watch::Sender<bool>,
    servers: Vec<tokio::task::JoinHandle<()>>,
    schedule: Schedule,
}

/// Brings the hub up.
pub async fn start(config: &Config, is_demo: bool) -> Result<Running, StartError> {
    // First of all: whoever connects from now on waits for the ledger rather than being turned away.
    let (http_listener, http) = listen(config.http.listen).await?;
    let (socketio_listener, socketio) = listen(config.socketio.listen).await?;
    let encrypted = listen_encrypted(config).await;
    let metrics = health::start_metrics();
    let queue = Queue::new();
    let mut progress = |done: u64, all: u64| {
        log::info!("views: {done} of {all} records folded");
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Status(&format!("folding {done} of {all}"))]);
    };
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let folders = Folders::new(&config.data_dir);
    let clock = Clock::system();
    let (publish, heads) = uplink::listen(queue.publish());
    let opened = store::open(&disk, &folders, clock.clone(), publish, &mut progress)?;
    report(&opened);
    sweep(&opened, &folders.media);
    let auth = Arc::new(Auth::open(&config.data_dir).map_err(StartError::Secrets)?);
    let gate = Gate {
        ledger: Arc::clone(&opened.ledger),
        auth: Arc::clone(&auth),
        clock: clock.clone(),
        allow_insecure: config.http.allow_insecure_sign_in,
        presence: Arc::default(),
    };
    let guests = Guests::open(&config.data_dir, &opened.ledger.state()).map_err(StartError::Secrets)?;
    let live = Live::start(queue, gate.clone(), config.live_options());
    set_up(&opened.ledger, config, is_demo).await.map_err(StartError::SetUp)?;

    let uplink = Uplink::start(&config.data_dir, Arc::clone(&opened.ledger), clock, heads);
    let (https, keeper, acceptor) = secure(config, encrypted.as_ref().map(|(_, address)| *address));
    let about = About {
        is_demo,
        http_port: http.port(),
        https_port: https.port,
        host_name: https.host_name.clone(),
        ca_sha256: https.ca_sha256(),
    };
    let (guests, pictures) = (Arc::new(guests), Arc::new(Pictures::new(&folders.media)));
    let schedule = Schedule::start(Tools::new(
        Arc::clone(&opened.ledger),
        opened.views.clone(),
        Arc::clone(&guests),
        Arc::clone(&pictures),
        keeper,
        opened.clock.clone(),
        folders.clone(),
        config.backups(),
        config.settings(),
    ))
    .map_err(StartError::Schedule)?;
    let hub = Hub {
        ledger: Arc::clone(&opened.ledger),
        views: opened.views.clone(),
        gate,
        about: Arc::new(about),
        defaults: config.settings(),
        guests,
        pictures,
        schedule: Some(schedule.clone()),
        kept: Arc::default(),
        uplink: uplink.status(),
    };
    let app = app(hub, &live, config, &https, metrics, &folders.media);
    let (stop, stopped) = watch::channel(false);
    let turnstile = Turnstile::new(config.http.connections_max, config.http.connections_per_address_max);
    let entrance = Entrance { app, turnstile, stopped };
    let encrypted = encrypted.and_then(|(listener, _)| Some((listener, Some(acceptor?))));
    let servers = [(http_listener, None), (socketio_listener, None)].into_iter().chain(encrypted);
    let servers: Vec<_> =
        servers.map(|(listener, tls)| tokio::spawn(server::serve(listener, tls, entrance.clone()))).collect();
    if is_demo {
        demo::accounts::keep_codes(&auth);
        // Behind the first answers: a password takes its time.
        demo::accounts::open(&opened.ledger, &auth).await.map_err(StartError::SetUp)?;
    }
    let outlet = opened.ledger.state().outlet.as_ref().map(|outlet| outlet.number.to_string());
    let discovery = config.discovery.enabled.then(|| {
        Discovery::start(&config.discovery.name, http.port(), https.port, &outlet.unwrap_or_default())
            .inspect_err(|error| log::warn!("discovery: not announced: {error}"))
            .ok()
    });
    let discovery = discovery.flatten();
    Ok(Running { http, socketio, https, opened, live, discovery, uplink, stop, servers, schedule })
}

fn report(opened: &Opened) {
    let seq = opened.ledger.state().cursor.seq;
    log::info!("ledger.seq {seq}, {} records folded at this start", opened.folded);
    if let Some(torn) = &opened.torn {
        let (segment, cut) = (&torn.segment, torn.cut);
        log::warn!(
            "ledger: {cut} bytes behind the last record of {segment} were never acknowledged, and are cut off"
        );
    }
    for damage in &opened.damage {
        log::error!("{damage}; run `outlet-hub doctor`");
    }
}

/// Removes pictures that nobody names. What a damaged ledger names cannot be told.
fn sweep(opened: &Opened, media: &Path) {
    if !opened.damage.is_empty() {
        return;
    }
    match pictures::keep::sweep(media, &opened.ledger.state().catalogue) {
        Ok(0) => {}
        Ok(removed) => log::info!("pictures: {removed} files that no product names are removed"),
        Err(error) => log::warn!("pictures: what no product names is not removed: {error}"),
    }
}

/// Everything that answers requests.
fn app(
    hub: Hub,
    live: &Live,
    config: &Config,
    https: &Https,
    metrics: Option<metrics_exporter_prometheus::PrometheusHandle>,
    media: &Path,
) -> Router {
    let health = health::router(hub.gate.clone(), metrics);
    let is_demo = hub.about.is_demo;
    let rooms = Rooms {
        api: api::router(hub, config.http.body_bytes_max),
        events: live.router(),
        pages: pages::router(is_demo).merge(pictures::serve::router(media)),
    };
    // What is served as a file below /socket.io/ comes before the live layer, which takes everything there.
    let app = Router::new()
        .merge(health)
        .merge(pages::socketio_clients())
        .merge(tls::trust::router(https))
        .fallback(move |request| rooms.clone().lead(request));
    guard::layer(app, guard::Guard::new(config))
}

/// The three that answer for whatever is below their path, each with its own "not found".
#[derive(Clone)]
struct Rooms {
    api: Router,
    events: Router,
    pages: Router,
}

impl Rooms {
    async fn lead(self, request: Request) -> Response {
        let path = request.uri().path();
        let router = if path == "/api" || path.starts_with("/api/") {
            self.api
        } else if path == "/socket.io" || path.starts_with("/socket.io/") {
            self.events
        } else {
            self.pages
        };
        router.oneshot(request).await.unwrap_or_else(|never| match never {})
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let refuse = |error| StartError::Listen { address, error };
    let listener = TcpListener::bind(address).await.map_err(refuse)?;
    let bound = listener.local_addr().map_err(refuse)?;
    Ok((listener, bound))
}

/// Where HTTPS listens. A port that is taken is no reason not to sell.
async fn listen_encrypted(config: &Config) -> Option<(TcpListener, SocketAddr)> {
    if !config.https.enabled {
        return None;
    }
    let listening = listen(config.https.listen).await;
    listening
        .inspect_err(|error| log::warn!("https: there is none, the pages answer over HTTP: {error}"))
        .ok()
}

/// Authority and certificate. Where they cannot be had, the hub goes on without.
fn secure(config: &Config, address: Option<SocketAddr>) -> (Https, Option<Arc<Keeper>>, Option<TlsAcceptor>) {
    let host_name = config.discovery.enabled.then(|| format!("{}.local", config.discovery.name));
    let off = Https { host_name, ..Https::default() };
    if !config.https.enabled {
        return (off, None, None);
    }
    let opened = tls::open(&config.data_dir, &config.discovery.name, Clock::system())
        .and_then(|keeper| Ok((tls::acceptor(&keeper)?, keeper)));
    match opened {
        Ok((acceptor, keeper)) => {
            let port = address.map(|address| address.port());
            let authority = Some(Arc::clone(keeper.authority()));
            (Https { port, authority, ..off }, Some(Arc::new(keeper)), Some(acceptor))
        }
        Err(error) => {
            log::warn!("https: there is none, the pages answer over HTTP: {error}");
            (off, None, None)
        }
    }
}

/// The first records of an empty ledger: the outlet, and the demo's menu and promotions.
async fn set_up(ledger: &Arc<Ledger>, config: &Config, is_demo: bool) -> Result<(), LedgerError> {
    if ledger.state().outlet.is_some() || !matches!(ledger.status(), crate::ledger::Status::Writable) {
        return Ok(());
    }
    let outlet = match (&config.outlet, is_demo) {
        (Some(settings), _) => settings.outlet(),
        (None, true) => demo::menu::outlet(),
        (None, false) => {
            log::warn!("the outlet is not set up: fill [outlet] in the configuration");
            return Ok(());
        }
    };
    if is_demo {
        // All at once and in order, so that they share a barrier or two.
        let (sender, mut outcomes) = tokio::sync::mpsc::unbounded_channel();
        let menu = demo::set_up::menu_commands().into_iter().map(Command::Catalogue);
        let promotions =
            if config.demo.promotions { demo::promotions::promotion_commands() } else { Vec::new() };
        for command in menu.chain(promotions.into_iter().map(Command::Promotion)) {
            let sender = sender.clone();
            let reply = Box::new(move |outcome| {
                let _ = sender.send(outcome);
            });
            ledger.submit(first_record(command), 0, reply);
        }
        drop(sender);
        while let Some(outcome) = outcomes.recv().await {
            is_written(outcome)?;
        }
    }
    // The outlet comes last: while it is missing, a start that was cut off begins again.
    is_written(ledger.call(first_record(Command::SetOutlet(Box::new(outlet))), 0).await)
}

fn first_record(command: Command) -> LedgerRequest {
    LedgerRequest::of(Actor::system("set-up"), Vec::new(), command)
}

fn is_written(outcome: Result<Outcome, LedgerError>) -> Result<(), LedgerError> {
    match outcome {
        // What an earlier start has written already.
        Ok(_) | Err(LedgerError::Refused(Refusal::Conflict { code: "exists", .. })) => Ok(()),
        Err(error) => Err(error),
    }
}

impl Running {
    /// Runs until `until` ends, then drains and stops.
    pub async fn run(self, until: impl Future<Output = ()>) {
        until.await;
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
        log::info!("stopping");
        if let Some(discovery) = self.discovery {
            discovery.stop().await;
        }
        // First nobody new is let in; what is in hand is finished; only then the ledger goes.
        let _ = self.stop.send(true);
        let mut schedule = self.schedule;
        schedule.stop(JOB_ENDS_WITHIN).await;
        self.uplink.stop();
        let drained = tokio::time::timeout(DRAIN_WITHIN, async {
            for server in self.servers {
                let _ = server.await;
            }
        });
        if drained.await.is_err() {
            log::info!("live connections are cut");
        }
        let opened = self.opened;
        let closed = tokio::task::spawn_blocking(move || opened.close());
        if closed.await.is_err() {
            log::error!("the ledger's end has panicked");
        }
        self.live.stop();
        log::info!("stopped");
    }
}
