//! Upkeep: for ingest, repair and administration. Sees everything; never handed to a request of a person.

use std::collections::{HashMap, HashSet};

use crate::{
    Clock, Collection, CollectionId, DocumentId, KnownSource, Passage, PassageId, Result, RevisionId,
    audit::{Action, Actor, NewRecord, Object, audit},
    db::{Db, in_transaction, on_db, push_list},
    rows::{LIVE_PASSAGES, PassageRow, like_literal},
};
use serde::Serialize;
use serde_json::json;
use sqlx::QueryBuilder;
use uuid::Uuid;

#[derive(Clone, Debug)]
pub struct System {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) actor: Actor,
}

/// What is live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Counts {
    pub documents: i64,
    pub pages: i64,
    pub passages: i64,
}

impl System {
    /// The collection of that name, made if there is none.
    ///
    /// # Errors
    /// The database failed; so for all functions here.
    pub async fn ensure_collection(&self, name: &str) -> Result<Collection> {
        let id = CollectionId::new();
        let record =
            NewRecord::new(self.clock.now(), self.actor, Action::CollectionCreated, Object::Collection(id), &json!({ "name": name }));
        Ok(in_transaction!(&self.db, |tx| {
            let made = sqlx::query("INSERT INTO collections (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING")
                .bind(id)
                .bind(name)
                .bind(self.clock.now())
                .execute(&mut *tx)
                .await?;
            if made.rows_affected() > 0 {
                audit!(tx, [record]);
            }
            sqlx::query_as("SELECT id, name, created_at FROM collections WHERE name = $1").bind(name).fetch_one(&mut *tx).await?
        }))
    }

    /// # Errors
    /// The database failed.
    pub async fn collections(&self) -> Result<Vec<Collection>> {
        Ok(on_db!(&self.db, |pool| sqlx::query_as("SELECT id, name, created_at FROM collections ORDER BY name").fetch_all(pool).await?))
    }

