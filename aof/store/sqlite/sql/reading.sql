-- conversations_heard --
-- Those who wrote, the last first. What stands beside each row is looked up for that row alone.
SELECT c.conversation, c.account, c.chat, c.number, c.user_id, c.grouped, c.thread, c.heard_at
FROM conversation c
WHERE (c.heard_at, c.conversation) < (:heard, :conversation) AND c.heard_at IS NOT NULL AND c.joined IS NULL
ORDER BY c.heard_at DESC, c.conversation DESC LIMIT :most

-- conversations_silent --
-- Those who never wrote.
SELECT c.conversation, c.account, c.chat, c.number, c.user_id, c.grouped, c.thread, c.heard_at
FROM conversation c
WHERE c.heard_at IS NULL AND c.conversation < :conversation AND c.joined IS NULL
ORDER BY c.conversation DESC LIMIT :most

-- conversations_named --
-- Those of a list.
SELECT c.conversation, c.account, c.chat, c.number, c.user_id, c.grouped, c.thread, c.heard_at
FROM json_each(:named) one JOIN conversation c ON c.conversation = one.value
ORDER BY c.heard_at DESC, c.conversation DESC LIMIT :most

-- newest_line --
-- The last that was said in a conversation.
SELECT substr(body, 1, 160) AS body, role FROM turn WHERE conversation = :conversation ORDER BY seq DESC LIMIT 1

-- called --
-- What whoever spoke last calls themselves.
SELECT json_extract(i.payload, '$.sender.name') AS name FROM turn t JOIN inbox i ON i.seq = t.seq
WHERE t.conversation = :conversation AND t.role = 'person' ORDER BY t.seq DESC LIMIT 1

-- trouble_of --
-- How many parts of a conversation need somebody.
SELECT count(*) FROM outbox
WHERE conversation = :conversation AND state IN ('held', 'dead', 'failed') AND buried = 0

-- found_by_alias --
-- Conversations to which a number or id leads that holds the words.
SELECT DISTINCT c.conversation FROM address a
    JOIN conversation c ON c.conversation = a.conversation OR c.topic_of = a.conversation
WHERE a.alias LIKE :like ESCAPE '\' LIMIT :most

-- found_by_person --
-- Conversations to which one of these numbers and ids leads.
SELECT DISTINCT c.conversation FROM address a
    JOIN conversation c ON c.conversation = a.conversation OR c.topic_of = a.conversation
WHERE a.alias IN (SELECT value FROM json_each(:aliases)) LIMIT :most

-- found_by_pairing --
-- Conversations of those who are called so, or call themselves so.
SELECT DISTINCT c.conversation FROM pairing p JOIN address a ON a.account = p.account AND a.alias IN (p.number, p.user_id)
    JOIN conversation c ON c.conversation = a.conversation OR c.topic_of = a.conversation
WHERE p.name LIKE :like ESCAPE '\' OR p.called LIKE :like ESCAPE '\' LIMIT :most

-- found_by_line --
-- Conversations in which the words were said, among the newest lines.
SELECT DISTINCT conversation FROM (SELECT conversation, body FROM turn ORDER BY at DESC LIMIT :lines)
WHERE body LIKE :like ESCAPE '\' LIMIT :most

-- lines_heard --
-- What the person of a conversation said, the newest first.
SELECT t.seq, t.body, coalesce(i.received_at, t.at) AS at, i.state, i.outcome, i.kind,
    json_extract(i.payload, '$.sender.name') AS sender
FROM turn t LEFT JOIN inbox i ON i.seq = t.seq
WHERE t.conversation = :conversation AND t.role = 'person' AND coalesce(i.received_at, t.at) < :before
ORDER BY t.seq DESC LIMIT :most

-- lines_waiting --
-- What was said and is not answered yet.
SELECT i.seq, coalesce(json_extract(i.payload, '$.text'), json_extract(i.payload, '$.title'), '') AS body,
    i.received_at AS at, i.state, i.outcome, i.kind, json_extract(i.payload, '$.sender.name') AS sender
FROM inbox i
WHERE i.conversation = :conversation AND i.state IN ('new', 'running') AND i.kind <> 'decided' AND i.received_at < :before
    AND NOT EXISTS (SELECT 1 FROM turn t WHERE t.conversation = i.conversation AND t.seq = i.seq AND t.role = 'person')
ORDER BY i.seq DESC LIMIT :most

-- parts_of_conversation --
-- What was sent to somebody, the newest first.
SELECT o.*, c.chat, c.number, c.user_id, c.grouped, c.thread, c.heard_at
FROM outbox o LEFT JOIN conversation own ON own.conversation = o.conversation
    LEFT JOIN conversation c ON c.conversation = coalesce(own.joined, own.conversation)
WHERE o.conversation = :conversation AND o.created_at < :before
ORDER BY o.seq DESC LIMIT :most

