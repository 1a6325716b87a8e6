-- Who may sign in, what they may read, and the trail of what was done. Tokens are kept as hashes alone.

CREATE TABLE people (
    id            BLOB PRIMARY KEY NOT NULL,
    email         TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('reader', 'editor', 'auditor', 'administrator')),
    password_hash TEXT,
    language      TEXT,
    disabled_at   TEXT,
    created_at    TEXT NOT NULL
) STRICT;

-- Attempts at signing in since the last that succeeded, whether or not there is such a person.
CREATE TABLE sign_in_attempts (
    email        TEXT PRIMARY KEY NOT NULL,
    failures     INTEGER NOT NULL,
    locked_until TEXT,
    last_at      TEXT NOT NULL
) STRICT;

CREATE TABLE links (
    token_hash TEXT PRIMARY KEY NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('start', 'invitation', 'reset')),
    person_id  BLOB REFERENCES people (id) ON DELETE CASCADE,
    expires_at TEXT NOT NULL
) STRICT;

CREATE TABLE sessions (
    id         BLOB PRIMARY KEY NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    person_id  BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    viewing_as BLOB REFERENCES people (id) ON DELETE SET NULL,
    agent      TEXT NOT NULL,
    created_at TEXT NOT NULL,
    seen_at    TEXT NOT NULL
) STRICT;

CREATE INDEX sessions_person ON sessions (person_id);

CREATE TABLE user_groups (
    id         BLOB PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL UNIQUE,
    everyone   INTEGER NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

-- The group that everybody is in.
INSERT INTO user_groups (id, name, everyone, created_at)
VALUES (X'00000000000070008000000000000001', 'Everyone', 1, '2026-01-01T00:00:00+00:00');

CREATE TABLE memberships (
    person_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    group_id  BLOB NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    PRIMARY KEY (person_id, group_id)
) STRICT;

CREATE TABLE collection_grants (
    collection_id BLOB NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    group_id      BLOB NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    access        TEXT NOT NULL CHECK (access IN ('read', 'edit')),
    PRIMARY KEY (collection_id, group_id)
) STRICT;

CREATE INDEX collection_grants_group ON collection_grants (group_id);

-- A restricted document stays so when the groups that may read it are gone.
ALTER TABLE documents ADD COLUMN restricted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX documents_restricted ON documents (collection_id) WHERE restricted;

CREATE TABLE document_grants (
    document_id BLOB NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    group_id    BLOB NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    PRIMARY KEY (document_id, group_id)
) STRICT;

-- Everything as text, exactly as it was hashed.
CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY NOT NULL,
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    object  TEXT NOT NULL,
    details TEXT NOT NULL,
    hash    TEXT NOT NULL
) STRICT;

CREATE INDEX audit_actor ON audit (actor);
CREATE INDEX audit_object ON audit (object);

-- One row: the last record, and the one before the first that is kept.
CREATE TABLE audit_ends (
    last_seq    INTEGER NOT NULL,
    last_hash   TEXT NOT NULL,
    before_seq  INTEGER NOT NULL,
    before_hash TEXT NOT NULL
) STRICT;

INSERT INTO audit_ends (last_seq, last_hash, before_seq, before_hash) VALUES (0, '', 0, '');

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit WHEN OLD.seq > (SELECT before_seq FROM audit_ends) BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

CREATE TABLE conversations (
    id         BLOB PRIMARY KEY NOT NULL,
    person_id  BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    title      TEXT NOT NULL,
    pending    TEXT,
    shared_at  TEXT,
    created_at TEXT NOT NULL
) STRICT;

CREATE INDEX conversations_person ON conversations (person_id);

-- Whoever asked; NULL on the command line.
ALTER TABLE answers ADD COLUMN person_id BLOB REFERENCES people (id);
ALTER TABLE answers ADD COLUMN conversation_id BLOB REFERENCES conversations (id) ON DELETE SET NULL;
CREATE INDEX answers_conversation ON answers (conversation_id);
CREATE INDEX answers_person ON answers (person_id);
