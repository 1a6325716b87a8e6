//! A revision on its way in: whole in the catalog, visible to nobody.

use sqlx::{QueryBuilder, types::Json};

use crate::{
    DocumentId, Error, NewPassage, NewRevision, Page, PassageId, Result, RevisionId, StagedRevision, System,
    db::{in_transaction, push_list},
};

/// Rows of one INSERT: 9 columns of 1,000 rows are well under the bind limits (32,766 and 65,535).
const ROWS: usize = 1000;

impl System {
    /// Writes a revision with its pages and passages in one transaction. The document is made on first sight.
    ///
    /// # Errors
    /// [`Error::Nul`] for a text with NUL characters, which PostgreSQL can't hold; the database failed.
    pub async fn stage(&self, new: &NewRevision) -> Result<StagedRevision> {
        refuse_nul(new)?;
        let numbers = new.pages.iter().map(|page| page.number);
        let layouts: Vec<(i32, Vec<u8>)> = numbers.zip(&new.layouts).map(|(n, layout)| Ok((n, layout.encode()?))).collect::<Result<_>>()?;
        let now = self.clock.now();
        let revision = RevisionId::new();
        let ids: Vec<PassageId> = new.passages.iter().map(|_| PassageId::new()).collect();
        let document: DocumentId = in_transaction!(&self.db, |tx| {
            let id = DocumentId::new();
            let made = sqlx::query(
                "INSERT INTO documents (id, collection_id, path, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (collection_id, path) DO NOTHING",
            )
            .bind(id)
            .bind(new.collection_id)
            .bind(&new.path)
            .bind(now)
            .execute(&mut *tx)
            .await?;
            if made.rows_affected() > 0 {
                // What a file holds is read by whoever may read the file.
                let mut query = QueryBuilder::new("SELECT id FROM documents WHERE restricted AND collection_id = ");
                query.push_bind(new.collection_id);
                push_list!(query, " AND path", &containers(&new.path));
                query.push(" ORDER BY length(path) DESC LIMIT 1");
                let mut container: Option<DocumentId> = query.build_query_scalar().fetch_optional(&mut *tx).await?;
                if container.is_none() {
                    // A restricted document under another name: it was renamed, or copied.
                    container = sqlx::query_scalar(
                        "SELECT d.id FROM documents d JOIN revisions r ON r.document_id = d.id AND r.state = 'live' \
                         WHERE d.restricted AND d.collection_id = $1 AND r.content_hash = $2 ORDER BY d.id LIMIT 1",
                    )
                    .bind(new.collection_id)
                    .bind(&new.content_hash)
                    .fetch_optional(&mut *tx)
                    .await?;
                }
                if let Some(container) = container {
                    sqlx::query("UPDATE documents SET restricted = $2 WHERE id = $1").bind(id).bind(true).execute(&mut *tx).await?;
                    sqlx::query("INSERT INTO document_grants (document_id, group_id) SELECT $1, group_id FROM document_grants WHERE document_id = $2")
                        .bind(id)
                        .bind(container)
                        .execute(&mut *tx)
                        .await?;
                }
            }
            let document: DocumentId = sqlx::query_scalar("SELECT id FROM documents WHERE collection_id = $1 AND path = $2")
                .bind(new.collection_id)
                .bind(&new.path)
                .fetch_one(&mut *tx)
                .await?;
            sqlx::query(
                "INSERT INTO revisions (id, document_id, state, title, format, paged, language, dated, content_hash, pipeline, byte_count, \
                 page_count, passage_count, created_at) VALUES ($1, $2, 'staged', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            )
            .bind(revision)
            .bind(document)
            .bind(&new.title)
            .bind(new.format)
            .bind(new.paged)
            .bind(&new.language)
            .bind(new.dated)
            .bind(&new.content_hash)
            .bind(&new.pipeline)
            .bind(new.byte_count)
            .bind(count(new.pages.len()))
            .bind(count(new.passages.len()))
            .bind(now)
            .execute(&mut *tx)
            .await?;
            for pages in new.pages.chunks(ROWS) {
                let mut query = QueryBuilder::new("INSERT INTO pages (revision_id, number, label, text) ");
                query.push_values(pages, |mut row, page: &Page| {
                    row.push_bind(revision).push_bind(page.number).push_bind(page.label.clone()).push_bind(page.text.clone());
                });
                query.build().execute(&mut *tx).await?;
            }
            for layouts in layouts.chunks(ROWS) {
                let mut query = QueryBuilder::new("INSERT INTO page_layouts (revision_id, number, layout) ");
                query.push_values(layouts, |mut row, (number, layout): &(i32, Vec<u8>)| {
                    row.push_bind(revision).push_bind(*number).push_bind(layout.clone());
                });
                query.build().execute(&mut *tx).await?;
            }
            let numbered: Vec<_> = (0i32..).zip(ids.iter().zip(&new.passages)).collect();
            for passages in numbered.chunks(ROWS) {
                let mut query = QueryBuilder::new(
                    "INSERT INTO passages (id, revision_id, ordinal, page, start_char, end_char, headings, text, confidence) ",
                );
                query.push_values(passages, |mut row, (ordinal, (id, passage)): &(i32, (&PassageId, &NewPassage))| {
                    row.push_bind(**id).push_bind(revision).push_bind(*ordinal).push_bind(passage.page);
                    row.push_bind(passage.start).push_bind(passage.end);
                    row.push_bind(Json(passage.headings.clone())).push_bind(passage.text.clone()).push_bind(passage.confidence);
                });
                query.build().execute(&mut *tx).await?;
            }
            document
        });
        Ok(StagedRevision { document_id: document, revision_id: revision, passage_ids: ids })
    }
}

/// The paths that a file may lie within: a mail, an archive, and folders, of which there is no document.
fn containers(path: &str) -> Vec<String> {
    path.match_indices('/').map(|(at, _)| path[..at].to_owned()).filter(|container| !container.is_empty()).collect()
}

fn count(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn refuse_nul(new: &NewRevision) -> Result<()> {
    let texts = new.pages.iter().map(|p| &p.text).chain([&new.title, &new.path]);
    match texts.into_iter().find(|text| text.contains('\0')) {
        Some(_) => Err(Error::Nul(new.path.replace('\0', "\\0"))),
        None => Ok(()),
    }
}
