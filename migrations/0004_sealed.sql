-- What members wrote, and the cards that show it, are sealed from here on (src/seal.ts): the key is never in this file. Platforms' tokens
-- were sealed before; they get the same form. seal(place, text) and open_first(place, sealed) are functions of the program.
ALTER TABLE note ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
UPDATE note SET sealed = seal('note:' || act, text);
ALTER TABLE note DROP COLUMN text;

ALTER TABLE message ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
UPDATE message SET sealed = seal('message:' || id, card);
ALTER TABLE message DROP COLUMN card;

ALTER TABLE secret RENAME COLUMN sealed TO old;
ALTER TABLE secret ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
UPDATE secret SET sealed = seal('secret:' || name, open_first(name, old));
ALTER TABLE secret DROP COLUMN old;

-- The keys that texts here are sealed with, by their ids: who opens this file must have them all.
CREATE TABLE seal_key (
  id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- What was readable until now is still in the file's free space: the program writes the file anew once, and takes this row away.
INSERT INTO memo (name, value) SELECT 'compact', '0004' WHERE EXISTS (SELECT 1 FROM club);
