-- A trail that names nobody: what people do as users is written down under pseudonyms, which two administrators open together.

ALTER TABLE audit_ends ADD COLUMN pseudonymous BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE audit_ends ADD COLUMN pseudonym_key TEXT;

CREATE TABLE disclosures (
    id           UUID PRIMARY KEY NOT NULL,
    pseudonym    TEXT NOT NULL,
    reason       TEXT NOT NULL,
    requested_by UUID NOT NULL REFERENCES people (id),
    requested_at TIMESTAMPTZ NOT NULL,
    approved_by  UUID REFERENCES people (id),
    approved_at  TIMESTAMPTZ
);

CREATE INDEX disclosures_approved ON disclosures (approved_at);
