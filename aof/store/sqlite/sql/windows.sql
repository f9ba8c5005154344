-- window_of --
-- The conversation that a part goes to, and since when the platform's window to its person counts.
SELECT c.conversation, CASE WHEN c.spoke_at > coalesce(c.shut_at, 0) THEN c.spoke_at END AS window_from
FROM conversation own JOIN conversation c ON c.conversation = coalesce(own.joined, own.conversation)
WHERE own.conversation = :conversation

-- shut_window --
-- The platform says that it is closed: what they said until then does not keep it open. What they said after the
-- refusal does.
UPDATE conversation SET shut_at = spoke_at
WHERE conversation = (SELECT coalesce(joined, conversation) FROM conversation WHERE conversation = :conversation)
    AND (:at IS NULL OR spoke_at <= :at)

-- count_refusal --
-- The platform said once more that the window is closed to this part.
UPDATE outbox SET refused = refused + 1 WHERE seq = :seq

-- put_back --
-- What the platform took, and then could not deliver since the window was closed, goes to the gates again, once.
UPDATE outbox SET state = 'queued', gate = NULL, owner = NULL, not_before = :now, code = :code, error = :reason,
    message_id = NULL, settled_at = NULL, refused = refused + 1, retried = retried + 1,
    attempts = attempts + 1  -- the answer of the send before, if it still comes, is none of this one
WHERE seq = :seq AND refused = 0 AND json_extract(body, '$.type') <> 'template' RETURNING conversation

-- closed_window --
-- What asks the person of a conversation to write, and what became of it.
SELECT w.nudge, w.at, o.state FROM closed_window w LEFT JOIN outbox o ON o.part = w.nudge
WHERE w.conversation = :conversation

-- close_window --
-- Something is parked until the person writes.
INSERT INTO closed_window (conversation, heard_at, nudge, at) VALUES (:conversation, :heard_at, :nudge, :now)
ON CONFLICT (conversation) DO UPDATE SET heard_at = excluded.heard_at, nudge = excluded.nudge, at = excluded.at

-- reopened --
-- Of conversations in which somebody wrote, those to which something was parked before.
SELECT w.conversation, w.nudge FROM closed_window w JOIN conversation c USING (conversation)
WHERE w.conversation IN (SELECT value FROM json_each(:conversations))
    AND c.spoke_at > coalesce(c.shut_at, 0) AND (w.heard_at IS NULL OR c.spoke_at > w.heard_at)

-- open_window --
-- They wrote.
DELETE FROM closed_window WHERE conversation = :conversation

-- take_up_parked --
-- What was parked goes to the gates again, in its order and before what is said next.
UPDATE outbox SET state = 'queued', gate = NULL, error = NULL, code = 0, not_before = :now, deferrals = 0
WHERE state = 'held' AND gate = 'window' AND conversation IN (
    SELECT :conversation UNION ALL SELECT conversation FROM conversation WHERE joined = :conversation)
RETURNING part, conversation

-- drop_nudge --
-- Nobody needs to be asked any more; one whose request is being written leaves all the same.
UPDATE outbox SET state = 'dead', gate = NULL, error = 'they wrote before it left', settled_at = :now
WHERE part = :part AND state IN ('queued', 'held') AND owner IS NULL RETURNING conversation

-- closed_windows --
-- People to whom something is parked, with what asks them to write; who waits longest first.
SELECT w.conversation, c.account, c.chat, c.number, c.user_id, c.grouped, c.thread, w.at, n.seq, n.state, n.gate, n.code, n.error, (
    SELECT count(*) FROM outbox o JOIN conversation y USING (conversation)
    WHERE o.state = 'held' AND o.gate = 'window' AND coalesce(y.joined, y.conversation) = w.conversation
) AS parked
FROM closed_window w CROSS JOIN conversation c USING (conversation) LEFT JOIN outbox n ON n.part = w.nudge
ORDER BY w.at, w.conversation

-- opened_by --
-- The event with which they wrote.
UPDATE inbox SET outcome = 'opened' WHERE seq = (
    SELECT max(seq) FROM inbox WHERE conversation = :conversation AND state IN ('new', 'running') AND state = 'new')
