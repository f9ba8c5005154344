-- keep_session --
-- Somebody signs in.
INSERT INTO session (digest, person, created_at, expires_at) VALUES (:digest, :person, :now, :expires_at)

-- erase_old_sessions --
-- Sessions that are over.
DELETE FROM session WHERE expires_at <= :now

-- erase_old_links --
-- Links that nobody used in time.
DELETE FROM sign_in_link WHERE expires_at <= :now

-- session --
-- Whose session it is, while it lasts.
SELECT * FROM session WHERE digest = :digest AND expires_at > :now

-- sessions --
-- All that last, the newest first.
SELECT * FROM session WHERE expires_at > :now ORDER BY created_at DESC

-- prefer --
-- How somebody wants to see the page.
UPDATE session SET language = nullif(:language, ''), theme = nullif(:theme, '') WHERE digest = :digest

-- end_session --
-- Somebody signs out.
DELETE FROM session WHERE digest = :digest RETURNING person

-- end_sessions --
-- Somebody is signed out everywhere.
DELETE FROM session WHERE person = :person

-- end_links --
-- Their links open nothing any more.
DELETE FROM sign_in_link WHERE person = :person

-- keep_link --
-- A link that signs somebody in once.
INSERT INTO sign_in_link (digest, person, expires_at) VALUES (:digest, :person, :expires_at)

-- link --
-- Whom it would sign in.
SELECT person FROM sign_in_link WHERE digest = :digest AND expires_at > :now

-- use_link --
-- It is used up.
DELETE FROM sign_in_link WHERE digest = :digest AND expires_at > :now RETURNING person
