//! The desk of an editor: the questions that are open in the collections that they may edit, and the answers that they gave.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{Database, QueryBuilder};

use crate::{
    Clock, CollectionId, DocumentId, Error, PassageId, Person, PersonId, QuestionId, Result, Role, VerifiedId,
    access::READABLE,
    audit::{Action, Actor, NewRecord, Object, audit},
    db::{Db, in_transaction, on_db},
};

/// Handed out by a [`crate::Session`].
#[derive(Clone, Debug)]
pub struct Desk {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) person: Person,
}

/// A question that waits. Who asked is not told.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OpenQuestion {
    pub id: QuestionId,
    /// What finds the answer later.
    pub key: String,
    pub question: String,
    /// How often it was left open: by a refusal, and by answers that somebody called wrong or incomplete.
    pub refused: i64,
    pub wrong: i64,
    pub missing: i64,
    pub last_at: DateTime<Utc>,
}

/// An answer with its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVerified {
    pub key: String,
    pub question: String,
    pub text: String,
    /// A passage of a live document in a collection that they may edit. Its text is kept: it is the source as long as the document says it.
    pub passage: PassageId,
}

/// An answer that an editor gave, for a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OwnVerified {
    pub id: VerifiedId,
    pub question: String,
    pub text: String,
    pub document: DocumentId,
    /// Title of the document, empty where it has no live revision.
    pub title: String,
    pub author: String,
    pub created_at: DateTime<Utc>,
    /// Whether the document still says it: otherwise it is not shown to anybody any more.
    pub live: bool,
}

const MOST: i64 = 200;
/// Characters of an answer.
const MAX_TEXT: usize = 2000;

impl Desk {
    /// Adds "and this collection `c` may be edited by them".
    fn push_editable<D: Database>(&self, query: &mut QueryBuilder<D>)
    where
        PersonId: for<'q> sqlx::Encode<'q, D> + sqlx::Type<D>,
    {
        if self.person.role != Role::Administrator {
            query.push(" AND c.id IN (").push(READABLE).push_bind(self.person.id).push(" AND g.access = 'edit')");
        }
    }

    /// Adds "and this time `a` that it was asked is theirs": whoever asked may read one of the collections that they may edit, and asked there.
    fn push_theirs<D: Database>(&self, query: &mut QueryBuilder<D>)
    where
        PersonId: for<'q> sqlx::Encode<'q, D> + sqlx::Type<D>,
    {
        if self.person.role == Role::Administrator {
            return;
        }
        query.push(
            " AND EXISTS (SELECT 1 FROM people p JOIN collections c ON a.collection_id IS NULL OR c.id = a.collection_id \
             WHERE p.id = a.person_id AND (p.role = 'administrator' OR c.id IN \
             (SELECT y.collection_id FROM collection_grants y JOIN memberships z ON z.group_id = y.group_id WHERE z.person_id = p.id))",
        );
        self.push_editable(query);
        query.push(")");
    }

    fn open<D: Database>(&self) -> QueryBuilder<D>
    where
        PersonId: for<'q> sqlx::Encode<'q, D> + sqlx::Type<D>,
    {
        let mut query = QueryBuilder::new(
            "SELECT q.id, q.key, q.question, count(CASE WHEN a.reason = 'refused' THEN 1 END) AS refused, \
             count(CASE WHEN a.reason = 'wrong' THEN 1 END) AS wrong, count(CASE WHEN a.reason = 'missing' THEN 1 END) AS missing, \
             max(a.created_at) AS last_at FROM open_questions q JOIN open_question_askers a ON a.question_id = q.id \
             WHERE q.closed_at IS NULL",
        );
        self.push_theirs(&mut query);
        query
    }

