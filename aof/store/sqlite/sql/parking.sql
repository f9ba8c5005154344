-- waiting_of --
-- What waits of a sender here, open or parked; in a chat of two there is one person. What was parked in a conversation that
-- was joined to this one waits here too. The state is named twice for the index's sake.
SELECT i.seq, i.payload, i.received_at, 0 AS parked FROM inbox i JOIN conversation c USING (conversation)
WHERE i.conversation = :conversation AND i.state IN ('new', 'running') AND i.state = 'new'
    AND NOT i.overflow AND NOT i.wanted AND (i.sender = :sender OR NOT c.grouped)
UNION ALL
SELECT i.seq, i.payload, i.received_at, 1 FROM inbox i JOIN conversation c USING (conversation)
WHERE i.state = 'parked' AND i.behind IS NULL AND (i.sender = :sender OR NOT c.grouped) AND i.conversation IN (
    SELECT coalesce(joined, conversation) FROM conversation WHERE conversation = :conversation
    UNION ALL
    SELECT conversation FROM conversation WHERE joined = (
        SELECT coalesce(joined, conversation) FROM conversation WHERE conversation = :conversation)
) ORDER BY seq

-- park --
-- It waits for a person's word, and keeps nothing waiting.
UPDATE inbox SET state = 'parked', outcome = 'late' WHERE seq = :seq AND conversation = :conversation AND state = 'new'

-- run_parked --
-- It is answered after all, at once.
UPDATE inbox SET state = 'new', outcome = NULL, not_before = :now, wanted = 1
WHERE seq = :seq AND state = 'parked' AND behind IS NULL RETURNING conversation

-- skip --
-- It is over.
UPDATE inbox SET state = 'done', outcome = 'skipped' WHERE seq = :seq AND state = 'parked' AND behind IS NULL

-- awaited --
-- Whether an event will still come to its end by which a run goes on: people have to decide, or it is in the inbox.
SELECT 1 FROM run r WHERE r.run = :run AND (r.state = 'paused' OR (r.state = 'resuming' AND EXISTS (
    SELECT 1 FROM inbox i WHERE i.account = r.account AND i.event_id = 'run:' || r.run || ':' || r.pause
        AND i.state IN ('new', 'running'))))

-- held_back --
-- How many events wait for a run.
SELECT count(*) FROM inbox WHERE behind = :run

-- open_again --
-- What waited for a run is answered now, in the order it came, and however old it has become.
UPDATE inbox SET state = 'new', outcome = NULL, not_before = :now, wanted = 1, behind = NULL
WHERE behind = :run AND state = 'parked' RETURNING conversation
