-- suspended --
-- The names of people who may not talk for now.
SELECT name, at FROM suspension ORDER BY name

-- pairings_like --
-- Whatever pairing holds a sender's user id or number; which of them is theirs is not decided here.
SELECT * FROM pairing WHERE account = :account AND user_id = :user_id
UNION SELECT * FROM pairing WHERE account = :account AND number = :number

-- bind_pairing --
-- A sender who was known by number alone is that user id from now on.
UPDATE pairing SET user_id = :user_id WHERE seq = :seq AND user_id IS NULL

-- give_up_number --
-- Whoever writes from a number under another user id owns it now: it is nobody's way to a pairing any more.
-- Who was sent away stays so under both.
UPDATE pairing SET number = NULL
WHERE account = :account AND number = :number AND user_id <> :user_id AND state <> 'revoked'

-- asked_lately --
-- How many others were told a code within the day.
SELECT count(*) FROM pairing WHERE asked_at > :since AND seq IS NOT :seq

-- ask_pairing --
-- A stranger is told a code.
INSERT INTO pairing (account, sender, number, user_id, called, state, code, event, asked_at, expires_at)
VALUES (:account, :sender, :number, :user_id, :called, 'asked', :code, :event, :now, :expires_at)
ON CONFLICT (account, sender) DO NOTHING

-- ask_again --
-- A stranger is told another code.
UPDATE pairing SET code = :code, event = :event, asked_at = :now, expires_at = :expires_at, tries = 0, called = :called
WHERE seq = :seq

-- move_pairing --
-- Whoever goes on under another number or user id takes along what was decided about them.
UPDATE OR REPLACE pairing SET number = coalesce(:number, number), user_id = coalesce(:user_id, user_id),
    sender = coalesce(:user_id, user_id, :number, number)
WHERE seq = :seq

-- written_to --
-- An operator had something sent to whoever is behind a conversation; what waits for their answer counts too.
SELECT 1 FROM outbox WHERE conversation = :conversation AND cause = 'operator' AND state <> 'dead' LIMIT 1
