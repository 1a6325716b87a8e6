-- Blocks of a page and places of its words, encoded by catalog::PageLayout. Beside the pages, because reading text doesn't need it.

CREATE TABLE page_layouts (
    revision_id BLOB NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL CHECK (number > 0),
    layout      BLOB NOT NULL,
    PRIMARY KEY (revision_id, number)
) STRICT;

-- How sure text recognition is of a passage, in percent; NULL for text that the file itself holds.
ALTER TABLE passages ADD COLUMN confidence INTEGER CHECK (confidence BETWEEN 0 AND 100);
