//! `cloud-relay migrate`

use std::process::ExitCode;

use crate::db::{Db, days, migrations};

/// Brings the schema up to date, and makes the days that come. Says the version.
pub async fn run(db: Db) -> Result<ExitCode, String> {
    let version = migrations::migrate(&db).await.map_err(|error| error.to_string())?;
    days::make(&db).await.map_err(|error| super::said(&error))?;
    println!("{version}");
    Ok(ExitCode::SUCCESS)
}
