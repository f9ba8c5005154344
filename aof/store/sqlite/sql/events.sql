-- ready_conversations --
-- Conversations whose oldest open event can be leased: nobody holds it, or who held it is gone.
SELECT conversation FROM (
    SELECT conversation, ready AS due FROM conversation WHERE owner IS NULL AND ready <= :now
    UNION ALL
    SELECT conversation, lease_until AS due FROM conversation
    WHERE owner IS NOT NULL AND (lease_until <= :now OR owner <> :owner)
        AND conversation NOT IN (SELECT value FROM json_each(:holding))
) ORDER BY due LIMIT :most

-- oldest_event --
-- The event of a conversation that has to be answered before all others.
SELECT i.seq, i.event_id, i.kind, i.payload, i.state, i.attempts, i.sender, i.overflow, i.received_at, i.outcome, i.wanted,
    own.lease_epoch, c.chat, c.number, c.user_id, c.grouped, c.thread, c.language
FROM inbox i JOIN conversation own USING (conversation)
    JOIN conversation c ON c.conversation = coalesce(own.joined, own.conversation)
WHERE i.conversation = :conversation AND i.state IN ('new', 'running') ORDER BY i.seq LIMIT 1

-- running_of --
-- How many events of one person are being answered, over all chats and all that they go by; those whose lease is over
-- are not.
SELECT count(*) FROM inbox i JOIN conversation c USING (conversation)
WHERE i.state = 'running' AND i.seq <> :seq AND (
        i.sender = :sender AND substr(i.account, 1, instr(i.account, ':')) = :platform
        OR EXISTS (SELECT 1 FROM json_each(:ids) WHERE value IN (
            substr(i.account, 1, instr(i.account, ':')) || json_extract(i.payload, '$.sender.user_id'),
            substr(i.account, 1, instr(i.account, ':')) || json_extract(i.payload, '$.sender.number'))))
    AND c.owner = :owner AND (c.lease_until > :now OR c.conversation IN (SELECT value FROM json_each(:holding)))

-- overflowed_before --
-- Whether the event before this one in its conversation was too much as well, and somebody was told so.
SELECT 1 FROM inbox WHERE seq = (
    SELECT max(seq) FROM inbox WHERE conversation = :conversation AND seq < :seq AND kind <> 'reaction'
) AND overflow AND outcome = 'overflowed'

-- lease_conversation --
-- Take a conversation; the higher epoch shuts out whoever held it before.
UPDATE conversation SET owner = :owner, lease_until = :lease_until, lease_epoch = lease_epoch + 1
WHERE conversation = :conversation

-- run_event --
-- The event is being answered.
UPDATE inbox SET state = 'running', attempts = attempts + 1 WHERE seq = :seq

-- put_off --
-- Look at this conversation again a little later.
UPDATE conversation SET owner = NULL, lease_until = NULL, ready = :ready WHERE conversation = :conversation

-- next_event_at --
-- When the next conversation becomes ready or lapses; what somebody gone has leased is ready already.
SELECT min(due) FROM (
    SELECT min(ready) AS due FROM conversation WHERE owner IS NULL AND ready IS NOT NULL
    UNION ALL
    SELECT min(CASE WHEN owner = :owner THEN lease_until ELSE :now END) FROM conversation
    WHERE owner IS NOT NULL AND conversation NOT IN (SELECT value FROM json_each(:holding))
)

-- extend_lease --
-- Keep a lease from lapsing.
UPDATE conversation SET lease_until = :lease_until
WHERE conversation = :conversation AND owner = :owner AND lease_epoch = :epoch

-- release_conversation --
-- End a lease; the next open event decides when the conversation is ready again. Its state is named twice: the index of
-- open events is used only where its own condition stands.
UPDATE conversation SET owner = NULL, lease_until = NULL, language = coalesce(:language, language),
    ready = (SELECT not_before FROM inbox WHERE conversation = :conversation AND state IN ('new', 'running') AND state = 'new' ORDER BY seq LIMIT 1)
WHERE conversation = :conversation AND owner = :owner AND lease_epoch = :epoch

-- ready_again --
-- Nobody holds the conversation; its next open event decides when it is ready.
UPDATE conversation SET owner = NULL, lease_until = NULL,
    ready = (SELECT not_before FROM inbox WHERE conversation = :conversation AND state IN ('new', 'running') AND state = 'new' ORDER BY seq LIMIT 1)
WHERE conversation = :conversation

-- ready_unless_held --
-- Let a conversation be answered, unless somebody is at it: they look for more when they end.
UPDATE conversation SET ready = coalesce(ready, :now) WHERE conversation = :conversation AND owner IS NULL

-- holds --
-- Whether a lease is still its holder's.
SELECT 1 FROM conversation WHERE conversation = :conversation AND owner = :owner AND lease_epoch = :epoch

-- known_part --
-- Whether a part of this id was queued before.
SELECT 1 FROM outbox WHERE part = :part

-- end_event --
-- Write what became of an event.
UPDATE inbox SET state = :state, outcome = :outcome, error = :error, not_before = :not_before, behind = :behind,
    attempts = attempts - :given_back
WHERE seq = :seq

-- keep_turn --
-- Keep what was said.
INSERT INTO turn (conversation, seq, role, body, at) VALUES (:conversation, :seq, :role, :body, :now)
ON CONFLICT DO NOTHING

-- queue_part --
-- Put a part into the outbox.
INSERT INTO outbox (conversation, account, part, cause, about, body, reply_to, asker, until, question, edits, state,
    not_before, created_at)
SELECT conversation, account, :part, :cause, :about, :body, :reply_to, :asker, :until, :question, :edits, 'queued', :now,
    :now
FROM conversation WHERE conversation = :conversation

-- keep_choice --
-- Remember what a part offers.
INSERT INTO choice (part, shown, conversation, number, action, title, sender, until, rest, agent, created_at)
SELECT :part, :shown, coalesce(joined, conversation), :number, :action, :title, :sender, :until, :rest, :agent, :now
FROM conversation WHERE conversation = :conversation
ON CONFLICT DO NOTHING

-- pressed --
-- The newest choice with this wire id that a part sent here carried.
SELECT c.action, c.title, c.rest, c.number, c.agent FROM choice c JOIN outbox o ON o.part = c.part
WHERE c.conversation = (SELECT coalesce(joined, conversation) FROM conversation WHERE conversation = :conversation)
    AND c.shown = :shown
    AND o.state IN ('sending', 'uncertain', 'sent', 'delivered', 'read', 'failed')
ORDER BY o.seq DESC LIMIT 1

-- numbered --
-- A choice of the newest numbered message here that reached its sender's phone, if it is still in its time. In a chat of
-- two there is one person, who may go on under another number or user id.
SELECT c.action, c.title, c.rest, c.number, c.agent FROM choice c JOIN conversation own USING (conversation)
WHERE c.number = :number AND (c.sender = :sender OR NOT own.grouped) AND c.until > :now AND c.part = (
    SELECT o.part FROM choice n JOIN outbox o ON o.part = n.part
    WHERE n.conversation = (SELECT coalesce(joined, conversation) FROM conversation WHERE conversation = :conversation)
        AND n.number IS NOT NULL
        AND o.state IN ('sending', 'uncertain', 'sent', 'delivered', 'read')
    ORDER BY o.seq DESC LIMIT 1
)