    /// What is live of a collection at a path or below it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn known_sources(&self, collection: CollectionId, under: &str) -> Result<Vec<KnownSource>> {
        let below = format!("{}/%", like_literal(under.trim_end_matches('/')));
        let found: Vec<KnownSource> = on_db!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT d.id AS document_id, r.id AS revision_id, d.path, r.content_hash, r.pipeline, r.page_count, r.passage_count \
                 FROM documents d JOIN revisions r ON r.document_id = d.id AND r.state = 'live' \
                 WHERE d.collection_id = $1 AND (d.path = $2 OR d.path LIKE $3 ESCAPE '\\') ORDER BY d.path",
            )
            .bind(collection)
            .bind(under)
            .bind(below)
            .fetch_all(pool)
            .await?
        });
        // LIKE ignores case on one of the databases.
        let folder = format!("{}/", under.trim_end_matches('/'));
        Ok(found.into_iter().filter(|k| k.path == under || k.path.starts_with(&folder)).collect())
    }

    /// Live passages by id, for building an index: the next `limit` after one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn live_passages(&self, after: Option<PassageId>, limit: u32) -> Result<Vec<Passage>> {
        let after = after.unwrap_or(PassageId::from_uuid(Uuid::nil()));
        let rows: Vec<PassageRow> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(LIVE_PASSAGES);
            query.push("p.id > ").push_bind(after).push(" ORDER BY p.id LIMIT ").push_bind(i64::from(limit));
            query.build_query_as().fetch_all(pool).await?
        });
        Ok(rows.into_iter().map(Passage::from).collect())
    }

    /// What the next page begins with, for those of these passages whose section goes on there.
    ///
    /// # Errors
    /// The database failed.
    pub async fn texts_after(&self, passages: &[PassageId]) -> Result<HashMap<PassageId, String>> {
        let mut found = HashMap::new();
        // Well under the bind limits of both databases.
        for ids in passages.chunks(1000) {
            let rows: Vec<(PassageId, String)> = on_db!(&self.db, |pool| {
                let mut query = QueryBuilder::new(
                    "SELECT p.id, n.text FROM passages p \
                     JOIN passages n ON n.revision_id = p.revision_id AND n.ordinal = p.ordinal + 1 AND n.page = p.page + 1 AND n.headings = p.headings \
                     WHERE 1 = 1",
                );
                push_list!(query, " AND p.id", ids);
                query.build_query_as().fetch_all(pool).await?
            });
            found.extend(rows);
        }
        Ok(found)
    }

    /// # Errors
    /// The database failed.
    pub async fn counts(&self) -> Result<Counts> {
        Ok(on_db!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT count(*) AS documents, CAST(coalesce(sum(page_count), 0) AS BIGINT) AS pages, \
                 CAST(coalesce(sum(passage_count), 0) AS BIGINT) AS passages FROM revisions WHERE state = 'live'",
            )
            .fetch_one(pool)
            .await?
        }))
    }

    /// Names the state of what is live: another state has another name. An index that was made of this one is compared by it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn publication(&self) -> Result<String> {
        let newest: Option<RevisionId> = on_db!(&self.db, |pool| {
            // Ids rise with time, and whatever becomes live is a new revision.
            sqlx::query_scalar("SELECT id FROM revisions WHERE state = 'live' ORDER BY id DESC LIMIT 1").fetch_optional(pool).await?
        });
        let Counts { documents, passages, .. } = self.counts().await?;
        Ok(format!("{documents} {passages} {}", newest.map_or_else(String::new, |id| id.to_string())))
    }

    /// The pipelines that made the live revisions, each with the number of its documents and the path of one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn live_pipelines(&self) -> Result<Vec<(String, i64, String)>> {
        Ok(on_db!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT r.pipeline, count(*), min(d.path) FROM revisions r JOIN documents d ON d.id = r.document_id \
                 WHERE r.state = 'live' GROUP BY r.pipeline ORDER BY r.pipeline",
            )
            .fetch_all(pool)
            .await?
        }))
    }

    /// The paths of all documents.
    ///
    /// # Errors
    /// The database failed.
    pub async fn document_paths(&self) -> Result<Vec<String>> {
        Ok(on_db!(&self.db, |pool| sqlx::query_scalar("SELECT path FROM documents").fetch_all(pool).await?))
    }

    /// Whether a document, or one that its file holds, is restricted to some groups.
    ///
    /// # Errors
    /// The database failed.
    pub async fn is_restricted(&self, id: DocumentId) -> Result<bool> {
        let restricted: i64 = on_db!(&self.db, |pool| {
            sqlx::query_scalar(
                "SELECT count(*) FROM documents d JOIN documents f ON f.id = $1 AND f.collection_id = d.collection_id \
                 WHERE d.restricted AND (d.id = f.id OR substr(d.path, 1, length(f.path) + 1) = f.path || '/')",
            )
            .bind(id)
            .fetch_one(pool)
            .await?
        });
        Ok(restricted > 0)
    }

    /// What editors answered from a document is answered from another from now on: it was moved there.
    ///
    /// # Errors
    /// The database failed.
    pub async fn move_verified(&self, from: DocumentId, to: DocumentId) -> Result<()> {
        on_db!(&self.db, |pool| {
            sqlx::query("UPDATE verified_answers SET document_id = $2 WHERE document_id = $1").bind(from).bind(to).execute(pool).await?;
        });
        Ok(())
    }

    /// BLAKE3 of the live bytes of a document, as hex.
    ///
    /// # Errors
    /// The database failed.
    pub async fn live_hash(&self, id: DocumentId) -> Result<Option<String>> {
        Ok(on_db!(&self.db, |pool| {
            sqlx::query_scalar("SELECT content_hash FROM revisions WHERE document_id = $1 AND state = 'live'")
                .bind(id)
                .fetch_optional(pool)
                .await?
        }))
    }

    /// Where a document was read from.
    ///
    /// # Errors
    /// The database failed.
    pub async fn document_path(&self, id: DocumentId) -> Result<Option<String>> {
        Ok(on_db!(&self.db, |pool| sqlx::query_scalar("SELECT path FROM documents WHERE id = $1").bind(id).fetch_optional(pool).await?))
    }

    /// The content hashes of all revisions that there are, live or not.
    ///
    /// # Errors
    /// The database failed.
    pub async fn content_hashes(&self) -> Result<HashSet<String>> {
        let hashes: Vec<String> =
            on_db!(&self.db, |pool| sqlx::query_scalar("SELECT DISTINCT content_hash FROM revisions").fetch_all(pool).await?);
        Ok(hashes.into_iter().collect())
    }
}
