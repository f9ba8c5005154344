-- known_event --
-- Whether this event was accepted before.
SELECT 1 FROM inbox WHERE account = :account AND event_id = :event_id

-- conversations_of --
-- The conversations that a sender's number and user id lead to, the oldest first.
SELECT DISTINCT c.conversation, c.user_id, c.created_at FROM address a JOIN conversation c USING (conversation)
WHERE a.account = :account AND a.alias IN (:first, :second) ORDER BY c.created_at, c.conversation

-- settled_of --
-- Of new events of senders about whom nothing has changed: the conversation to which number and user id lead, and how many
-- of its events are open. Each event is [place, account, event id, number, user id].
WITH event AS MATERIALIZED (
    SELECT json_extract(value, '$[0]') AS place, json_extract(value, '$[1]') AS account,
        json_extract(value, '$[2]') AS event_id, json_extract(value, '$[3]') AS number,
        json_extract(value, '$[4]') AS user_id
    FROM json_each(:events)
)
SELECT event.place, c.conversation, (
    SELECT count(*) FROM inbox o WHERE o.conversation = c.conversation AND o.state IN ('new', 'running')
)
FROM event
    CROSS JOIN address a ON a.account = event.account AND a.alias = coalesce(event.user_id, event.number)
    CROSS JOIN conversation c ON c.conversation = a.conversation
WHERE c.number IS event.number AND c.user_id IS event.user_id
    AND (event.number IS NULL OR EXISTS (
        SELECT 1 FROM address n
        WHERE n.account = event.account AND n.alias = event.number AND n.conversation = a.conversation))
    AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.account = event.account AND i.event_id = event.event_id)
    AND NOT EXISTS (
        SELECT 1 FROM pairing p WHERE p.account = event.account AND p.number = event.number
            AND p.user_id <> event.user_id AND p.state <> 'revoked')
    AND (event.user_id IS NULL OR NOT EXISTS (
        SELECT 1 FROM contact k
        WHERE k.account = event.account AND k.number = event.number AND k.user_id IS NOT event.user_id))
ORDER BY 1

-- hear_all_again --
-- People wrote once more; a new event makes its conversation ready unless an earlier one decides. Each is [conversation,
-- when they wrote]; what they wrote earlier may come later.
UPDATE conversation SET heard_at = :now, ready = coalesce(ready, :now),
    spoke_at = max(coalesce(spoke_at, heard.at), heard.at)
FROM (SELECT json_extract(value, '$[0]') AS name, json_extract(value, '$[1]') AS at FROM json_each(:heard)) AS heard
WHERE conversation = heard.name

-- forget_address --
-- A number or user id that leads elsewhere now is nobody else's address any more; without another, nothing is.
UPDATE conversation SET number = CASE WHEN number = :alias THEN NULL ELSE number END,
    user_id = CASE WHEN user_id = :alias THEN NULL ELSE user_id END,
    chat = CASE WHEN chat <> :alias THEN chat WHEN number = :alias THEN coalesce(user_id, '') ELSE coalesce(number, '') END
WHERE conversation = (SELECT conversation FROM address WHERE account = :account AND alias = :alias)
    AND conversation <> :conversation

-- point_alias --
-- Let a number or user id lead to this conversation.
INSERT INTO address (account, alias, conversation) VALUES (:account, :alias, :conversation)
ON CONFLICT (account, alias) DO UPDATE SET conversation = excluded.conversation

-- drop_former --
-- Who goes on under another number or user id has given up the former one: it leads nowhere.
DELETE FROM address WHERE account = :account AND conversation = :conversation AND alias IN (
    SELECT number FROM conversation WHERE conversation = :conversation AND number <> :number
    UNION ALL
    SELECT user_id FROM conversation WHERE conversation = :conversation AND user_id <> :user_id)

-- hear --
-- Make the conversation, or note that a person wrote in it; a new event makes it ready unless an earlier one decides.
-- What does not open the platform's window has no `spoke_at`; what was written earlier may come later.
INSERT INTO conversation (conversation, account, chat, number, user_id, grouped, thread, topic_of, heard_at, created_at,
    ready, spoke_at)
