-- Collections, documents and their revisions, the text of the revisions, and what background work there is.
-- Ids are UUIDv7. Offsets count Unicode scalar values; pages count from 1.

CREATE TABLE collections (
    id         UUID PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE documents (
    id            UUID PRIMARY KEY NOT NULL,
    collection_id UUID NOT NULL REFERENCES collections (id),
    path          TEXT NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    UNIQUE (collection_id, path)
);

CREATE TABLE revisions (
    id            UUID PRIMARY KEY NOT NULL,
    document_id   UUID NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    state         TEXT NOT NULL CHECK (state IN ('staged', 'live', 'superseded')),
    title         TEXT NOT NULL,
    format        TEXT NOT NULL,
    paged         BOOLEAN NOT NULL,
    content_hash  TEXT NOT NULL,
    pipeline      TEXT NOT NULL,
    byte_count    BIGINT NOT NULL,
    page_count    INTEGER NOT NULL,
    passage_count INTEGER NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    live_at       TIMESTAMPTZ
);

-- A document has one live revision at most, whatever the code does.
CREATE UNIQUE INDEX revisions_live ON revisions (document_id) WHERE state = 'live';
CREATE INDEX revisions_document ON revisions (document_id);
CREATE INDEX revisions_staged ON revisions (state) WHERE state = 'staged';

CREATE TABLE pages (
    revision_id UUID NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL CHECK (number > 0),
    label       TEXT,
    text        TEXT NOT NULL,
    PRIMARY KEY (revision_id, number)
);

CREATE TABLE passages (
    id          UUID PRIMARY KEY NOT NULL,
    revision_id UUID NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,
    page        INTEGER NOT NULL,
    start_char  INTEGER NOT NULL CHECK (start_char >= 0),
    end_char    INTEGER NOT NULL CHECK (end_char > start_char),
    headings    JSONB NOT NULL,
    text        TEXT NOT NULL,
    UNIQUE (revision_id, ordinal)
);

-- Revisions whose passages are still in the search index and must go. No reference: the revision may be deleted.
CREATE TABLE index_removals (
    revision_id UUID PRIMARY KEY NOT NULL
);

CREATE TABLE jobs (
    id          UUID PRIMARY KEY NOT NULL,
    kind        TEXT NOT NULL,
    payload     JSONB NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('available', 'running', 'succeeded', 'failed')),
    worker      TEXT,
    attempts    INTEGER NOT NULL,
    done        BIGINT NOT NULL,
    total       BIGINT NOT NULL,
    result      JSONB,
    error       TEXT,
    created_at  TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ
);

CREATE INDEX jobs_status ON jobs (status, kind);

CREATE TABLE answers (
    id         UUID PRIMARY KEY NOT NULL,
    question   TEXT NOT NULL,
    collection TEXT,
    status     TEXT NOT NULL,
    model      TEXT,
    record     JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE settings (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);
