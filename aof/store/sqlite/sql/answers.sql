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
SELECT seq, part, state, body, gate, error, created_at FROM outbox
WHERE part >= :first AND part < :after AND conversation = :conversation
