-- The club, its members, the ledger with its cache, polls, the outbox and the web room's channel.
-- Days are days since 1970-01-01, instants epoch ms, unless a line says otherwise.

-- A club and a member are small documents that are read and written whole; `version` refuses a write on an older one.
CREATE TABLE club (
  id      INTEGER PRIMARY KEY,
  key     TEXT    NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  due_at  INTEGER,
  doc     TEXT    NOT NULL
) STRICT;
CREATE INDEX club_due ON club (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE member (
  id      INTEGER PRIMARY KEY,
  club    INTEGER NOT NULL REFERENCES club,
  key     TEXT    NOT NULL,
  version INTEGER NOT NULL,
  doc     TEXT    NOT NULL,
  UNIQUE (club, key)
) STRICT;

-- The ledger: append-only, 16 bytes an act in a club of a million. Each act names the member's act before it, and the member's
-- streak row holds the newest, so that one member's acts are found without an index that every check-in would have to dirty.
-- stamp = minutes since 2020-01-01T00:00Z * 16 + (study day - UTC date + 2) * 4 + kind (0 answer, 1 vote, 2 check-in, 3 review).
CREATE TABLE act (
  id    INTEGER PRIMARY KEY,
  prev  INTEGER,
  stamp INTEGER NOT NULL
) STRICT;

CREATE TABLE note (
  act    INTEGER PRIMARY KEY REFERENCES act,
  text   TEXT    NOT NULL,
  shared INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One row a member, and the only one that a check-in finds at random: the head of the member's acts and the cached fold.
CREATE TABLE streak (
  member      INTEGER PRIMARY KEY REFERENCES member,
  club        INTEGER NOT NULL REFERENCES club,
  last_act    INTEGER,
  joined      INTEGER NOT NULL, -- the day of the first act
  reached     INTEGER NOT NULL, -- the act that counted last: among equals on a board, the earlier one stands first
  revision    INTEGER NOT NULL,
  epoch       INTEGER,          -- NULL: to be folded anew
  shown       INTEGER NOT NULL,
  lapses      INTEGER,          -- minutes since 1970
  day         INTEGER NOT NULL,
  acted       INTEGER NOT NULL,
  run         INTEGER NOT NULL,
  best        INTEGER NOT NULL,
  total       INTEGER NOT NULL,
  freezes     INTEGER NOT NULL,
  progress    INTEGER NOT NULL,
  week        INTEGER,
  week_days   INTEGER,
  season      INTEGER,
  season_days INTEGER,
  miss_day    INTEGER,
  miss_run    INTEGER
) STRICT;
CREATE INDEX streak_club ON streak (club, epoch);

-- How many members stand at each value of each board, so that a rank is a sum over few rows.
-- board: 0 week, 1 season, 2 run, 3 total. period: first day of the week or season, else 0. lapses: minutes since 1970 at which
-- the value stops counting, or a time that never comes.
CREATE TABLE rank_count (
  club    INTEGER NOT NULL,
  board   INTEGER NOT NULL,
  period  INTEGER NOT NULL,
  value   INTEGER NOT NULL,
  lapses  INTEGER NOT NULL,
  members INTEGER NOT NULL,
  PRIMARY KEY (club, board, period, value, lapses)
) STRICT, WITHOUT ROWID;

-- The members nearest to the top of each board. Everyone who stands before the list's edge is in it and nobody behind it, so that
-- its first rows are right whoever comes and goes. A list without an edge never left anybody out.
CREATE TABLE rank_top (
  club    INTEGER NOT NULL,
  board   INTEGER NOT NULL,
  period  INTEGER NOT NULL,
  member  INTEGER NOT NULL REFERENCES member,
  value   INTEGER NOT NULL,
  lapses  INTEGER NOT NULL,
  reached INTEGER NOT NULL,
  PRIMARY KEY (club, board, period, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX rank_top_member ON rank_top (member);

CREATE TABLE rank_edge (
  club    INTEGER NOT NULL,
  board   INTEGER NOT NULL,
  period  INTEGER NOT NULL,
  value   INTEGER NOT NULL,
  reached INTEGER NOT NULL,
  whole   INTEGER NOT NULL,  -- 0 while the list is being filled up again from the streaks
  PRIMARY KEY (club, board, period)
) STRICT, WITHOUT ROWID;

-- How many acted on a day, had their first act on it, and were paused on it (of those who had joined by then).
CREATE TABLE club_day (
  club   INTEGER NOT NULL REFERENCES club,
  day    INTEGER NOT NULL,
  actors INTEGER NOT NULL DEFAULT 0,
  joined INTEGER NOT NULL DEFAULT 0,
  paused INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (club, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE answer (
  member   INTEGER NOT NULL REFERENCES member,
  season   INTEGER NOT NULL,
  lesson   TEXT    NOT NULL,
  question INTEGER NOT NULL,
  option   INTEGER NOT NULL,
  correct  INTEGER NOT NULL,
  PRIMARY KEY (member, season, lesson, question)
) STRICT, WITHOUT ROWID;

-- First answers to a lesson's first question, counted as they come.
CREATE TABLE lesson_count (
  club   INTEGER NOT NULL REFERENCES club,
  season INTEGER NOT NULL,
  lesson TEXT    NOT NULL,
  wrong  INTEGER NOT NULL,
  total  INTEGER NOT NULL,
  PRIMARY KEY (club, season, lesson)
) STRICT, WITHOUT ROWID;

CREATE TABLE poll (
  id        INTEGER PRIMARY KEY,
  club      INTEGER NOT NULL REFERENCES club,
  myth      TEXT    NOT NULL,
  day       INTEGER NOT NULL,
  closes_at INTEGER NOT NULL,
  n_true    INTEGER NOT NULL DEFAULT 0,
  n_false   INTEGER NOT NULL DEFAULT 0,
  n_depends INTEGER NOT NULL DEFAULT 0,
  UNIQUE (club, day, myth)
) STRICT;

-- answer and mind: 0 true, 1 false, 2 depends. answer is NULL for a member without record, and such a row goes when the poll closes.
CREATE TABLE vote (
  poll   INTEGER NOT NULL REFERENCES poll,
  member INTEGER NOT NULL REFERENCES member,
  answer INTEGER,
  mind   INTEGER,
  PRIMARY KEY (poll, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX vote_member ON vote (member);

-- The outbox. state: 0 due, 1 sent, 2 expired.
CREATE TABLE post (
  id         INTEGER PRIMARY KEY,
  key        TEXT    NOT NULL UNIQUE,
  club       INTEGER NOT NULL REFERENCES club,
  kind       TEXT    NOT NULL,
  day        INTEGER NOT NULL,
  season     INTEGER NOT NULL,
  subject    TEXT    NOT NULL,
  member     INTEGER REFERENCES member,  -- who shared it
  due_at     INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  state      INTEGER NOT NULL DEFAULT 0,
  attempts   INTEGER NOT NULL DEFAULT 0,
  try_at     INTEGER,
  sent_at    INTEGER,
  message    TEXT,
  edit_at    INTEGER,
  edit_next  INTEGER,                    -- while an edit is being made: when the next one is asked for, or a time that never comes
  edited_at  INTEGER,
  revision   TEXT
) STRICT;
CREATE INDEX post_try ON post (try_at) WHERE state = 0;
CREATE INDEX post_edit ON post (edit_at) WHERE edit_at IS NOT NULL;
CREATE INDEX post_member ON post (member) WHERE member IS NOT NULL;
CREATE INDEX post_club ON post (club, kind, id);

-- The web room's channel and each member's private answers in it. An id never comes back: open pages know messages by it.
CREATE TABLE message (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  key       TEXT    UNIQUE,
  at        INTEGER NOT NULL,
  author    TEXT    NOT NULL,
  recipient TEXT,
  card      TEXT    NOT NULL
) STRICT;
CREATE INDEX message_recipient ON message (recipient, id);

-- What the program remembers of itself: its last tick, the web room's clock.
CREATE TABLE memo (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
