//! What `outlet-hub` does, a file each.

pub mod account;
pub mod backup;
pub mod claim;
pub mod doctor;
pub mod export;
pub mod serve;
pub mod verify;

use std::process::ExitCode;

/// Writes the `OpenAPI` document.
pub fn schema() -> Result<ExitCode, String> {
    let text = serde_json::to_string_pretty(&crate::api::document()).map_err(|error| error.to_string())?;
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}
