//! The trail: who did what to what, in the order in which it happened. Append-only and chained: each record carries the hash of itself and of
//! the one before, so that a change shows ([`verify`]). A record is written in the transaction of what it tells.

mod action;
mod pseudonyms;
mod record;
mod trail;
mod verify;

pub use action::{Action, Actor, Object};
pub use pseudonyms::Disclosure;
pub use record::{AuditRecord, Circumstances};
pub use trail::{AuditFilter, AuditTrail};
pub use verify::{Fault, Verified};

pub(crate) use record::NewRecord;

/// Adds records to the trail within a transaction. The ends are locked until it commits, so records never fork.
macro_rules! audit {
    ($tx:expr, $records:expr) => {
        for new in $records {
            let (seq, previous, pseudonymous, key): (i64, String, bool, Option<String>) =
                sqlx::query_as("UPDATE audit_ends SET last_seq = last_seq + 1 RETURNING last_seq, last_hash, pseudonymous, pseudonym_key")
                    .fetch_one(&mut *$tx)
                    .await?;
            let record = new.under(key.as_deref(), pseudonymous).after(seq, &previous);
            sqlx::query("INSERT INTO audit (seq, at, actor, action, object, details, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)")
                .bind(record.seq)
                .bind(&record.at)
                .bind(&record.actor)
                .bind(&record.action)
                .bind(&record.object)
                .bind(&record.details)
                .bind(&record.hash)
                .execute(&mut *$tx)
                .await?;
            sqlx::query("UPDATE audit_ends SET last_hash = $1").bind(&record.hash).execute(&mut *$tx).await?;
        }
    };
}

pub(crate) use audit;
