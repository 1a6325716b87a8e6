//! The one door to text: live, and within what the principal may read.

use std::collections::{BTreeSet, HashMap, HashSet};

use sqlx::{Database, QueryBuilder, types::Json};

use crate::{
    CollectionId, Document, DocumentId, Filter, Format, Page, PageLayout, Passage, PassageId, PersonId, Result, RevisionId, Scope,
    access::{Access, READABLE, push_access},
    db::{Db, on_db, push_list},
    rows::{LIVE_DOCUMENTS, LIVE_PASSAGES, PassageRow, like_literal},
};

/// What somebody may read. Every function checks it within its query.
#[derive(Clone, Debug)]
pub struct Reader {
    pub(crate) db: Db,
    pub(crate) access: Access,
    /// The collection that it is narrowed to.
    pub(crate) only: Option<CollectionId>,
    pub(crate) scope: Scope,
}

/// Which documents to list.
#[derive(Clone, Debug)]
pub struct DocumentFilter {
    /// Name of a collection.
    pub collection: Option<String>,
    /// Part of title or path, in any case.
    pub title_contains: Option<String>,
    pub limit: u32,
    pub offset: u32,
}

/// What there is to filter by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    /// In no order.
    pub formats: Vec<Format>,
    /// In the order of their codes.
    pub languages: Vec<String>,
}

/// A heading and where what it stands above begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineEntry {
    pub page: i32,
    /// In Unicode scalar values of the page.
    pub start: i32,
    /// The heading last, those above it before.
    pub headings: Vec<String>,
}

impl Default for DocumentFilter {
    fn default() -> Self {
        Self { collection: None, title_contains: None, limit: 100, offset: 0 }
    }
}

/// Adds "and the filter lets it pass" to a query over revisions `r`.
macro_rules! push_filter {
    ($query:expr, $filter:expr) => {
        if !$filter.formats.is_empty() {
            push_list!($query, " AND r.format", &$filter.formats);
        }
        if !$filter.languages.is_empty() {
            push_list!($query, " AND r.language", &$filter.languages);
        }
        if let Some(since) = $filter.since {
            $query.push(" AND r.dated >= ").push_bind(since);
        }
        if let Some(until) = $filter.until {
            $query.push(" AND r.dated <= ").push_bind(until);
        }
    };
}

macro_rules! push_wanted {
    ($query:expr, $filter:expr) => {
        if let Some(collection) = &$filter.collection {
            $query.push(" AND c.name = ").push_bind(collection.clone());
        }
        if let Some(part) = &$filter.title_contains {
            let pattern = format!("%{}%", like_literal(&part.to_lowercase()));
            $query.push(" AND (lower(r.title) LIKE ").push_bind(pattern.clone()).push(" ESCAPE '\\'");
            $query.push(" OR lower(d.path) LIKE ").push_bind(pattern).push(" ESCAPE '\\')");
        }
    };
}

