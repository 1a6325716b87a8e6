-- Of the document: its language as ISO 639-1 code, NULL where that doesn't show; and the day that it is of (UTC), as it says itself or
-- its file does. What is there already gets both when it is ingested next.
ALTER TABLE revisions ADD COLUMN language TEXT;
ALTER TABLE revisions ADD COLUMN dated TEXT;
