-- abandoned_parts --
-- Parts whose sender is gone: another run of the daemon, or a lease that lapsed.
SELECT seq, conversation, state FROM outbox WHERE owner IS NOT NULL AND (owner <> :owner OR not_before <= :now)

-- release_part --
-- It was leased and its request never begun: it is as it was before.
UPDATE outbox SET owner = NULL, not_before = :now WHERE seq = :seq

-- doubt_part --
-- Nobody knows whether this part was sent; a receipt may tell until its time is over.
UPDATE outbox SET state = 'uncertain', uncertain = uncertain + 1, not_before = :not_before, owner = NULL, error = :reason
WHERE seq = :seq

-- ready_outboxes --
-- Conversations with a part to send and none in flight.
SELECT conversation FROM conversation
WHERE out_ready <= :now AND account NOT IN (SELECT value FROM json_each(:paused))
ORDER BY out_ready LIMIT :most

-- oldest_part --
-- The part of a conversation that has to leave before all others. What changes an earlier message keeps nothing new
-- waiting.
SELECT o.seq, o.part, o.body, o.account, o.reply_to, o.cause, o.about, o.owner, o.attempts, o.deferrals, o.uncertain,
    o.not_before, o.created_at, o.asker, o.until, o.refused, o.edits,
    c.chat, c.number, c.user_id, c.grouped, c.thread, c.language, c.heard_at,
    CASE WHEN c.spoke_at > coalesce(c.shut_at, 0) THEN c.spoke_at END AS window_from,
    CASE WHEN o.question IS NOT NULL
        THEN coalesce((SELECT a.state FROM approval a WHERE a.id = o.question), 'gone') END AS question
FROM outbox o JOIN conversation own USING (conversation)
    JOIN conversation c ON c.conversation = coalesce(own.joined, own.conversation)
WHERE o.conversation = :conversation AND o.state IN ('queued', 'sending', 'uncertain')
ORDER BY o.edits IS NOT NULL, o.seq LIMIT 1

-- supersede_edits --
-- Changes of a message that were not begun, and in whose place a later one is put. Nobody has to look at them.
UPDATE outbox SET state = 'dead', buried = 1, gate = NULL, error = 'a later change of the same message took its place',
    settled_at = :now
WHERE edits = :edits AND conversation = :conversation AND owner IS NULL AND state IN ('queued', 'held')
    AND seq < (SELECT max(n.seq) FROM outbox n
        WHERE n.edits = :edits AND n.conversation = :conversation AND n.state <> 'dead')
RETURNING part

-- drop_edit --
-- A change of a message that never came about. Nobody has to look at it.
UPDATE outbox SET state = 'dead', buried = 1, gate = NULL, error = 'what it would replace was never sent',
    settled_at = :now
WHERE seq = :seq

-- lease_part --
-- Until the part is settled or its lease lapses, nothing else of the conversation leaves.
UPDATE outbox SET attempts = attempts + 1, owner = :owner, not_before = :lease_until WHERE seq = :seq

-- begin_part --
-- Its request is about to be written; from now on it may be on the phone.
UPDATE outbox SET state = 'sending', repeated = CASE WHEN uncertain > 0 THEN 1 ELSE repeated END
WHERE seq = :seq AND attempts = :attempt AND owner = :owner AND state IN ('queued', 'uncertain')

-- clear_out_ready --
-- A part of the conversation is in flight.
UPDATE conversation SET out_ready = NULL WHERE conversation = :conversation

-- set_out_ready --
-- The oldest open part decides when the conversation's outbox is ready; while one is in flight none is.
UPDATE conversation SET out_ready = (
    SELECT CASE WHEN EXISTS (
        SELECT 1 FROM outbox f WHERE f.conversation = :conversation
            AND f.state IN ('queued', 'sending', 'uncertain') AND f.owner IS NOT NULL
    ) THEN NULL ELSE not_before END FROM outbox
    WHERE outbox.conversation = :conversation AND state IN ('queued', 'sending', 'uncertain')
    ORDER BY edits IS NOT NULL, seq LIMIT 1
) WHERE conversation = :conversation

-- next_part_at --
-- When the next outbox becomes ready, or a send in flight lapses.
SELECT min(due) FROM (
    SELECT min(out_ready) AS due FROM conversation
    WHERE out_ready IS NOT NULL AND account NOT IN (SELECT value FROM json_each(:paused))
    UNION ALL
    SELECT min(not_before) FROM outbox WHERE owner IS NOT NULL
)

-- part_in_flight --
-- The row behind a lease, as it is now.
SELECT state, attempts, owner FROM outbox WHERE seq = :seq

-- settle_sent --
-- The platform took the part.
UPDATE outbox SET state = :state, message_id = :message_id, owner = NULL, gate = NULL, code = 0, error = NULL,
    settled_at = :now
WHERE seq = :seq

-- settle_open --
-- The part goes back, waits, is held or is dead.
UPDATE outbox SET state = :state, not_before = :not_before, owner = NULL, gate = :gate, code = :code, error = :reason,
    deferrals = deferrals + :deferred, uncertain = uncertain + :doubted,
    settled_at = CASE WHEN :state = 'dead' THEN :now ELSE settled_at END
WHERE seq = :seq

-- message_of --
-- The message that a part became.
SELECT message_id FROM outbox WHERE part = :part
