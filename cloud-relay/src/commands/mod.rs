//! What the program does on the command line. Output is one line for each thing, its id first, so that scripts can read it.

pub mod claim_code;
pub mod hub;
pub mod migrate;
pub mod outlet;
pub mod serve;
pub mod tenant;
pub mod verify;

use std::future::Future;
use std::process::ExitCode;

use crate::config::Config;
use crate::db::Db;

/// Connections that a command needs.
const CONNECTIONS: u32 = 2;

/// Runs a command on the database.
pub fn run<F>(config: &Config, command: impl FnOnce(Db) -> F) -> Result<ExitCode, String>
where
    F: Future<Output = Result<ExitCode, String>>,
{
    crate::logging::start(log::LevelFilter::Warn);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(async {
        let db = Db::open(&config.database.url, CONNECTIONS).map_err(|error| said(&error))?;
        let outcome = command(db.clone()).await;
        db.close().await;
        outcome
    })
}

/// What is wrong with the database, in words.
fn said(error: &crate::db::DbError) -> String {
    match error {
        sqlx::Error::Database(error)
            if error.code().is_some_and(|code| code == "42P01" || code == "22023") =>
        {
            format!("{error}; run `cloud-relay migrate`")
        }
        sqlx::Error::Database(error) if error.is_unique_violation() => "that is there already".to_owned(),
        sqlx::Error::Database(error) if error.is_foreign_key_violation() => {
            "there is nothing of this id".to_owned()
        }
        other => format!("the database cannot be used: {other}"),
    }
}

/// A name on one line.
fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    let is_good = (1..=100).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    is_good.then(|| name.to_owned()).ok_or_else(|| "a name has from 1 to 100 letters, on one line".to_owned())
}
