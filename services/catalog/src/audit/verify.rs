//! Whether the trail is what was written.

use std::collections::HashMap;

use sqlx::QueryBuilder;

use super::{Action, Actor, AuditFilter, AuditRecord, AuditTrail, pseudonyms::pseudonym};
use crate::{
    AnswerId, PersonId, Result,
    answers::{evidence_hash, record_hash},
    db::{on_db, push_list},
};

/// Records of one look.
const BATCH: i64 = 1000;
/// Answers of one look: each may be long.
const MAX_ANSWERS: u32 = 100;

/// What was found out about the trail.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    /// How many records were looked at.
    pub records: u64,
    /// Number and hash of the last one. Kept elsewhere, they show later that nothing before was exchanged, not even all of it.
    pub last_seq: i64,
    pub last_hash: String,
    /// In their order; none where the trail is whole.
    pub faults: Vec<Fault>,
}

/// A place where the trail is not what was written.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    pub seq: i64,
    pub reason: String,
}

/// More are not listed: something has happened to all of it.
const MAX_FAULTS: usize = 100;

impl AuditTrail {
    /// Looks at every record, and at both ends. With `known`, a number and hash that were kept elsewhere, also whether the trail
    /// still has that record.
    ///
    /// # Errors
    /// The database failed. A trail that was changed is no error.
    pub async fn verify(&self, known: Option<(i64, &str)>) -> Result<Verified> {
        let (last_seq, last_hash, before_seq, before_hash): (i64, String, i64, String) = on_db!(&self.db, |pool| {
            sqlx::query_as("SELECT last_seq, last_hash, before_seq, before_hash FROM audit_ends").fetch_one(pool).await?
        });
        let mut found = Verified { records: 0, last_seq, last_hash, faults: Vec::new() };
        let mut known = known;
        let mut seq = before_seq;
        // What the hash before may be: as it is kept, and as it follows from its record, of which one may have been changed. None where
        // that record is missing.
        let mut before = vec![before_hash];
        loop {
            let batch = self.batch(seq, last_seq).await?;
            if batch.is_empty() || found.faults.len() >= MAX_FAULTS {
                break;
            }
            for (at, record) in batch {
                found.records += 1;
                if at != seq + 1 {
                    found.fault(at, missing(seq + 1, at - 1));
                    before.clear();
                }
                seq = at;
                let Some(record) = record else {
                    found.fault(at, "it cannot be read".into());
                    before.clear();
                    continue;
                };
                let follows: Vec<String> = before.iter().map(|before| record.hash_after(before)).collect();
                if !follows.is_empty() && !follows.contains(&record.hash) {
                    found.fault(at, "it is not what was written".into());
                }
                if let Some((_, hash)) = known.take_if(|(known, _)| *known == at)
                    && hash != record.hash
                {
                    found.fault(at, "its hash is not the one that was kept elsewhere".into());
                }
                before = follows;
                before.push(record.hash);
            }
        }
        if seq < last_seq {
            found.fault(last_seq, missing(seq + 1, last_seq));
        } else if !before.is_empty() && !before.contains(&found.last_hash) {
            found.fault(seq, "it is not the record that was written last".into());
        }
        if found.faults.is_empty() {
            self.answers(Action::QuestionAsked, &mut found).await?;
            self.answers(Action::AnswerGiven, &mut found).await?;
        }
        if let Some((seq, _)) = known {
            found.fault(seq, "the record that was kept elsewhere is not in the trail".into());
        }
        Ok(found)
    }

