//! The schema's versions, and the roles that it speaks of.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::PgConnection;
use sqlx::{Executor as _, SqlSafeStr as _};

use super::{Db, DbError};

/// Every version, oldest first. One that was released is never changed.
const MIGRATIONS: [(i64, &str, &str); 1] = [(1, "first", include_str!("../../migrations/0001_first.sql"))];

/// Why a database cannot be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A role is missing, and may not be made.
    #[error(
        "the role {role} is missing and cannot be made ({error}); let an administrator run: \
         CREATE ROLE relay_reader NOLOGIN; CREATE ROLE relay_ingest NOLOGIN; GRANT relay_ingest TO the user of this address"
    )]
    Role {
        /// Which.
        role: &'static str,
        /// Why.
        error: DbError,
    },
    /// A version could not be applied.
    #[error("{0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The database.
    #[error("the database cannot be used: {0}")]
    Database(#[from] DbError),
}

/// Makes the roles where they are missing, and applies what is not applied; answers the version.
pub async fn migrate(db: &Db) -> Result<i64, MigrateError> {
    let mut connection = db.owner.acquire().await?;
    roles(&mut connection).await?;
    let migrations = MIGRATIONS.map(|(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.into()).run(&mut *connection).await?;
    Ok(newest())
}

/// The version that this program needs.
#[must_use]
pub fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |(version, ..)| *version)
}

/// The version that the database has; 0 where nothing was ever applied.
pub async fn version(db: &Db) -> Result<i64, DbError> {
    let mut connection = db.owner.acquire().await?;
    let (is_there,): (bool,) = sqlx::query_as("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await?;
    if !is_there {
        return Ok(0);
    }
    let (version,): (i64,) =
        sqlx::query_as("SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success")
            .fetch_one(&mut *connection)
            .await?;
    Ok(version)
}

/// The two roles are the whole server's, and other databases of it may have made them already.
async fn roles(connection: &mut PgConnection) -> Result<(), MigrateError> {
    let attempts = [
        ("relay_reader", &["CREATE ROLE relay_reader NOLOGIN"][..]),
        // Who may not let a role pass the rows' security has the policy of the tables, which comes to the same.
        (
            "relay_ingest",
            &["CREATE ROLE relay_ingest NOLOGIN BYPASSRLS", "CREATE ROLE relay_ingest NOLOGIN"][..],
        ),
    ];
    for (role, statements) in attempts {
        let mut failed = None;
        for statement in statements {
            if is_role(connection, role).await? {
                break;
            }
            failed = connection.execute(*statement).await.err();
        }
        // Whoever migrates another database at the same time may have been first.
        if let (Some(error), false) = (failed, is_role(connection, role).await?) {
            return Err(MigrateError::Role { role, error });
        }
    }
    if !is_member(connection).await? {
        let granted = connection.execute("GRANT relay_ingest TO CURRENT_USER").await;
        if let (Err(error), false) = (granted, is_member(connection).await?) {
            return Err(MigrateError::Role { role: "relay_ingest", error });
        }
    }
    Ok(())
}

async fn is_member(connection: &mut PgConnection) -> Result<bool, DbError> {
    let (is_member,): (bool,) = sqlx::query_as("SELECT pg_has_role(current_user, 'relay_ingest', 'MEMBER')")
        .fetch_one(&mut *connection)
        .await?;
    Ok(is_member)
}

async fn is_role(connection: &mut PgConnection, role: &str) -> Result<bool, DbError> {
    let (is_there,): (bool,) = sqlx::query_as("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)")
        .bind(role)
        .fetch_one(connection)
        .await?;
    Ok(is_there)
}
