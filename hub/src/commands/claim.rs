//! `outlet-hub claim`

use std::path::Path;
use std::process::ExitCode;

use crate::uplink::claim::claim;

/// Exchanges a claim code for this hub's credential.
pub fn run(
    data_dir: &Path,
    url: &str,
    code: &str,
    authority: Option<&Path>,
    again: bool,
) -> Result<ExitCode, String> {
    let authority = authority
        .map(|path| std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display())))
        .transpose()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let claimed = runtime.block_on(claim(data_dir, url, code, authority, again));
    let credential = claimed.map_err(|error| error.to_string())?;
    println!("claimed: hub {} of outlet {} at {}", credential.hub, credential.outlet, credential.url);
    Ok(ExitCode::SUCCESS)
}
