-- Held the name of the embedding model alone, which each revision's pipeline names too, and more truly.

DROP TABLE settings;
