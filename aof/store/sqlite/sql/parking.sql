-- waiting_of --
-- What waits of a sender here, open or parked; in a chat of two there is one person. What was parked in a conversation that
-- was joined to this one waits here too. The state is named twice for the index's sake.
SELECT i.seq, i.payload, i.received_at, 0 AS parked FROM inbox i JOIN conversation c USING (conversation)
WHERE i.conversation = :conversation AND i.state IN ('new', 'running') AND i.state = 'new'
    AND NOT i.overflow AND NOT i.wanted AND (i.sender = :sender OR NOT c.grouped)
UNION ALL
SELECT i.seq, i.payload, i.received_at, 1 FROM inbox i JOIN conversation c USING (conversation)
WHERE i.state = 'parked' AND (i.sender = :sender OR NOT c.grouped) AND i.conversation IN (
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
WHERE seq = :seq AND state = 'parked' RETURNING conversation

-- skip --
-- It is over.
UPDATE inbox SET state = 'done', outcome = 'skipped' WHERE seq = :seq AND state = 'parked'
