-- open_code --
-- The pairing that a code opens.
SELECT * FROM pairing WHERE state = 'asked' AND code = :code AND expires_at > :now AND tries < :most_tries

-- wrong_code --
-- Every code that is open has one try less.
UPDATE pairing SET tries = tries + 1 WHERE state = 'asked' AND code IS NOT NULL AND expires_at > :now

-- decide_pairing --
-- Let a sender in, or send them away; their code is used up.
UPDATE pairing SET state = :state, name = CASE WHEN :name = '' THEN name ELSE :name END, code = NULL, decided_at = :now
WHERE seq = :seq

-- pairings_called --
-- By what an operator calls them, by number or by user id.
SELECT * FROM pairing WHERE state = :state AND :who <> '' AND (name = :who OR number = :who OR user_id = :who) ORDER BY seq

-- pairings --
-- All, the newest last.
SELECT * FROM pairing ORDER BY seq

-- pairing --
-- One as it is now.
SELECT * FROM pairing WHERE seq = :seq

-- name_taken --
-- Whether somebody who may talk is called so already.
SELECT 1 FROM pairing WHERE name = :name AND name <> '' AND state = 'approved' AND seq IS NOT :seq LIMIT 1

-- suspend --
-- Nothing is taken from this person or sent to them.
INSERT INTO suspension (name, at) VALUES (:name, :now) ON CONFLICT DO NOTHING

-- resume_person --
-- They may talk again.
DELETE FROM suspension WHERE name = :name
