-- Who was deleted, as marks that tell nobody without the key (src/seal.ts), so that a backup from before can be told when it is put back.
-- at: epoch ms, moved on where it would not be later than the one before, so that the newest says what this database knows of.
CREATE TABLE erasure (
  at   INTEGER PRIMARY KEY,
  mark TEXT    NOT NULL
) STRICT;
