-- Who may sign in, what they may read, and the trail of what was done. Tokens are kept as hashes alone.

CREATE TABLE people (
    id            UUID PRIMARY KEY NOT NULL,
    email         TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('reader', 'editor', 'auditor', 'administrator')),
    password_hash TEXT,
    language      TEXT,
    disabled_at   TIMESTAMPTZ,
    created_at    TIMESTAMPTZ NOT NULL
);

-- Attempts at signing in since the last that succeeded, whether or not there is such a person.
CREATE TABLE sign_in_attempts (
    email        TEXT PRIMARY KEY NOT NULL,
    failures     INTEGER NOT NULL,
    locked_until TIMESTAMPTZ,
    last_at      TIMESTAMPTZ NOT NULL
);

CREATE TABLE links (
    token_hash TEXT PRIMARY KEY NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('start', 'invitation', 'reset')),
    person_id  UUID REFERENCES people (id) ON DELETE CASCADE,
    expires_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE sessions (
    id         UUID PRIMARY KEY NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    person_id  UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    viewing_as UUID REFERENCES people (id) ON DELETE SET NULL,
    agent      TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at    TIMESTAMPTZ NOT NULL
);

CREATE INDEX sessions_person ON sessions (person_id);

CREATE TABLE user_groups (
    id         UUID PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL UNIQUE,
    everyone   BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

-- The group that everybody is in.
INSERT INTO user_groups (id, name, everyone, created_at)
VALUES ('00000000-0000-7000-8000-000000000001', 'Everyone', TRUE, '2026-01-01T00:00:00+00:00');

CREATE TABLE memberships (
    person_id UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    group_id  UUID NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    PRIMARY KEY (person_id, group_id)
);

CREATE TABLE collection_grants (
    collection_id UUID NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    group_id      UUID NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    access        TEXT NOT NULL CHECK (access IN ('read', 'edit')),
    PRIMARY KEY (collection_id, group_id)
);

CREATE INDEX collection_grants_group ON collection_grants (group_id);

-- A restricted document stays so when the groups that may read it are gone.
ALTER TABLE documents ADD COLUMN restricted BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX documents_restricted ON documents (collection_id) WHERE restricted;

CREATE TABLE document_grants (
    document_id UUID NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    group_id    UUID NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    PRIMARY KEY (document_id, group_id)
);

-- Everything as text, exactly as it was hashed.
CREATE TABLE audit (
    seq     BIGINT PRIMARY KEY NOT NULL,
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    object  TEXT NOT NULL,
    details TEXT NOT NULL,
    hash    TEXT NOT NULL
);

CREATE INDEX audit_actor ON audit (actor);
CREATE INDEX audit_object ON audit (object);

-- One row: the last record, and the one before the first that is kept.
CREATE TABLE audit_ends (
    last_seq    BIGINT NOT NULL,
    last_hash   TEXT NOT NULL,
    before_seq  BIGINT NOT NULL,
    before_hash TEXT NOT NULL
);

INSERT INTO audit_ends (last_seq, last_hash, before_seq, before_hash) VALUES (0, '', 0, '');

CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.seq <= (SELECT before_seq FROM audit_ends) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only';
END
$$;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stays();

CREATE TABLE conversations (
    id         UUID PRIMARY KEY NOT NULL,
    person_id  UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    title      TEXT NOT NULL,
    pending    JSONB,
    shared_at  TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX conversations_person ON conversations (person_id);

-- Whoever asked; NULL on the command line.
ALTER TABLE answers ADD COLUMN person_id UUID REFERENCES people (id);
ALTER TABLE answers ADD COLUMN conversation_id UUID REFERENCES conversations (id) ON DELETE SET NULL;
CREATE INDEX answers_conversation ON answers (conversation_id);
CREATE INDEX answers_person ON answers (person_id);
