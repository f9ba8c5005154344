-- posted_event --
-- An event by the id that it came with.
SELECT seq, conversation, sender, payload, state, outcome FROM inbox
WHERE account = :account AND event_id = :event_id AND kind IN ('message', 'press')

-- run_is_open --
-- Whether a run waits for people, or goes on.
SELECT 1 FROM run WHERE run = :run AND state <> 'finished'

-- goings_on --
-- The events by which a run went on.
SELECT seq, state FROM inbox WHERE account = :account AND event_id >= :first AND event_id < :after ORDER BY seq

-- asked_by_run --
-- The questions to people that a run asked.
SELECT id FROM approval WHERE run = :run

-- parts_between --
-- Parts of a conversation whose ids begin alike.
SELECT seq, part, state, body, gate, error, created_at, reply_to, settled_at FROM outbox
WHERE part >= :first AND part < :after AND conversation = :conversation

-- parts_behind --
-- Parts of a conversation that have left, behind a place.
SELECT seq, part, state, body, gate, error, created_at, reply_to, settled_at FROM outbox
WHERE conversation = :conversation AND state IN ('sent', 'delivered', 'read', 'failed')
    AND (coalesce(settled_at, created_at), seq) > (:at, :seq)
ORDER BY coalesce(settled_at, created_at), seq LIMIT :most
