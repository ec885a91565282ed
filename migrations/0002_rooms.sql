-- What chat platforms bring. A try to send that was cut short may have put the post into the channel without our knowing: since when
-- that is so (epoch ms). And one more state of a post: 3 omitted, that is, given up without knowing, or never to be sent.
ALTER TABLE post ADD COLUMN unsure_at INTEGER;
