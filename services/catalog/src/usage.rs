//! What the charts show: how much is asked, how it goes, and what is cited.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{Administration, DocumentId, Result, answers::AnswerRecord, db::on_db};

/// What was asked since some day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Each day on which something was asked, the earliest first (UTC).
    pub days: Vec<DayOfUse>,
    /// The documents that answers cite most, with how many do.
    pub cited: Vec<(DocumentId, String, i64)>,
    /// Milliseconds within which half of the answers, and 95 of 100, were there; none where nothing was asked.
    pub median_ms: Option<i32>,
    pub p95_ms: Option<i32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayOfUse {
    pub day: NaiveDate,
    pub asked: i64,
    pub refused: i64,
    /// Not finished: whoever asked left, or the server stopped.
    pub stopped: i64,
    /// Took longer than [`SLOW_MS`].
    pub slow: i64,
}

/// Whoever waits longer waits.
pub const SLOW_MS: i32 = 3000;
/// Answers that are counted, at most: the latest.
const MOST: i64 = 200_000;
const MOST_CITED: i64 = 10;

impl Administration {
    /// What was asked in the portal since then.
    ///
    /// # Errors
    /// The database failed.
    pub async fn usage(&self, since: DateTime<Utc>) -> Result<Usage> {
        let rows: Vec<(DateTime<Utc>, String, Option<i32>)> = on_db!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT created_at, status, total_ms FROM answers WHERE created_at >= $1 AND person_id IS NOT NULL ORDER BY created_at DESC LIMIT $2",
            )
            .bind(since)
            .bind(MOST)
            .fetch_all(pool)
            .await?
        });
        let cited: Vec<(DocumentId, String, i64)> = on_db!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT d.id, r.title, count(*) AS times FROM answer_documents x JOIN answers a ON a.id = x.answer_id \
                 JOIN documents d ON d.id = x.document_id JOIN revisions r ON r.document_id = d.id AND r.state = 'live' \
                 WHERE a.created_at >= $1 AND a.person_id IS NOT NULL GROUP BY d.id, r.title ORDER BY times DESC, r.title LIMIT $2",
            )
            .bind(since)
            .bind(MOST_CITED)
            .fetch_all(pool)
            .await?
        });
        let mut days: BTreeMap<NaiveDate, DayOfUse> = BTreeMap::new();
        let mut times = Vec::new();
        for (at, status, total_ms) in rows {
            let day = at.date_naive();
            let day = days.entry(day).or_insert(DayOfUse { day, asked: 0, refused: 0, stopped: 0, slow: 0 });
            day.asked += 1;
            day.refused += i64::from(status == "abstained");
            day.stopped += i64::from(status == AnswerRecord::OPEN);
            day.slow += i64::from(total_ms.is_some_and(|ms| ms > SLOW_MS));
            times.extend(total_ms);
        }
        times.sort_unstable();
        let within = |percent: usize| times.get(times.len().saturating_sub(1) * percent / 100).copied();
        Ok(Usage { days: days.into_values().collect(), cited, median_ms: within(50), p95_ms: within(95) })
    }
}