    /// Whether the answers that the trail tells of are the ones that were given: as they were begun, and as they were finished.
    async fn answers(&self, action: Action, found: &mut Verified) -> Result<()> {
        let given = AuditFilter { action: Some(action), ..AuditFilter::default() };
        let (_, key) = self.key().await?;
        let mut last = 0;
        loop {
            let records = self.after(&given, last, MAX_ANSWERS).await?;
            let Some(AuditRecord { seq, .. }) = records.last() else { return Ok(()) };
            last = *seq;
            let told: Vec<Told> = records.iter().filter_map(told).collect();
            let ids: Vec<AnswerId> = told.iter().map(|told| told.answer).collect();
            let kept: Vec<(AnswerId, String, String, Option<PersonId>, String)> = on_db!(&self.db, |pool| {
                let mut query = QueryBuilder::new("SELECT id, question, status, person_id, CAST(record AS TEXT) FROM answers WHERE 1 = 1");
                push_list!(query, " AND id", &ids);
                query.build_query_as().fetch_all(pool).await?
            });
            let hashed = |question: &str, status: &str, record: &str| match action {
                Action::QuestionAsked => evidence_hash(question, record),
                _ => record_hash(question, status, record),
            };
            let hashes = kept.into_iter().map(|(id, question, status, person, record)| (id, (hashed(&question, &status, &record), person)));
            let kept: HashMap<AnswerId, (String, Option<PersonId>)> = hashes.collect();
            for Told { seq, answer, actor, hash } in told {
                match kept.get(&answer) {
                    None => found.fault(seq, format!("the answer {answer} that it tells of is gone")),
                    Some((kept, person)) if *kept != hash || !is_called(*person, &actor, key.as_deref()) => {
                        found.fault(seq, format!("the answer {answer} is not the one that it tells of"));
                    }
                    Some(_) => {}
                }
            }
        }
    }

    /// The records after one, up to what was the last when the look began; without what can't be read.
    async fn batch(&self, after: i64, last: i64) -> Result<Vec<(i64, Option<AuditRecord>)>> {
        let whole: std::result::Result<Vec<AuditRecord>, sqlx::Error> = on_db!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT seq, at, actor, action, object, details, hash FROM audit WHERE seq > $1 AND seq <= $3 ORDER BY seq LIMIT $2",
            )
            .bind(after)
            .bind(BATCH)
            .bind(last)
            .fetch_all(pool)
            .await
        });
        if let Ok(whole) = whole {
            return Ok(whole.into_iter().map(|record| (record.seq, Some(record))).collect());
        }
        // One of them can't: they are read one by one.
        let numbers: Vec<i64> = on_db!(&self.db, |pool| {
            sqlx::query_scalar("SELECT seq FROM audit WHERE seq > $1 AND seq <= $3 ORDER BY seq LIMIT $2")
                .bind(after)
                .bind(BATCH)
                .bind(last)
                .fetch_all(pool)
                .await?
        });
        let mut batch = Vec::new();
        for seq in numbers {
            let record: Option<AuditRecord> = on_db!(&self.db, |pool| {
                sqlx::query_as("SELECT seq, at, actor, action, object, details, hash FROM audit WHERE seq = $1")
                    .bind(seq)
                    .fetch_one(pool)
                    .await
                    .ok()
            });
            batch.push((seq, record));
        }
        Ok(batch)
    }
}

/// What a record tells of an answer.
struct Told {
    seq: i64,
    answer: AnswerId,
    actor: String,
    hash: String,
}

fn told(record: &AuditRecord) -> Option<Told> {
    let details: serde_json::Value = serde_json::from_str(&record.details).ok()?;
    let answer = record.object.strip_prefix("answer:")?.parse().ok()?;
    // A question that was asked before its evidence was hashed tells of none.
    let hash = details["record"].as_str().or_else(|| details["evidence"].as_str())?;
    Some(Told { seq: record.seq, answer, actor: record.actor.clone(), hash: hash.to_owned() })
}

/// Whether that is what the trail calls somebody, by name or by pseudonym.
fn is_called(person: Option<PersonId>, actor: &str, key: Option<&str>) -> bool {
    let Some(person) = person else { return actor == Actor::Operator.to_string() };
    actor == Actor::Person(person).to_string() || key.is_some_and(|key| actor == pseudonym(key, &person.to_string()))
}

fn missing(first: i64, last: i64) -> String {
    if first == last { format!("record {first} is missing") } else { format!("records {first} to {last} are missing") }
}

impl Verified {
    fn fault(&mut self, seq: i64, reason: String) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault { seq, reason });
        }
    }
}
