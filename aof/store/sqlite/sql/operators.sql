-- outbox_rows --
-- Parts, the newest first.
SELECT o.seq, o.part, o.account, o.body, o.state, o.gate, o.code, o.error, o.attempts, o.repeated, o.message_id, o.cause,
    o.about, o.created_at, o.settled_at, o.shut_out, c.chat, c.number, c.user_id, c.grouped, c.thread, c.heard_at
FROM outbox o LEFT JOIN conversation own ON own.conversation = o.conversation
    LEFT JOIN conversation c ON c.conversation = coalesce(own.joined, own.conversation)
WHERE (:any_state OR o.state IN (SELECT value FROM json_each(:states)))
    AND (:any_seq OR o.seq IN (SELECT value FROM json_each(:seqs)))
    AND (:gate = '' OR o.gate = :gate)
ORDER BY o.seq DESC LIMIT :most

-- release_part_by_hand --
-- A held part is queued again; where its request may have been carried out, its next one counts as a repeat.
UPDATE outbox SET state = 'queued', gate = NULL, error = NULL, not_before = :now, owner = NULL, deferrals = 0,
    repeated = CASE WHEN uncertain > 0 THEN 1 ELSE repeated END, uncertain = 0
WHERE seq = :seq AND state = 'held' RETURNING conversation, part

-- retry_part_by_hand --
-- What the platform refused or could not deliver is queued once more, as a new message.
UPDATE outbox SET state = 'queued', gate = NULL, error = NULL, code = 0, not_before = :now, owner = NULL, deferrals = 0,
    uncertain = 0, message_id = NULL, settled_at = NULL, retried = retried + 1, refused = 0,
    buried = 0, shut_out = 0,
    attempts = attempts + 1  -- the answer of the send before, if it still comes, is none of this one
WHERE seq = :seq AND state IN ('dead', 'failed') RETURNING conversation, part

-- stop_account --
-- The platform takes nothing of this account until somebody acts.
INSERT INTO stopped (account, code, reason, at) VALUES (:account, :code, :reason, :now)
ON CONFLICT (account) DO UPDATE SET code = excluded.code, reason = excluded.reason, at = excluded.at

-- stopped --
-- Accounts that are stopped.
SELECT account, reason FROM stopped ORDER BY account

-- resume_account --
-- It may send again.
DELETE FROM stopped WHERE account = :account

-- where_to_write --
-- The conversation that a number or user id leads to.
SELECT c.conversation, c.chat, c.number, c.user_id, c.grouped, c.thread, c.heard_at,
    CASE WHEN c.spoke_at > coalesce(c.shut_at, 0) THEN c.spoke_at END AS window_from FROM address a JOIN conversation c USING (conversation)
WHERE a.account = :account AND a.alias = :alias

-- quarantined --
-- What could not be read, and what was buried; the newest first. The state is named twice for the index's sake.
SELECT * FROM (
    SELECT 'q' || seq AS id, account, event_id, reason, received_at, raw FROM quarantine WHERE :any OR seq = :read
    UNION ALL
    SELECT 'e' || seq, account, event_id, coalesce(outcome, '') || coalesce(': ' || error, ''), received_at, payload
    FROM inbox WHERE state <> 'done' AND state = 'dead' AND payload IS NOT NULL AND (:any OR seq = :event)
) ORDER BY received_at DESC, id DESC LIMIT :most

-- forget_quarantined --
-- What was read after all.
DELETE FROM quarantine WHERE seq = :seq

-- answer_anew --
-- A buried event comes once more, behind what came after it, under an id of its own: its parts have been numbered.
INSERT INTO inbox (account, event_id, conversation, kind, sender, payload, received_at, state, not_before, wanted)
SELECT account, event_id || '#' || seq, conversation, kind, sender, payload, :now, 'new', :now, 1
FROM inbox WHERE seq = :seq AND state = 'dead' AND payload IS NOT NULL RETURNING conversation

-- want --
-- An operator asked for it: however old it is, it is answered.
UPDATE inbox SET wanted = 1 WHERE account = :account AND event_id = :event_id AND state = 'new'

-- answered_anew --
-- The buried one is done with.
UPDATE inbox SET state = 'done', outcome = 'replayed' WHERE seq = :seq AND state = 'dead'

-- newest_approvals --
-- Questions, the newest first.
SELECT id FROM approval ORDER BY seq DESC LIMIT :most

-- contacts --
-- All contacts that go by something and of whom a word is kept, whoever was heard of last first.
SELECT c.contact, c.account, c.number, c.user_id FROM contact c
WHERE coalesce(c.user_id, c.number) IS NOT NULL AND EXISTS (SELECT 1 FROM consent k WHERE k.contact = c.contact)
ORDER BY (SELECT max(seq) FROM consent k WHERE k.contact = c.contact) DESC

-- tables --
-- The tables of ours.
SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name

-- opportunities --
-- The newest that fit.
SELECT * FROM opportunity WHERE (:any_state OR state IN (SELECT value FROM json_each(:states))) ORDER BY seq DESC LIMIT :most
