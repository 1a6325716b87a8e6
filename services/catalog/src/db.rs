//! The seam between one SQL text and two databases. The only file that names a driver.

use std::{str::FromStr, time::Duration};

use sqlx::{
    PgPool, SqlitePool,
    migrate::MigrateError,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{Error, Result};

#[derive(Clone, Debug)]
pub(crate) enum Db {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Runs the same body on whichever database there is: `on_db!(db, |pool| query.fetch_all(pool).await)`.
macro_rules! on_db {
    ($db:expr, |$pool:ident| $body:expr) => {
        match $db {
            $crate::db::Db::Sqlite($pool) => $body,
            $crate::db::Db::Postgres($pool) => $body,
        }
    };
}

/// Runs a body within a writing transaction, committed at its end and rolled back when `?` leaves it. SQLite takes
/// the write lock at once: a transaction that reads first and writes later could not wait for another writer.
macro_rules! in_transaction {
    ($db:expr, |$tx:ident| $body:expr) => {
        match $db {
            $crate::db::Db::Sqlite(pool) => {
                let mut $tx = pool.begin_with("BEGIN IMMEDIATE").await?;
                let done = $body;
                $tx.commit().await?;
                done
            }
            $crate::db::Db::Postgres(pool) => {
                let mut $tx = pool.begin().await?;
                let done = $body;
                $tx.commit().await?;
                done
            }
        }
    };
}

/// Adds "column IN (values)"; an empty list matches nothing.
macro_rules! push_list {
    ($query:expr, $column:expr, $values:expr) => {
        if $values.is_empty() {
            $query.push(" AND 1 = 0");
        } else {
            $query.push($column).push(" IN (");
            let mut list = $query.separated(", ");
            for value in $values {
                list.push_bind(value.to_owned());
            }
            $query.push(")");
        }
    };
}

pub(crate) use {in_transaction, on_db, push_list};

/// Connections at once. SQLite has one writer anyway; more readers than this gain nothing on two cores.
const CONNECTIONS: u32 = 8;
const PATIENCE: Duration = Duration::from_secs(10);

impl Db {
    pub(crate) async fn open(url: &str) -> Result<Self> {
        let db = if url.starts_with("sqlite:") {
            Self::Sqlite(open_sqlite(url).await?)
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
            Self::Postgres(pool.connect(url).await.map_err(|e| Error::Open(e.to_string()))?)
        } else {
            return Err(Error::Address(url.to_owned()));
        };
        let migrated = match &db {
            Self::Sqlite(pool) => sqlx::migrate!("../../migrations/sqlite").run(pool).await,
            Self::Postgres(pool) => sqlx::migrate!("../../migrations/postgres").run(pool).await,
        };
        migrated.map_err(|e| match e {
            MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => Error::Newer(e.to_string()),
            other => Error::Open(format!("{other}; if the file is damaged, restore it from a backup")),
        })?;
        Ok(db)
    }
}

async fn open_sqlite(url: &str) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|_| Error::Address(url.to_owned()))?
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        // What was published is still there after a power cut.
        .synchronous(SqliteSynchronous::Full)
        // Deleted text is overwritten, not merely marked as free.
        .pragma("secure_delete", "ON")
        .busy_timeout(PATIENCE);
    SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await
        .map_err(|e| Error::Open(format!("{e}; check that {url} can be written and is not damaged")))
}
