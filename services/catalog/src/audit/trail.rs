use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;
use sqlx::QueryBuilder;

use super::{Action, Actor, AuditRecord, NewRecord, Object, audit};
use crate::{
    Clock, PersonId, Result,
    db::{Db, in_transaction, on_db},
};

/// The door to the trail, for auditors, administrators and the command line.
#[derive(Clone, Debug)]
pub struct AuditTrail {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) actor: Actor,
    /// The administrator who may have a hand in opening a pseudonym.
    pub(crate) opens: Option<PersonId>,
}

/// Which records to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// As [`Actor`] is written.
    pub actor: Option<String>,
    pub action: Option<Action>,
    /// As [`Object`] is written.
    pub object: Option<String>,
    pub since: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

macro_rules! push_audit_filter {
    ($query:expr, $filter:expr) => {
        if let Some(actor) = &$filter.actor {
            $query.push(" AND actor = ").push_bind(actor.clone());
        }
        if let Some(action) = $filter.action {
            $query.push(" AND action = ").push_bind(action.as_str());
        }
        if let Some(object) = &$filter.object {
            $query.push(" AND object = ").push_bind(object.clone());
        }
        // All are written alike, so that their order is that of time.
        if let Some(since) = $filter.since {
            $query.push(" AND at >= ").push_bind(since.to_rfc3339_opts(SecondsFormat::Micros, true));
        }
        if let Some(until) = $filter.until {
            $query.push(" AND at < ").push_bind(until.to_rfc3339_opts(SecondsFormat::Micros, true));
        }
    };
}

impl AuditTrail {
    /// Records before one (the latest first), or the latest.
    ///
    /// # Errors
    /// The database failed; so for all functions here.
    pub async fn before(&self, filter: &AuditFilter, before: Option<i64>, limit: u32) -> Result<Vec<AuditRecord>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new("SELECT seq, at, actor, action, object, details, hash FROM audit WHERE seq < ");
            query.push_bind(before.unwrap_or(i64::MAX));
            push_audit_filter!(query, filter);
            query.push(" ORDER BY seq DESC LIMIT ").push_bind(i64::from(limit));
            query.build_query_as().fetch_all(pool).await?
        }))
    }

    /// Records after one, in their order: for export, in parts.
    ///
    /// # Errors
    /// The database failed.
    pub async fn after(&self, filter: &AuditFilter, after: i64, limit: u32) -> Result<Vec<AuditRecord>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new("SELECT seq, at, actor, action, object, details, hash FROM audit WHERE seq > ");
            query.push_bind(after);
            push_audit_filter!(query, filter);
            query.push(" ORDER BY seq LIMIT ").push_bind(i64::from(limit));
            query.build_query_as().fetch_all(pool).await?
        }))
    }

    /// # Errors
    /// The database failed.
    pub async fn count(&self, filter: &AuditFilter) -> Result<i64> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new("SELECT count(*) FROM audit WHERE 1 = 1");
            push_audit_filter!(query, filter);
            query.build_query_scalar().fetch_one(pool).await?
        }))
    }

    /// Notes that the trail itself was read or exported.
    ///
    /// # Errors
    /// The database failed.
    pub async fn note(&self, action: Action) -> Result<()> {
        let record = NewRecord::new(self.clock.now(), self.actor, action, Object::Nothing, &json!(null));
        in_transaction!(&self.db, |tx| audit!(tx, [record]));
        Ok(())
    }

    /// Forgets what is older, and notes that. What is kept begins with a known hash, so that it can still be verified. Returns how
    /// many records are gone.
    ///
    /// # Errors
    /// The database failed.
    pub async fn forget_before(&self, time: DateTime<Utc>) -> Result<u64> {
        let time = time.to_rfc3339_opts(SecondsFormat::Micros, true);
        Ok(in_transaction!(&self.db, |tx| {
            // The last of those that are older, as long as none before it is younger: clocks have been put back before.
            let cut: Option<(i64, String)> = sqlx::query_as(
                "SELECT seq, hash FROM audit WHERE seq < coalesce((SELECT min(seq) FROM audit WHERE at >= $1), $2) ORDER BY seq DESC LIMIT 1",
            )
            .bind(&time)
            .bind(i64::MAX)
            .fetch_optional(&mut *tx)
            .await?;
            match cut {
                None => 0,
                Some((seq, hash)) => {
                    sqlx::query("UPDATE audit_ends SET before_seq = $1, before_hash = $2").bind(seq).bind(&hash).execute(&mut *tx).await?;
                    let gone = sqlx::query("DELETE FROM audit WHERE seq <= $1").bind(seq).execute(&mut *tx).await?.rows_affected();
                    let details = json!({ "records": gone, "last": seq, "hash": hash, "before": time });
                    audit!(tx, [NewRecord::new(self.clock.now(), self.actor, Action::TrailCut, Object::Nothing, &details)]);
                    gone
                }
            }
        }))
    }
}