    /// What waits for them: what was asked most often first.
    ///
    /// # Errors
    /// The database failed; so for all functions here.
    pub async fn questions(&self) -> Result<Vec<OpenQuestion>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = self.open();
            query.push(" GROUP BY q.id, q.key, q.question ORDER BY count(*) DESC, max(a.created_at) DESC LIMIT ").push_bind(MOST);
            query.build_query_as().fetch_all(pool).await?
        }))
    }

    /// # Errors
    /// [`Error::Missing`].
    pub async fn question(&self, id: QuestionId) -> Result<OpenQuestion> {
        let found: Option<OpenQuestion> = on_db!(&self.db, |pool| {
            let mut query = self.open();
            query.push(" AND q.id = ").push_bind(id).push(" GROUP BY q.id, q.key, q.question");
            query.build_query_as().fetch_optional(pool).await?
        });
        found.ok_or(Error::Missing)
    }

    /// What people wrote who called the answers to it wrong or incomplete, the latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn comments(&self, id: QuestionId) -> Result<Vec<String>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(
                "SELECT f.comment FROM open_question_askers a JOIN feedback f ON f.answer_id = a.answer_id AND f.person_id = a.person_id \
                 WHERE f.comment <> '' AND a.question_id = ",
            );
            query.push_bind(id);
            self.push_theirs(&mut query);
            query.push(" ORDER BY f.created_at DESC LIMIT 20");
            query.build_query_scalar().fetch_all(pool).await?
        }))
    }

    /// Answers a question, with the passage that says so; it waits no longer. From now on this is found first for the same question, by
    /// whoever may read the passage.
    ///
    /// # Errors
    /// [`Error::AnswerLength`]; [`Error::NoSource`] where the passage is not live; [`Error::Forbidden`] where they may not edit its collection.
    pub async fn answer(&self, open: Option<QuestionId>, new: &NewVerified) -> Result<VerifiedId> {
        let text = new.text.trim();
        if text.is_empty() || text.chars().count() > MAX_TEXT {
            return Err(Error::AnswerLength { most: MAX_TEXT });
        }
        if let Some(id) = open {
            self.question(id).await?;
        }
        let source: Option<(DocumentId, CollectionId, String)> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(
                "SELECT d.id, d.collection_id, p.text FROM passages p JOIN revisions r ON r.id = p.revision_id AND r.state = 'live' \
                 JOIN documents d ON d.id = r.document_id WHERE p.id = ",
            );
            query.push_bind(new.passage);
            query.build_query_as().fetch_optional(pool).await?
        });
        let (document, collection, source) = source.ok_or(Error::NoSource)?;
        let editable: Option<CollectionId> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new("SELECT c.id FROM collections c WHERE c.id = ");
            query.push_bind(collection);
            self.push_editable(&mut query);
            query.build_query_scalar().fetch_optional(pool).await?
        });
        editable.ok_or(Error::Forbidden)?;
        let (id, now) = (VerifiedId::new(), self.clock.now());
        let details =
            json!({ "question": new.question, "text": text, "document": document, "passage": new.passage, "open_question": open });
        let record = NewRecord::new(now, Actor::Person(self.person.id), Action::AnswerVerified, Object::Verified(id), &details);
        in_transaction!(&self.db, |tx| {
            sqlx::query(
                "INSERT INTO verified_answers (id, key, question, text, document_id, source, author_id, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(id)
            .bind(&new.key)
            .bind(&new.question)
            .bind(text)
            .bind(document)
            .bind(&source)
            .bind(self.person.id)
            .bind(now)
            .execute(&mut *tx)
            .await?;
            if let Some(open) = open {
                sqlx::query("UPDATE open_questions SET closed_at = $2, closed_by = $3 WHERE id = $1 AND closed_at IS NULL")
                    .bind(open)
                    .bind(now)
                    .bind(self.person.id)
                    .execute(&mut *tx)
                    .await?;
            }
            audit!(tx, [record]);
        });
        Ok(id)
    }

    /// Closes a question without an answer.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub async fn dismiss(&self, id: QuestionId) -> Result<()> {
        self.question(id).await?;
        let now = self.clock.now();
        let record = NewRecord::new(now, Actor::Person(self.person.id), Action::QuestionClosed, Object::Question(id), &json!(null));
        in_transaction!(&self.db, |tx| {
            sqlx::query("UPDATE open_questions SET closed_at = $2, closed_by = $3 WHERE id = $1 AND closed_at IS NULL")
                .bind(id)
                .bind(now)
                .bind(self.person.id)
                .execute(&mut *tx)
                .await?;
            audit!(tx, [record]);
        });
        Ok(())
    }

    /// The answers to documents in the collections that they may edit, the latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn verified(&self) -> Result<Vec<OwnVerified>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(
                "SELECT v.id, v.question, v.text, d.id AS document, COALESCE(r.title, '') AS title, p.name AS author, v.created_at, \
                 EXISTS (SELECT 1 FROM passages s WHERE s.revision_id = r.id AND s.text = v.source) AS live \
                 FROM verified_answers v JOIN documents d ON d.id = v.document_id JOIN collections c ON c.id = d.collection_id \
                 LEFT JOIN revisions r ON r.document_id = d.id AND r.state = 'live' JOIN people p ON p.id = v.author_id \
                 WHERE v.retired_at IS NULL",
            );
            self.push_editable(&mut query);
            query.push(" ORDER BY v.id DESC LIMIT ").push_bind(MOST);
            query.build_query_as().fetch_all(pool).await?
        }))
    }

    /// Takes an answer back: it is found no more.
    ///
    /// # Errors
    /// [`Error::Missing`] also where they may not edit the collection of its source.
    pub async fn retire(&self, id: VerifiedId) -> Result<()> {
        let theirs: Option<VerifiedId> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(
                "SELECT v.id FROM verified_answers v JOIN documents d ON d.id = v.document_id JOIN collections c ON c.id = d.collection_id \
                 WHERE v.retired_at IS NULL AND v.id = ",
            );
            query.push_bind(id);
            self.push_editable(&mut query);
            query.build_query_scalar().fetch_optional(pool).await?
        });
        theirs.ok_or(Error::Missing)?;
        let now = self.clock.now();
        let record = NewRecord::new(now, Actor::Person(self.person.id), Action::VerifiedRetired, Object::Verified(id), &json!(null));
        in_transaction!(&self.db, |tx| {
            sqlx::query("UPDATE verified_answers SET retired_at = $2 WHERE id = $1").bind(id).bind(now).execute(&mut *tx).await?;
            audit!(tx, [record]);
        });
        Ok(())
    }
}
