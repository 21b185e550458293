//! The days of `events`, made before they come. A day is detached and kept elsewhere as a whole, later.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Executor as _};

use super::{Db, DbError};

/// How many days are there before they are needed: a week in which nobody looks.
const DAYS_AHEAD: i32 = 7;
/// How often it is looked whether there are enough.
const LOOK_EVERY: Duration = Duration::from_hours(1);
/// How soon again when the database was not there.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// Whoever makes days holds this lock, so that two nodes do not make the same.
const LOCK: i64 = 0x0072_656c_6179;

/// Makes the days from yesterday, for a clock that is set back, to a week ahead; answers how many were missing.
pub async fn make(db: &Db) -> Result<usize, DbError> {
    let mut transaction = db.owner.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *transaction).await?;
    let days: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT to_char(day, '\"events_\"YYYYMMDD'), to_char(day, 'YYYY-MM-DD'), to_char(day + 1, 'YYYY-MM-DD')
         FROM (SELECT (now() AT TIME ZONE 'utc')::date + n AS day FROM generate_series(-1, $1) AS n) AS days
         WHERE to_regclass(to_char(day, '\"events_\"YYYYMMDD')) IS NULL",
    )
    .bind(DAYS_AHEAD)
    .fetch_all(&mut *transaction)
    .await?;
    for (name, from, to) in &days {
        // Attached rather than made in place: ingest goes on meanwhile. Names and dates are the database's own.
        let sql = format!(
            "CREATE TABLE {name} (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
             ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;
             ALTER TABLE {name} FORCE ROW LEVEL SECURITY;
             ALTER TABLE events ATTACH PARTITION {name} FOR VALUES FROM ('{from}') TO ('{to}');"
        );
        transaction.execute(AssertSqlSafe(sql)).await?;
    }
    transaction.commit().await?;
    Ok(days.len())
}

/// Keeps days ahead for as long as the node runs.
pub async fn keep(db: Db) {
    loop {
        let wait = match make(&db).await {
            Ok(0) => LOOK_EVERY,
            Ok(made) => {
                log::info!("events: {made} days are made ahead");
                LOOK_EVERY
            }
            Err(error) => {
                log::warn!("events: days cannot be made: {error}");
                LOOK_AGAIN
            }
        };
        tokio::time::sleep(wait).await;
    }
}
