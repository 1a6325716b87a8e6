-- A trail that names nobody: what people do as users is written down under pseudonyms, which two administrators open together.

ALTER TABLE audit_ends ADD COLUMN pseudonymous INTEGER NOT NULL DEFAULT 0;
ALTER TABLE audit_ends ADD COLUMN pseudonym_key TEXT;

CREATE TABLE disclosures (
    id           BLOB PRIMARY KEY NOT NULL,
    pseudonym    TEXT NOT NULL,
    reason       TEXT NOT NULL,
    requested_by BLOB NOT NULL REFERENCES people (id),
    requested_at TEXT NOT NULL,
    approved_by  BLOB REFERENCES people (id),
    approved_at  TEXT
) STRICT;

CREATE INDEX disclosures_approved ON disclosures (approved_at);
