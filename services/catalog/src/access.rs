//! The one place that decides who may read what. [`Access`] goes into every query of a [`crate::Reader`]; [`Scope`] is the same for the search
//! indexes, which know collections and revisions only. Each query looks at the grants of that moment.

use sqlx::QueryBuilder;

use crate::{
    CollectionId, PersonId, Result, RevisionId,
    db::{Db, on_db, push_list},
};

/// What somebody may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Everything,
    Person {
        id: PersonId,
        /// Whether a grant to edit counts: it shows restricted documents, too.
        edits: bool,
    },
}

/// Which passages a query to the search indexes may touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    Everything,
    Within {
        collections: Vec<CollectionId>,
        /// Revisions that the indexes may hold and that may not be read: of restricted documents, whatever their state, and what is to be
        /// cleared away.
        except: Vec<RevisionId>,
    },
}

/// Collections that somebody may read, to end within parentheses.
pub(crate) const READABLE: &str =
    "SELECT g.collection_id FROM collection_grants g JOIN memberships m ON m.group_id = g.group_id WHERE m.person_id = ";

/// Adds "and it may be read" to a query over documents `d`.
macro_rules! push_access {
    ($query:expr, $access:expr, $only:expr) => {
        if let Some(collection) = $only {
            $query.push(" AND d.collection_id = ").push_bind(collection);
        }
        if let $crate::access::Access::Person { id, edits } = $access {
            $query
                .push(" AND d.collection_id IN (")
                .push($crate::access::READABLE)
                .push_bind(id)
                .push(") AND (NOT d.restricted OR d.id IN (");
            $query.push("SELECT x.document_id FROM document_grants x JOIN memberships m ON m.group_id = x.group_id WHERE m.person_id = ");
            $query.push_bind(id).push(")");
            if edits {
                $query.push(" OR d.collection_id IN (").push($crate::access::READABLE).push_bind(id).push(" AND g.access = 'edit')");
            }
            $query.push(")");
        }
    };
}

pub(crate) use push_access;

/// For the search indexes.
pub(crate) async fn scope(db: &Db, access: Access, only: Option<CollectionId>) -> Result<Scope> {
    let Access::Person { id, edits } = access else {
        return Ok(only.map_or(Scope::Everything, |only| Scope::Within { collections: vec![only], except: Vec::new() }));
    };
    on_db!(db, |pool| {
        let mut query = QueryBuilder::new("SELECT c.id FROM collections c WHERE c.id IN (");
        query.push(READABLE).push_bind(id).push(")");
        if let Some(only) = only {
            query.push(" AND c.id = ").push_bind(only);
        }
        let collections: Vec<CollectionId> = query.build_query_scalar().fetch_all(pool).await?;
        let mut query = QueryBuilder::new("SELECT r.id FROM documents d JOIN revisions r ON r.document_id = d.id WHERE d.restricted");
        push_list!(query, " AND d.collection_id", &collections);
        query.push(" AND d.id NOT IN (");
        query.push("SELECT x.document_id FROM document_grants x JOIN memberships m ON m.group_id = x.group_id WHERE m.person_id = ");
        query.push_bind(id).push(")");
        if edits {
            query.push(" AND d.collection_id NOT IN (").push(READABLE).push_bind(id).push(" AND g.access = 'edit')");
        }
        // The indexes still hold what was deleted or replaced until it is cleared away: not even its words are to be told.
        query.push(" UNION SELECT revision_id FROM index_removals");
        let except: Vec<RevisionId> = query.build_query_scalar().fetch_all(pool).await?;
        Ok(Scope::Within { collections, except })
    })
}
