//! `outlet-hub serve`

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::config::Config;
use crate::{demo, logging, start};

/// Threads that answer; the ledger, the checkpoints and the archive have their own. One, because the Socket.IO library says
/// "connected" before it is ready to send, and with two a client that speaks at once may not be answered; it also takes a
/// sixth of the processor time off each delivery.
const WORKERS: usize = 1;

/// Runs the hub until it is told to stop.
pub fn run(config: &Config, is_demo: bool) -> Result<ExitCode, String> {
    logging::start(config.log.level);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let result = runtime.block_on(async {
        // Before anything is opened, so that a signal during a long fold is not lost.
        let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| error.to_string())?;
        let running = start::start(config, is_demo).await.map_err(|error| error.to_string())?;
        let addresses = running.addresses(config.discovery.enabled.then_some(config.discovery.name.as_str()));
        // Whoever started the hub may have stopped reading; that is no reason not to sell.
        let _ = writeln!(std::io::stdout(), "{addresses}");
        if is_demo {
            let _ = write!(std::io::stdout(), "{}", demo::accounts::welcome());
        }
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready, sd_notify::NotifyState::Status("ready")]);
        let watchdog = sd_notify::watchdog_enabled().map(|within| tokio::spawn(feed_watchdog(within)));
        running
            .run(async {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
            })
            .await;
        if let Some(watchdog) = watchdog {
            watchdog.abort();
        }
        Ok(ExitCode::SUCCESS)
    });
    runtime.shutdown_timeout(Duration::from_millis(500));
    result
}

/// Tells systemd that the runtime turns; one that hangs is started again.
async fn feed_watchdog(within: Duration) {
    let mut every = tokio::time::interval(within / 2);
    loop {
        every.tick().await;
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog]);
    }
}