VALUES (:conversation, :account, :chat, :number, :user_id, :grouped, :thread, :topic_of, :now, :now, :ready, :spoke_at)
ON CONFLICT (conversation) DO UPDATE SET
    number = coalesce(excluded.number, number),
    user_id = coalesce(excluded.user_id, user_id),
    heard_at = excluded.heard_at,
    spoke_at = coalesce(max(spoke_at, excluded.spoke_at), spoke_at, excluded.spoke_at),
    ready = coalesce(ready, excluded.ready)

-- open_conversation --
-- The conversation with a person; where nobody has written yet the platform's window is closed.
INSERT INTO conversation (conversation, account, chat, number, user_id, grouped, created_at)
VALUES (:conversation, :account, :chat, :number, :user_id, 0, :now)
ON CONFLICT (conversation) DO UPDATE SET
    number = coalesce(excluded.number, number),
    user_id = coalesce(excluded.user_id, user_id)

-- move_address --
-- The person behind a conversation goes on under another number or user id.
UPDATE conversation SET number = coalesce(:number, number), user_id = coalesce(:user_id, user_id)
WHERE conversation = :conversation

-- waiting --
-- How many events of a conversation are open.
SELECT count(*) FROM inbox WHERE conversation = :conversation AND state IN ('new', 'running')

-- keep_event --
-- Put an event into the inbox.
INSERT INTO inbox (account, event_id, conversation, kind, sender, payload, received_at, state, not_before, overflow, outcome)
VALUES (:account, :event_id, :conversation, :kind, :sender, :payload, :now, :state, :now, :overflow, :outcome)

-- keep_notice --
-- Keep a notice.
INSERT INTO notice (account, event_id, about, subject, raw, received_at)
VALUES (:account, :event_id, :about, :subject, :raw, :now) ON CONFLICT DO NOTHING

-- keep_unreadable --
-- Put what can't be read into quarantine.
INSERT INTO quarantine (account, event_id, reason, raw, received_at)
VALUES (:account, :event_id, :reason, :raw, :now) ON CONFLICT DO NOTHING

-- keep_receipt --
-- Keep a receipt; it may have to wait for the send's own answer.
INSERT INTO receipt (account, event_id, message_id, part, recipient, state, at, code, reason, category, outside, received_at)
VALUES (:account, :event_id, :message_id, :part, :recipient, :state, :at, :code, :reason, :category, :outside, :now)
ON CONFLICT DO NOTHING

-- billed --
-- Whether a receipt of this message said that it is billed.
SELECT 1 FROM receipt WHERE message_id = :message_id AND account = :account AND category IS NOT NULL LIMIT 1

-- part_by_id --
-- The row that a receipt names by our own part id.
SELECT seq, part, account, conversation, state, message_id, retried FROM outbox WHERE account = :account AND part = :part

-- part_by_message --
-- The row whose message this is, by the send's own answer or by another receipt that named the part.
SELECT seq, part, account, conversation, state, message_id, retried FROM outbox WHERE account = :account AND seq IN (
    SELECT seq FROM outbox WHERE message_id = :message_id
    UNION ALL
    SELECT o.seq FROM receipt r JOIN outbox o ON o.part = r.part
    WHERE r.account = :account AND r.message_id = :message_id
)

-- failed_before --
-- Whether an earlier receipt said that this message failed.
SELECT 1 FROM receipt
WHERE account = :account AND message_id = :message_id AND state = 'failed' AND event_id <> :event_id LIMIT 1

-- receipts_of --
-- All that is known of one message, but for what names another part.
SELECT state, code, reason, outside, at FROM receipt
WHERE account = :account AND message_id = :message_id AND (part IS NULL OR part = :part)

-- raise_part --
-- Move a row up to what a receipt proves.
UPDATE outbox SET state = :state, message_id = coalesce(message_id, :message_id),
    code = CASE WHEN :state = 'failed' THEN :code ELSE code END,
    error = CASE WHEN :state = 'failed' THEN :reason ELSE error END,
    gate = NULL, owner = NULL, settled_at = :now
WHERE seq = :seq