-- deliveries --
-- All parts, the newest first.
SELECT o.*, c.chat, c.number, c.user_id, c.grouped, c.thread, c.heard_at
FROM outbox o LEFT JOIN conversation own ON own.conversation = o.conversation
    LEFT JOIN conversation c ON c.conversation = coalesce(own.joined, own.conversation)
WHERE o.seq < :before ORDER BY o.seq DESC LIMIT :most

-- deliveries_in_state --
-- Parts of one state, the newest first.
SELECT o.*, c.chat, c.number, c.user_id, c.grouped, c.thread, c.heard_at
FROM outbox o LEFT JOIN conversation own ON own.conversation = o.conversation
    LEFT JOIN conversation c ON c.conversation = coalesce(own.joined, own.conversation)
WHERE o.state = :state AND o.seq < :before
    AND (:gate = '' OR o.gate = :gate) AND (:account = '' OR o.account = :account)
ORDER BY o.seq DESC LIMIT :most

-- deliveries_deferred --
-- Parts that wait for their next attempt, the newest first.
SELECT o.*, c.chat, c.number, c.user_id, c.grouped, c.thread, c.heard_at
FROM outbox o LEFT JOIN conversation own ON own.conversation = o.conversation
    LEFT JOIN conversation c ON c.conversation = coalesce(own.joined, own.conversation)
WHERE o.state = 'queued' AND (o.deferrals > 0 OR o.error IS NOT NULL) AND o.seq < :before
ORDER BY o.seq DESC LIMIT :most

-- deliveries_in_trouble --
-- Parts that need somebody, the newest first.
SELECT o.*, c.chat, c.number, c.user_id, c.grouped, c.thread, c.heard_at
FROM outbox o LEFT JOIN conversation own ON own.conversation = o.conversation
    LEFT JOIN conversation c ON c.conversation = coalesce(own.joined, own.conversation)
WHERE o.state IN ('held', 'dead', 'failed') AND o.buried = 0 AND o.seq < :before
ORDER BY o.seq DESC LIMIT :most

-- oldest_trouble --
-- The oldest parts that did not arrive.
SELECT o.*, c.chat, c.number, c.user_id, c.grouped, c.thread, c.heard_at
FROM outbox o LEFT JOIN conversation own ON own.conversation = o.conversation
    LEFT JOIN conversation c ON c.conversation = coalesce(own.joined, own.conversation)
WHERE o.state IN ('held', 'dead', 'failed') AND o.buried = 0 AND o.state <> 'held'
ORDER BY o.seq LIMIT :most

-- delivery --
-- One part.
SELECT o.*, c.chat, c.number, c.user_id, c.grouped, c.thread, c.heard_at
FROM outbox o LEFT JOIN conversation own ON own.conversation = o.conversation
    LEFT JOIN conversation c ON c.conversation = coalesce(own.joined, own.conversation)
WHERE o.seq = :seq

-- ticks --
-- What receipts say of a message, the oldest first.
SELECT state, coalesce(at, received_at) AS at, code, reason FROM receipt
WHERE message_id = :message_id AND account = :account ORDER BY seq

-- held_by_gate --
-- What is held, by gate and account, the longest first.
SELECT coalesce(gate, '') AS gate, account, count(*) AS parts, min(created_at) AS since FROM outbox
WHERE state = 'held' GROUP BY gate, account ORDER BY since

-- count_trouble --
-- How many parts need somebody, by state.
SELECT state, count(*) FROM outbox WHERE state IN ('held', 'dead', 'failed') AND buried = 0 GROUP BY state

-- count_unanswered --
-- How much could not be read or answered.
SELECT (SELECT count(*) FROM quarantine)
    + (SELECT count(*) FROM inbox WHERE state <> 'done' AND state = 'dead' AND payload IS NOT NULL)

-- newest_part --
-- The number of the newest part.
SELECT coalesce(max(seq), 0) FROM outbox

-- bury_part --
-- What was held will never leave; what did not arrive is left at that.
UPDATE outbox SET buried = 1, error = CASE WHEN state = 'held' THEN :reason ELSE error END,
    state = CASE WHEN state = 'held' THEN 'dead' ELSE state END, gate = NULL, settled_at = coalesce(settled_at, :now)
WHERE seq = :seq AND state IN ('held', 'dead', 'failed') AND buried = 0 RETURNING part

-- bury_unreadable --
-- Nobody will read it.
DELETE FROM quarantine WHERE seq = :seq

-- bury_event --
-- Nobody will answer it.
UPDATE inbox SET state = 'done', outcome = 'buried' WHERE seq = :seq AND state = 'dead'

-- stopped_since --
-- Since when accounts are stopped.
SELECT account, at FROM stopped

-- every_conversation --
-- The names of all: an address of the page holds a digest, and which it is of can only be tried.
SELECT conversation FROM conversation

-- newer_parts --
-- How many came behind a part.
SELECT count(*) FROM (SELECT 1 FROM outbox WHERE seq > :part LIMIT :most)

-- newer_conversations --
-- How many were heard after a moment.
SELECT count(*) FROM (SELECT 1 FROM conversation WHERE heard_at > :heard LIMIT :most)
