-- Collections, documents and their revisions, the text of the revisions, and what background work there is.
-- Ids are UUIDv7. Offsets count Unicode scalar values; pages count from 1.

CREATE TABLE collections (
    id         BLOB PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE documents (
    id            BLOB PRIMARY KEY NOT NULL,
    collection_id BLOB NOT NULL REFERENCES collections (id),
    path          TEXT NOT NULL,
    created_at    TEXT NOT NULL,
    UNIQUE (collection_id, path)
) STRICT;

CREATE TABLE revisions (
    id            BLOB PRIMARY KEY NOT NULL,
    document_id   BLOB NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    state         TEXT NOT NULL CHECK (state IN ('staged', 'live', 'superseded')),
    title         TEXT NOT NULL,
    format        TEXT NOT NULL,
    paged         INTEGER NOT NULL,
    content_hash  TEXT NOT NULL,
    pipeline      TEXT NOT NULL,
    byte_count    INTEGER NOT NULL,
    page_count    INTEGER NOT NULL,
    passage_count INTEGER NOT NULL,
    created_at    TEXT NOT NULL,
    live_at       TEXT
) STRICT;

-- A document has one live revision at most, whatever the code does.
CREATE UNIQUE INDEX revisions_live ON revisions (document_id) WHERE state = 'live';
CREATE INDEX revisions_document ON revisions (document_id);
CREATE INDEX revisions_staged ON revisions (state) WHERE state = 'staged';

CREATE TABLE pages (
    revision_id BLOB NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL CHECK (number > 0),
    label       TEXT,
    text        TEXT NOT NULL,
    PRIMARY KEY (revision_id, number)
) STRICT;

CREATE TABLE passages (
    id          BLOB PRIMARY KEY NOT NULL,
    revision_id BLOB NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,
    page        INTEGER NOT NULL,
    start_char  INTEGER NOT NULL CHECK (start_char >= 0),
    end_char    INTEGER NOT NULL CHECK (end_char > start_char),
    headings    TEXT NOT NULL,
    text        TEXT NOT NULL,
    UNIQUE (revision_id, ordinal)
) STRICT;

-- Revisions whose passages are still in the search index and must go. No reference: the revision may be deleted.
CREATE TABLE index_removals (
    revision_id BLOB PRIMARY KEY NOT NULL
) STRICT;

CREATE TABLE jobs (
    id          BLOB PRIMARY KEY NOT NULL,
    kind        TEXT NOT NULL,
    payload     TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('available', 'running', 'succeeded', 'failed')),
    worker      TEXT,
    attempts    INTEGER NOT NULL,
    done        INTEGER NOT NULL,
    total       INTEGER NOT NULL,
    result      TEXT,
    error       TEXT,
    created_at  TEXT NOT NULL,
    finished_at TEXT
) STRICT;

CREATE INDEX jobs_status ON jobs (status, kind);

CREATE TABLE answers (
    id         BLOB PRIMARY KEY NOT NULL,
    question   TEXT NOT NULL,
    collection TEXT,
    status     TEXT NOT NULL,
    model      TEXT,
    record     TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;
