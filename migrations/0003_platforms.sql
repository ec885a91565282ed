-- What platforms keep for us, and what opens them.

-- Pictures that a platform keeps, so that each is uploaded once. expires_at: when nobody looks at it any more; NULL while a post shows it.
CREATE TABLE upload (
  club       INTEGER NOT NULL REFERENCES club,
  picture    TEXT    NOT NULL,
  file       TEXT    NOT NULL,
  expires_at INTEGER,
  PRIMARY KEY (club, picture)
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_expires ON upload (expires_at) WHERE expires_at IS NOT NULL;

-- Tokens of those who installed the app, sealed (src/seal.ts): the key is never in this file.
CREATE TABLE secret (
  name   TEXT PRIMARY KEY,
  sealed TEXT NOT NULL
) STRICT, WITHOUT ROWID;
