//! `cloud-relay serve`

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::config::Config;
use crate::{logging, start};

/// Runs the node until it is told to stop.
pub fn run(config: &Config) -> Result<ExitCode, String> {
    logging::start(config.log.level);
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let result = runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| error.to_string())?;
        let running = start::start(config).await.map_err(|error| error.to_string())?;
        let scheme = if running.is_tls { "https" } else { "http" };
        // Whoever started the node may have stopped reading; that is no reason not to serve.
        let _ = writeln!(std::io::stdout(), "cloud-relay answers at {scheme}://{}", running.address);
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
        running
            .run(async {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
            })
            .await;
        Ok(ExitCode::SUCCESS)
    });
    runtime.shutdown_timeout(Duration::from_millis(500));
    result
}
