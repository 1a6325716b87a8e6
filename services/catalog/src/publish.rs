//! The commit point, and what has to be cleared after it or after a crash before it.

use serde_json::json;
use sqlx::QueryBuilder;

use crate::{
    CollectionId, DocumentId, Result, RevisionId, System,
    audit::{Action, NewRecord, Object, audit},
    db::{in_transaction, on_db},
    rows::like_literal,
};

impl System {
    /// Makes staged revisions live, all at once: from here on readers see them, and no longer the ones before.
    ///
    /// # Errors
    /// The database failed; then none of them is live.
    pub async fn publish(&self, revisions: &[RevisionId]) -> Result<()> {
        let now = self.clock.now();
        in_transaction!(&self.db, |tx| {
            for &revision in revisions {
                sqlx::query(
                    "INSERT INTO index_removals (revision_id) SELECT id FROM revisions WHERE state = 'live' \
                     AND document_id = (SELECT document_id FROM revisions WHERE id = $1)",
                )
                .bind(revision)
                .execute(&mut *tx)
                .await?;
                sqlx::query(
                    "UPDATE revisions SET state = 'superseded' WHERE state = 'live' \
                     AND document_id = (SELECT document_id FROM revisions WHERE id = $1)",
                )
                .bind(revision)
                .execute(&mut *tx)
                .await?;
                let made_live = sqlx::query("UPDATE revisions SET state = 'live', live_at = $2 WHERE id = $1 AND state = 'staged'")
                    .bind(revision)
                    .bind(now)
                    .execute(&mut *tx)
                    .await?;
                if made_live.rows_affected() != 1 {
                    // Rolled back with all the others: a revision that is not staged can't become live.
                    return Err(sqlx::Error::RowNotFound.into());
                }
                let (document, path, hash): (DocumentId, String, String) = sqlx::query_as(
                    "SELECT d.id, d.path, r.content_hash FROM revisions r JOIN documents d ON d.id = r.document_id WHERE r.id = $1",
                )
                .bind(revision)
                .fetch_one(&mut *tx)
                .await?;
                let details = json!({ "path": path, "revision": revision, "content": hash });
                audit!(tx, [NewRecord::new(now, self.actor, Action::DocumentPublished, Object::Document(document), &details)]);
            }
        });
        Ok(())
    }

    /// Staged revisions: left by a run that was cut short, as long as no other run is under way.
    ///
    /// # Errors
    /// The database failed.
    pub async fn unpublished(&self) -> Result<Vec<RevisionId>> {
        Ok(on_db!(&self.db, |pool| sqlx::query_scalar("SELECT id FROM revisions WHERE state = 'staged' ORDER BY id")
            .fetch_all(pool)
            .await?))
    }

    /// Forgets staged revisions, and documents that have no other.
    ///
    /// # Errors
    /// The database failed.
    pub async fn discard(&self, revisions: &[RevisionId]) -> Result<()> {
        in_transaction!(&self.db, |tx| {
            for &revision in revisions {
                sqlx::query("DELETE FROM revisions WHERE id = $1 AND state = 'staged'").bind(revision).execute(&mut *tx).await?;
            }
            sqlx::query("DELETE FROM documents WHERE NOT EXISTS (SELECT 1 FROM revisions r WHERE r.document_id = documents.id)")
                .execute(&mut *tx)
                .await?;
        });
        Ok(())
    }

    /// Revisions that are no longer live, or deleted, and whose passages are still to be taken out of the index.
    ///
    /// # Errors
    /// The database failed.
    pub async fn superseded_in_index(&self) -> Result<Vec<RevisionId>> {
        Ok(on_db!(&self.db, |pool| sqlx::query_scalar("SELECT revision_id FROM index_removals ORDER BY revision_id")
            .fetch_all(pool)
            .await?))
    }

    /// Notes that the passages of these revisions are out of the index.
    ///
    /// # Errors
    /// The database failed.
    pub async fn removed_from_index(&self, revisions: &[RevisionId]) -> Result<()> {
        for revisions in revisions.chunks(1000) {
            on_db!(&self.db, |pool| {
                let mut query = QueryBuilder::new("DELETE FROM index_removals WHERE revision_id IN (");
                let mut list = query.separated(", ");
                for revision in revisions {
                    list.push_bind(*revision);
                }
                query.push(")");
                query.build().execute(pool).await?;
            });
        }
        Ok(())
    }

    /// Deletes a document with the text of all its revisions, and what its file holds. False where there is none.
    ///
    /// # Errors
    /// The database failed.
    pub async fn delete_document(&self, document: DocumentId) -> Result<bool> {
        let deleted = in_transaction!(&self.db, |tx| {
            let own: Option<(CollectionId, String)> =
                sqlx::query_as("SELECT collection_id, path FROM documents WHERE id = $1").bind(document).fetch_optional(&mut *tx).await?;
            let mut gone = 0;
            if let Some((collection, path)) = own {
                let within = format!("{path}/");
                let below: Vec<(DocumentId, String)> =
                    sqlx::query_as("SELECT id, path FROM documents WHERE collection_id = $1 AND path LIKE $2 ESCAPE '\\'")
                        .bind(collection)
                        .bind(format!("{}%", like_literal(&within)))
                        .fetch_all(&mut *tx)
                        .await?;
                // LIKE ignores case on one of the databases.
                let below = below.into_iter().filter(|(_, path)| path.starts_with(&within));
                for (document, path) in std::iter::once((document, path)).chain(below) {
                    sqlx::query(
                        "INSERT INTO index_removals (revision_id) SELECT id FROM revisions WHERE document_id = $1 ON CONFLICT (revision_id) DO NOTHING",
                    )
                    .bind(document)
                    .execute(&mut *tx)
                    .await?;
                    gone += sqlx::query("DELETE FROM documents WHERE id = $1").bind(document).execute(&mut *tx).await?.rows_affected();
                    let (now, details) = (self.clock.now(), json!({ "path": path }));
                    audit!(tx, [NewRecord::new(now, self.actor, Action::DocumentDeleted, Object::Document(document), &details)]);
                }
            }
            gone
        });
        Ok(deleted > 0)
    }
}
