-- contacts_like --
-- Whatever contact holds a sender's user id or number; which of them is theirs is not decided here.
SELECT * FROM contact WHERE account = :account AND user_id = :user_id
UNION SELECT * FROM contact WHERE account = :account AND number IN (SELECT value FROM json_each(:numbers))

-- words_of --
-- All that some contacts said, the oldest first.
SELECT contact, state, how, at FROM consent
WHERE contact IN (SELECT value FROM json_each(:contacts)) AND state <> 'asked' ORDER BY seq

-- lose_number --
-- Whoever writes from a number under another user id owns it now.
UPDATE contact SET number = NULL
WHERE account = :account AND number IN (SELECT value FROM json_each(:numbers)) AND user_id <> :user_id

-- bind_contact --
-- Somebody who was known by number alone is that user id from now on.
UPDATE contact SET user_id = :user_id
WHERE account = :account AND number IN (SELECT value FROM json_each(:numbers)) AND user_id IS NULL

-- renumber_contact --
-- Somebody writes from another number.
UPDATE contact SET number = :number WHERE account = :account AND user_id = :user_id AND number IS NOT :number

-- move_contact --
-- Somebody goes on under another number or user id.
UPDATE contact SET number = coalesce(:number, number), user_id = coalesce(:user_id, user_id) WHERE contact = :contact

-- take_number_off --
-- The number is somebody else's now.
UPDATE contact SET number = NULL WHERE contact = :contact

-- known_user_id --
-- Whose number it is, by the conversation that it leads to, else by the ledger itself.
SELECT user_id FROM (
SELECT c.user_id, 1 AS place, c.heard_at FROM address a JOIN conversation c USING (conversation)
WHERE a.account = :account AND a.alias IN (SELECT value FROM json_each(:numbers)) AND NOT c.grouped
UNION ALL
SELECT user_id, 2, created_at FROM contact
WHERE account = :account AND number IN (SELECT value FROM json_each(:numbers))
) WHERE user_id IS NOT NULL ORDER BY place, heard_at DESC LIMIT 1

-- add_contact --
-- Somebody of whom nothing was known.
INSERT INTO contact (account, number, user_id, created_at) VALUES (:account, :number, :user_id, :now) RETURNING contact

-- add_consent --
-- A word more.
INSERT INTO consent (contact, state, how, evidence, by, event, at)
VALUES (:contact, :state, :how, :evidence, :by, :event, :at) RETURNING seq

-- words_lately --
-- How often some contacts changed their mind.
SELECT count(*) FROM consent
WHERE contact IN (SELECT value FROM json_each(:contacts)) AND how IN ('word', 'button') AND at > :since

-- was_asked --
-- When some contacts were last asked to opt in.
SELECT max(at) FROM consent WHERE contact IN (SELECT value FROM json_each(:contacts)) AND state = 'asked'

-- said_by_event --
-- What an event changed, and whether anything was known of its sender before.
SELECT k.state, NOT EXISTS (
    SELECT 1 FROM consent p WHERE p.contact = k.contact AND p.seq < k.seq AND p.state <> 'asked'
) AS is_first
FROM consent k JOIN contact c USING (contact)
WHERE k.event = :event AND k.event <> '' AND c.account = :account AND k.how IN ('word', 'button')

-- recipient_of --
-- Who is written to in a chat of two.
SELECT c.number, c.user_id FROM conversation own JOIN conversation c ON c.conversation = coalesce(own.joined, own.conversation)
WHERE own.conversation = :conversation AND NOT c.grouped AND coalesce(c.user_id, c.number) IS NOT NULL

-- consent_rows --
-- All rows of some contacts.
SELECT k.seq, k.state, k.how, k.evidence, k.by, k.event, k.at, c.account, c.number, c.user_id
FROM consent k JOIN contact c USING (contact)
WHERE k.contact IN (SELECT value FROM json_each(:contacts)) ORDER BY k.seq

-- speak_first --
-- The language in which somebody is written to who has not spoken here yet.
UPDATE conversation SET language = coalesce(language, :language) WHERE conversation = :conversation