impl Reader {
    /// Names of the collections that may be read, in their order, whatever the reader is narrowed to.
    ///
    /// # Errors
    /// The database failed; so for all functions here.
    pub async fn collections(&self) -> Result<Vec<String>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new("SELECT c.name FROM collections c");
            if let Access::Person { id, .. } = self.access {
                query.push(" WHERE c.id IN (").push(READABLE).push_bind(id).push(")");
            }
            query.push(" ORDER BY c.name");
            query.build_query_scalar().fetch_all(pool).await?
        }))
    }

    /// The collection that it is narrowed to.
    #[must_use]
    pub const fn only(&self) -> Option<CollectionId> {
        self.only
    }

    /// Goes into the query of both search indexes.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The live and readable ones among these passages that a filter lets pass, in the order of the ids.
    ///
    /// # Errors
    /// The database failed; so for all functions here.
    pub async fn passages(&self, ids: &[PassageId], filter: &Filter) -> Result<Vec<Passage>> {
        let mut found: HashMap<PassageId, Passage> = HashMap::with_capacity(ids.len());
        // Well under the bind limits of both databases.
        for ids in ids.chunks(1000) {
            let rows: Vec<PassageRow> = on_db!(&self.db, |pool| {
                let mut query = QueryBuilder::new(LIVE_PASSAGES);
                query.push("1 = 1");
                push_list!(query, " AND p.id", ids);
                push_access!(query, self.access, self.only);
                push_filter!(query, filter);
                query.build_query_as().fetch_all(pool).await?
            });
            found.extend(rows.into_iter().map(Passage::from).map(|p| (p.id, p)));
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// The first passage of a live document with exactly that text, where a filter lets it pass.
    ///
    /// # Errors
    /// The database failed.
    pub async fn passage_saying(&self, document: DocumentId, text: &str, filter: &Filter) -> Result<Option<Passage>> {
        let row: Option<PassageRow> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(LIVE_PASSAGES);
            query.push("d.id = ").push_bind(document).push(" AND p.text = ").push_bind(text);
            push_access!(query, self.access, self.only);
            push_filter!(query, filter);
            query.push(" ORDER BY p.ordinal LIMIT 1");
            query.build_query_as().fetch_optional(pool).await?
        });
        Ok(row.map(Passage::from))
    }

    /// The passages around one, in their order, itself included.
    ///
    /// # Errors
    /// The database failed.
    pub async fn passages_around(&self, passage: &Passage, before: i32, after: i32) -> Result<Vec<Passage>> {
        let (first, last) = (passage.ordinal.saturating_sub(before), passage.ordinal.saturating_add(after));
        let rows: Vec<PassageRow> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(LIVE_PASSAGES);
            query.push("p.revision_id = ").push_bind(passage.revision_id);
            query.push(" AND p.ordinal BETWEEN ").push_bind(first).push(" AND ").push_bind(last);
            push_access!(query, self.access, self.only);
            query.push(" ORDER BY p.ordinal");
            query.build_query_as().fetch_all(pool).await?
        });
        Ok(rows.into_iter().map(Passage::from).collect())
    }

    /// What follows these passages in their documents, in no order: the next passage of each that has one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn passages_after(&self, passages: &[&Passage]) -> Result<Vec<Passage>> {
        let mut found = Vec::new();
        // Well under the bind limits of both databases.
        for some in passages.chunks(200) {
            let rows: Vec<PassageRow> = on_db!(&self.db, |pool| {
                let mut query = QueryBuilder::new(LIVE_PASSAGES);
                // All of them by the same index, which a constant among them would prevent.
                for (nth, passage) in some.iter().enumerate() {
                    query.push(if nth == 0 { "(" } else { " OR " });
                    query.push("p.revision_id = ").push_bind(passage.revision_id);
                    query.push(" AND p.ordinal = ").push_bind(passage.ordinal.saturating_add(1));
                }
                query.push(")");
                push_access!(query, self.access, self.only);
                query.build_query_as().fetch_all(pool).await?
            });
            found.extend(rows.into_iter().map(Passage::from));
        }
        Ok(found)
    }

    /// The headings above or on a page of a revision that is or was live.
    ///
    /// # Errors
    /// The database failed.
    pub async fn page_headings(&self, revision: RevisionId, page: i32) -> Result<HashSet<String>> {
        let paths: Vec<Json<Vec<String>>> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(
                "SELECT p.headings FROM passages p JOIN revisions r ON r.id = p.revision_id AND r.state <> 'staged' \
                 JOIN documents d ON d.id = r.document_id WHERE p.revision_id = ",
            );
            query.push_bind(revision).push(" AND p.page = ").push_bind(page);
            push_access!(query, self.access, self.only);
            query.build_query_scalar().fetch_all(pool).await?
        });
        Ok(paths.into_iter().flat_map(|path| path.0).collect())
    }

    /// The headings of a revision that is or was live, in their order: where each first stands, and those above it, outermost first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn outline(&self, revision: RevisionId) -> Result<Vec<OutlineEntry>> {
        let rows: Vec<(i32, i32, Json<Vec<String>>)> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(
                "SELECT p.page, p.start_char, p.headings FROM passages p JOIN revisions r ON r.id = p.revision_id AND r.state <> 'staged' \
                 JOIN documents d ON d.id = r.document_id WHERE p.revision_id = ",
            );
            query.push_bind(revision);
            push_access!(query, self.access, self.only);
            query.push(" ORDER BY p.ordinal");
            query.build_query_as().fetch_all(pool).await?
        });
        let mut known: HashSet<Vec<String>> = HashSet::new();
        let mut outline = Vec::new();
        for (page, start, Json(headings)) in rows {
            for depth in 1..=headings.len() {
                if known.insert(headings[..depth].to_vec()) {
                    outline.push(OutlineEntry { page, start, headings: headings[..depth].to_vec() });
                }
            }
        }
        Ok(outline)
    }

    /// Live documents by title.
    ///
    /// # Errors
    /// The database failed.
    pub async fn documents(&self, filter: &DocumentFilter) -> Result<Vec<Document>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(LIVE_DOCUMENTS);
            query.push("1 = 1");
            push_wanted!(query, filter);
            push_access!(query, self.access, self.only);
            query.push(" ORDER BY lower(r.title), d.path, d.id LIMIT ").push_bind(i64::from(filter.limit));
            query.push(" OFFSET ").push_bind(i64::from(filter.offset));
            query.build_query_as().fetch_all(pool).await?
        }))
    }

    /// How many documents a filter lets pass, whatever its limit.
    ///
    /// # Errors
    /// The database failed.
    pub async fn document_count(&self, filter: &DocumentFilter) -> Result<i64> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(
                "SELECT count(*) FROM documents d JOIN revisions r ON r.document_id = d.id AND r.state = 'live' \
                 JOIN collections c ON c.id = d.collection_id WHERE 1 = 1",
            );
            push_wanted!(query, filter);
            push_access!(query, self.access, self.only);
            query.build_query_scalar().fetch_one(pool).await?
        }))
    }

    /// What there is to filter by: the formats and languages of the live documents.
    ///
    /// # Errors
    /// The database failed.
    pub async fn kinds(&self) -> Result<Kinds> {
        let found: Vec<(Format, Option<String>)> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(
                "SELECT DISTINCT r.format, r.language FROM documents d \
                 JOIN revisions r ON r.document_id = d.id AND r.state = 'live' WHERE 1 = 1",
            );
            push_access!(query, self.access, self.only);
            query.build_query_as().fetch_all(pool).await?
        });
        let (formats, languages): (HashSet<Format>, BTreeSet<Option<String>>) = found.into_iter().unzip();
        Ok(Kinds { formats: formats.into_iter().collect(), languages: languages.into_iter().flatten().collect() })
    }

    /// # Errors
    /// The database failed.
    pub async fn document(&self, id: DocumentId) -> Result<Option<Document>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(LIVE_DOCUMENTS);
            query.push("d.id = ").push_bind(id);
            push_access!(query, self.access, self.only);
            query.build_query_as().fetch_optional(pool).await?
        }))
    }

    /// Whether only some of those may read a document who may read its collection. False where it may not be read at all.
    ///
    /// # Errors
    /// The database failed.
    pub async fn is_restricted(&self, id: DocumentId) -> Result<bool> {
        let restricted: Option<bool> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new("SELECT d.restricted FROM documents d WHERE d.id = ");
            query.push_bind(id);
            push_access!(query, self.access, self.only);
            query.build_query_scalar().fetch_optional(pool).await?
        });
        Ok(restricted.unwrap_or_default())
    }

    /// Documents that a person may mean: by id, path, file name or title. The first of these that fits decides.
    ///
    /// # Errors
    /// The database failed.
    pub async fn document_named(&self, name: &str) -> Result<Vec<Document>> {
        if let Ok(id) = name.parse() {
            return Ok(self.document(id).await?.into_iter().collect());
        }
        let ending = format!("%/{}", like_literal(name));
        let found: Vec<Document> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(LIVE_DOCUMENTS);
            query.push("(d.path = ").push_bind(name).push(" OR r.title = ").push_bind(name);
            query.push(" OR d.path LIKE ").push_bind(ending).push(" ESCAPE '\\')");
            push_access!(query, self.access, self.only);
            query.push(" ORDER BY d.path, d.id LIMIT 100");
            query.build_query_as().fetch_all(pool).await?
        });
        let by_path: Vec<Document> = found.iter().filter(|d| d.path == name).cloned().collect();
        if !by_path.is_empty() {
            return Ok(by_path);
        }
        // LIKE ignores case on one of the databases.
        let ending = format!("/{name}");
        let by_file: Vec<Document> = found.iter().filter(|d| d.path.ends_with(&ending)).cloned().collect();
        if !by_file.is_empty() {
            return Ok(by_file);
        }
        Ok(found.into_iter().filter(|d| d.title == name).collect())
    }

    /// The live document of a revision, and whether the revision is the live one. None for revisions that never
    /// were live and for deleted documents.
    ///
    /// # Errors
    /// The database failed.
    pub async fn revision_document(&self, revision: RevisionId) -> Result<Option<(Document, bool)>> {
        let document: Option<Document> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(LIVE_DOCUMENTS);
            query.push("d.id = (SELECT document_id FROM revisions WHERE state <> 'staged' AND id = ").push_bind(revision).push(")");
            push_access!(query, self.access, self.only);
            query.build_query_as().fetch_optional(pool).await?
        });
        Ok(document.map(|d| (d.revision_id == revision, d)).map(|(live, d)| (d, live)))
    }

    /// A page of a revision that is or was live: citations stay true.
    ///
    /// # Errors
    /// The database failed.
    pub async fn page(&self, revision: RevisionId, number: i32) -> Result<Option<Page>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = self.pages_query();
            query.push(" AND g.revision_id = ").push_bind(revision).push(" AND g.number = ").push_bind(number);
            query.build_query_as().fetch_optional(pool).await?
        }))
    }

    /// BLAKE3 of the original bytes of revisions that are or were live, as hex; those that are gone are left out.
    ///
    /// # Errors
    /// The database failed.
    pub async fn revision_hashes(&self, revisions: &[RevisionId]) -> Result<HashMap<RevisionId, String>> {
        if revisions.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(RevisionId, String)> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(
                "SELECT r.id, r.content_hash FROM revisions r JOIN documents d ON d.id = r.document_id WHERE r.state <> 'staged' AND r.id IN (",
            );
            let mut ids = query.separated(", ");
            for revision in revisions {
                ids.push_bind(*revision);
            }
            query.push(")");
            push_access!(query, self.access, self.only);
            query.build_query_as().fetch_all(pool).await?
        });
        Ok(rows.into_iter().collect())
    }

    /// How many pages a revision that is or was live has; 0 where there is no such revision.
    ///
    /// # Errors
    /// The database failed.
    pub async fn page_count(&self, revision: RevisionId) -> Result<i32> {
        let count: Option<i32> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(
                "SELECT r.page_count FROM revisions r JOIN documents d ON d.id = r.document_id WHERE r.state <> 'staged' AND r.id = ",
            );
            query.push_bind(revision);
            push_access!(query, self.access, self.only);
            query.build_query_scalar().fetch_optional(pool).await?
        });
        Ok(count.unwrap_or_default())
    }

    /// All pages of a revision that is or was live.
    ///
    /// # Errors
    /// The database failed.
    pub async fn pages(&self, revision: RevisionId) -> Result<Vec<Page>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = self.pages_query();
            query.push(" AND g.revision_id = ").push_bind(revision).push(" ORDER BY g.number");
            query.build_query_as().fetch_all(pool).await?
        }))
    }

    /// The hash of the original bytes of a revision that is or was live.
    ///
    /// # Errors
    /// The database failed.
    pub async fn content_hash(&self, revision: RevisionId) -> Result<Option<String>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(
                "SELECT r.content_hash FROM revisions r JOIN documents d ON d.id = r.document_id WHERE r.state <> 'staged' AND r.id = ",
            );
            query.push_bind(revision);
            push_access!(query, self.access, self.only);
            query.build_query_scalar().fetch_optional(pool).await?
        }))
    }

    /// How a page of a revision that is or was live is built; `None` where that is not known.
    ///
    /// # Errors
    /// The database failed.
    pub async fn page_layout(&self, revision: RevisionId, number: i32) -> Result<Option<PageLayout>> {
        let stored: Option<Vec<u8>> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(
                "SELECT l.layout FROM page_layouts l JOIN revisions r ON r.id = l.revision_id AND r.state <> 'staged' \
                 JOIN documents d ON d.id = r.document_id WHERE l.revision_id = ",
            );
            query.push_bind(revision).push(" AND l.number = ").push_bind(number);
            push_access!(query, self.access, self.only);
            query.build_query_scalar().fetch_optional(pool).await?
        });
        stored.map(|bytes| PageLayout::decode(&bytes)).transpose()
    }

    fn pages_query<D: Database>(&self) -> QueryBuilder<D>
    where
        CollectionId: for<'q> sqlx::Encode<'q, D> + sqlx::Type<D>,
        PersonId: for<'q> sqlx::Encode<'q, D> + sqlx::Type<D>,
    {
        let mut query = QueryBuilder::new(
            "SELECT g.number, g.label, g.text FROM pages g JOIN revisions r ON r.id = g.revision_id AND r.state <> 'staged' \
             JOIN documents d ON d.id = r.document_id WHERE 1 = 1",
        );
        push_access!(query, self.access, self.only);
        query
    }
}
