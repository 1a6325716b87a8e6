-- Programs that act for somebody, what people say of answers, the questions that editors are to answer, and what they answered.

CREATE TABLE api_tokens (
    id         UUID PRIMARY KEY NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    person_id  UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    publishes  BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    used_at    TIMESTAMPTZ
);

CREATE INDEX api_tokens_person ON api_tokens (person_id);

CREATE TABLE feedback (
    answer_id  UUID NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
    person_id  UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    verdict    TEXT NOT NULL CHECK (verdict IN ('helpful', 'wrong', 'missing')),
    comment    TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (answer_id, person_id)
);

-- What the documents did not answer. The key is the same for the same question in other words of no weight.
CREATE TABLE open_questions (
    id         UUID PRIMARY KEY NOT NULL,
    key        TEXT NOT NULL,
    question   TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    closed_at  TIMESTAMPTZ,
    closed_by  UUID REFERENCES people (id)
);

CREATE UNIQUE INDEX open_questions_key ON open_questions (key) WHERE closed_at IS NULL;

-- Each time that it was asked; without a collection it was asked of all that could be read.
CREATE TABLE open_question_askers (
    question_id   UUID NOT NULL REFERENCES open_questions (id) ON DELETE CASCADE,
    answer_id     UUID NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
    person_id     UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    collection_id UUID REFERENCES collections (id) ON DELETE CASCADE,
    reason        TEXT NOT NULL CHECK (reason IN ('refused', 'wrong', 'missing')),
    created_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (question_id, answer_id)
);

CREATE INDEX open_question_askers_answer ON open_question_askers (answer_id);
CREATE INDEX open_question_askers_person ON open_question_askers (person_id);

-- The source is the text of a passage: as long as the document still says it, in whatever revision, the answer holds.
CREATE TABLE verified_answers (
    id          UUID PRIMARY KEY NOT NULL,
    key         TEXT NOT NULL,
    question    TEXT NOT NULL,
    text        TEXT NOT NULL,
    document_id UUID NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    source      TEXT NOT NULL,
    author_id   UUID NOT NULL REFERENCES people (id),
    created_at  TIMESTAMPTZ NOT NULL,
    retired_at  TIMESTAMPTZ
);

CREATE INDEX verified_answers_key ON verified_answers (key) WHERE retired_at IS NULL;
CREATE INDEX verified_answers_document ON verified_answers (document_id);

-- For the charts: how long an answer took, and what it cites.
ALTER TABLE answers ADD COLUMN total_ms INTEGER;

CREATE TABLE answer_documents (
    answer_id   UUID NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
    document_id UUID NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    PRIMARY KEY (answer_id, document_id)
);

CREATE INDEX answer_documents_document ON answer_documents (document_id);

-- All that the charts count of an answer, without the record beside it.
CREATE INDEX answers_created ON answers (created_at, person_id, status, total_ms);
