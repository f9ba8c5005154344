-- suspended --
-- The names of people who may not talk for now.
SELECT name, at FROM suspension ORDER BY name

-- pairing_of --
-- The pairing of exactly this user id or number; who was sent away under either is sent away.
SELECT state, name FROM pairing WHERE account = :account AND sender IN (:user_id, :number)
ORDER BY state = 'revoked' DESC, state = 'approved' DESC LIMIT 1

-- asked_lately --
-- How many others were told a code within the day.
SELECT count(*) FROM pairing WHERE asked_at > :since AND NOT (account = :account AND sender = :sender)

-- ask_pairing --
-- A stranger is told a code, unless one was told within the day; the event that asked may do so again after a crash.
INSERT INTO pairing (account, sender, number, user_id, called, state, code, event, asked_at, expires_at)
VALUES (:account, :sender, :number, :user_id, :called, 'asked', :code, :event, :now, :expires_at)
ON CONFLICT (account, sender) DO UPDATE SET code = excluded.code, event = excluded.event, asked_at = excluded.asked_at,
    expires_at = excluded.expires_at, tries = 0, called = excluded.called
WHERE pairing.state = 'asked' AND (pairing.asked_at <= :since OR pairing.event = :event)

-- chosen --
-- The agent that a person chose here.
SELECT agent FROM preference WHERE conversation = :conversation AND sender = :sender

-- choose --
-- The agent that a person wants to talk to here from now on.
INSERT INTO preference (conversation, sender, agent) VALUES (:conversation, :sender, :agent)
ON CONFLICT (conversation, sender) DO UPDATE SET agent = excluded.agent
