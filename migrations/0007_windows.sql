-- Each room sends at a pace of its own, so what is due is found by room: the first part of its club's key.
ALTER TABLE post ADD COLUMN room TEXT NOT NULL DEFAULT '';
UPDATE post SET room = (SELECT substr(club.key, 1, instr(club.key, ':') - 1) FROM club WHERE club.id = post.club);
CREATE INDEX post_room_try ON post (room, try_at) WHERE state = 0;
CREATE INDEX post_room_edit ON post (room, edit_at) WHERE edit_at IS NOT NULL;
