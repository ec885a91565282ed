-- Whose names stand in a message that the web room keeps, so that it is found when one of them is erased: the card itself is sealed. Of what is
-- kept already the cards tell; opened(place, sealed) is a function of the program.
CREATE TABLE message_about (
  message INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
  member  TEXT    NOT NULL,
  PRIMARY KEY (message, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_about_member ON message_about (member);

INSERT INTO message_about (message, member)
  WITH kept (id, card) AS MATERIALIZED (SELECT id, opened('message:' || id, sealed) FROM message)
  SELECT kept.id, member.key FROM kept JOIN member JOIN club ON club.id = member.club
  WHERE club.key LIKE 'web:%' AND (instr(card, member.doc ->> 'name') > 0 OR instr(card, member.doc ->> 'nickname') > 0);
