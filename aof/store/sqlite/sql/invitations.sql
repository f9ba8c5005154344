-- withdraw_invitation --
-- One who is invited again is let in by the newer code alone.
DELETE FROM invitation WHERE name = :name

-- keep_invitation --
-- Whoever shows this code first is let in.
INSERT INTO invitation (code, name, by, at, expires_at) VALUES (:code, :name, :by, :now, :expires_at)

-- use_invitation --
-- Once, and in its time.
DELETE FROM invitation WHERE code = :code AND expires_at > :now RETURNING seq, name, by

-- invite_pairing --
-- A sender of whom nothing was decided.
INSERT INTO pairing (account, sender, number, user_id, called, state, event, asked_at, expires_at)
VALUES (:account, :sender, :number, :user_id, :called, 'asked', :event, :now, :now)
ON CONFLICT (account, sender) DO NOTHING

-- keep_invite_link --
-- How a link of an account looks.
INSERT INTO invite_link (account, link) VALUES (:account, :link)
ON CONFLICT (account) DO UPDATE SET link = excluded.link

-- invite_links --
-- Of accounts that have such links.
SELECT account, link FROM invite_link ORDER BY account
