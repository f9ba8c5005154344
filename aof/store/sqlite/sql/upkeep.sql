-- probe --
-- Something as large as a webhook, to see whether it can be kept; `unprobe` takes it back in the same transaction.
INSERT INTO quarantine (account, event_id, reason, raw, received_at) VALUES ('', 'probe', '', zeroblob(16384), 0)

-- probed --
-- Whether it can be read back.
SELECT length(raw) FROM quarantine WHERE account = '' AND event_id = 'probe'

-- unprobe --
-- What `probe` wrote.
DELETE FROM quarantine WHERE account = '' AND event_id = 'probe'

-- last_audit --
-- The last number given, and the hash of the newest row; a row that was cut off leaves a gap for ever.
SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0),
    (SELECT hash FROM audit ORDER BY seq DESC LIMIT 1)

-- keep_audit --
-- Append to the chain.
INSERT INTO audit (seq, at, kind, subject, digest, prev, hash)
VALUES (:seq, :at, :kind, :subject, :digest, :prev, :hash)

-- keep_words --
-- What stands behind a digest of the chain.
INSERT INTO audit_words (seq, facts) VALUES (:seq, :facts)

-- audit_chain --
-- The whole chain with the facts beside it, oldest first.
SELECT seq, at, kind, subject, digest, prev, hash, facts FROM audit LEFT JOIN audit_words USING (seq) ORDER BY seq

-- audit_rows --
-- A batch of the chain.
SELECT seq, at, kind, subject, digest, prev, hash, facts FROM audit LEFT JOIN audit_words USING (seq)
WHERE seq > :after AND seq <= :up_to AND kind GLOB :kind AND (:since IS NULL OR at >= :since)
    AND (:until IS NULL OR at < :until)
ORDER BY seq LIMIT :most

-- stray_words --
-- Facts beside no row of the chain.
SELECT seq FROM audit_words WHERE seq NOT IN (SELECT seq FROM audit) ORDER BY seq LIMIT 1

-- end_parked --
-- What nobody wanted in its time is over.
UPDATE inbox SET state = 'done', outcome = 'skipped' WHERE seq IN (
    SELECT seq FROM inbox WHERE received_at < :before AND state = 'parked' AND behind IS NULL LIMIT :batch)

-- blank_events --
-- What was said is erased; the ids stay, since platforms repeat events for days.
UPDATE inbox SET payload = NULL WHERE seq IN (
    SELECT seq FROM inbox WHERE received_at < :before AND payload IS NOT NULL AND state IN ('done', 'dead') LIMIT :batch)

-- erase_events --
-- Ids whose repeats can't come any more.
DELETE FROM inbox WHERE seq IN (
    SELECT seq FROM inbox WHERE received_at < :before_ids AND payload IS NULL AND state IN ('done', 'dead') LIMIT :batch)

-- erase_turns --
-- Transcripts.
DELETE FROM turn WHERE (conversation, seq, role) IN (
    SELECT conversation, seq, role FROM turn WHERE at < :before LIMIT :batch)

-- erase_parts --
-- Parts that are settled.
DELETE FROM outbox WHERE seq IN (
    SELECT seq FROM outbox WHERE created_at < :before AND (
        state IN ('sent', 'failed', 'delivered', 'read', 'dead') OR (state = 'held' AND until < :before)) LIMIT :batch)

-- erase_choices --
-- What old parts offered, once the parts are gone: a held one may still be sent.
DELETE FROM choice WHERE (part, shown) IN (
    SELECT part, shown FROM choice WHERE created_at < :before
        AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.part = choice.part) LIMIT :batch)

-- erase_receipts --
-- Receipts whose repeats can't come any more.
DELETE FROM receipt WHERE seq IN (SELECT seq FROM receipt WHERE received_at < :before_ids LIMIT :batch)

-- erase_notices --
-- Notices.
DELETE FROM notice WHERE seq IN (SELECT seq FROM notice WHERE received_at < :before_ids LIMIT :batch)

-- erase_quarantine --
-- Bodies that nobody replayed.
DELETE FROM quarantine WHERE seq IN (SELECT seq FROM quarantine WHERE received_at < :before_ids LIMIT :batch)

-- erase_conversations --
-- People who have not written since ids are forgotten, and to whom nothing is open or held.
DELETE FROM conversation WHERE conversation IN (
    SELECT c.conversation FROM conversation c
    WHERE c.heard_at < :before_ids AND c.ready IS NULL AND c.owner IS NULL
        AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.conversation = c.conversation AND o.state = 'held')
        AND NOT EXISTS (
            SELECT 1 FROM outbox o
            WHERE o.conversation = c.conversation AND o.state IN ('queued', 'sending', 'uncertain'))
        AND NOT EXISTS (SELECT 1 FROM conversation y WHERE y.joined = c.conversation)
        -- whose number it is has to stay known for as long as the ledger of consent speaks of them
        AND NOT EXISTS (SELECT 1 FROM contact k WHERE k.account = c.account AND k.user_id = c.user_id)
        AND NOT EXISTS (SELECT 1 FROM run r WHERE r.conversation = c.conversation AND r.state <> 'finished')
    LIMIT :batch)

-- erase_closed_windows --
-- Of conversations that are gone.
DELETE FROM closed_window WHERE conversation IN (
    SELECT w.conversation FROM closed_window w
    WHERE NOT EXISTS (SELECT 1 FROM conversation c WHERE c.conversation = w.conversation) LIMIT :batch)

-- erase_addresses --
-- Numbers and user ids that lead nowhere any more.
DELETE FROM address WHERE (account, alias) IN (
    SELECT a.account, a.alias FROM address a
    WHERE NOT EXISTS (SELECT 1 FROM conversation c WHERE c.conversation = a.conversation) LIMIT :batch)

-- erase_preferences --
-- Choices in conversations that are gone. Those of a person are kept under their key.
DELETE FROM preference WHERE (conversation, sender) IN (
    SELECT p.conversation, p.sender FROM preference p
    WHERE p.conversation NOT LIKE 'person:%' AND NOT EXISTS (SELECT 1 FROM conversation c WHERE c.conversation = p.conversation) LIMIT :batch)

-- erase_pairings --
-- Strangers who asked, and whom nobody let in; after a day they may ask again.
DELETE FROM pairing WHERE seq IN (SELECT seq FROM pairing WHERE state = 'asked' AND asked_at < :day_ago LIMIT :batch)

-- erase_invitations --
-- Codes that open nothing any more.
DELETE FROM invitation WHERE seq IN (SELECT seq FROM invitation WHERE expires_at < :day_ago LIMIT :batch)

-- erase_budgets --
-- What was counted on days that are long over.
DELETE FROM budget WHERE (day, scope, subject) IN (
    SELECT day, scope, subject FROM budget WHERE day < date(:before, 'unixepoch') LIMIT :batch)

-- erase_memory --
-- What agents remembered.
DELETE FROM memory WHERE rowid IN (SELECT rowid FROM memory WHERE at < :before LIMIT :batch)

-- erase_expectations --
-- What is expected of nobody any more.
DELETE FROM expectation WHERE (conversation, sender) IN (
    SELECT conversation, sender FROM expectation WHERE until < :before LIMIT :batch)

-- erase_approvals --
-- Questions that are decided, of runs that are over.
DELETE FROM approval WHERE seq IN (
    SELECT a.seq FROM approval a WHERE a.asked_at < :before AND a.state NOT IN ('asked', 'approved', 'running')
        AND NOT EXISTS (SELECT 1 FROM run r WHERE r.run = a.run AND r.state <> 'finished') LIMIT :batch)

-- erase_votes --
-- What was said about questions that are gone.
DELETE FROM vote WHERE (approval, person) IN (
    SELECT v.approval, v.person FROM vote v
    WHERE NOT EXISTS (SELECT 1 FROM approval a WHERE a.id = v.approval) LIMIT :batch)

-- erase_steps --
-- Calls that have ended, of runs that are over.
DELETE FROM step WHERE seq IN (
    SELECT s.seq FROM step s WHERE s.started_at < :before AND s.state <> 'running'
        AND NOT EXISTS (SELECT 1 FROM run r WHERE r.run = s.run AND r.state <> 'finished') LIMIT :batch)

-- erase_runs --
-- Runs that are over, once their questions are gone.
DELETE FROM run WHERE run IN (
    SELECT r.run FROM run r WHERE r.at < :before AND r.state = 'finished'
        AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.run = r.run) LIMIT :batch)

-- give_up_runs --
-- Runs whose turn was buried, and which nobody took up again, are over.
UPDATE run SET state = 'finished', history = '' WHERE run IN (
    SELECT r.run FROM run r WHERE r.at < :before AND r.state = 'resuming'
        AND NOT EXISTS (
            SELECT 1 FROM inbox i
            WHERE i.conversation = r.conversation AND i.state IN ('new', 'running') AND i.kind = 'decided')
        AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.run = r.run AND a.state IN ('asked', 'approved', 'running'))
    LIMIT :batch)

-- count_events --
-- Open and dead events by state.
SELECT state, count(*) FROM inbox WHERE state <> 'done' GROUP BY state

-- count_held_back --
-- Events that wait for a paused run.
SELECT count(*) FROM inbox WHERE behind IS NOT NULL

-- count_parts --
-- Parts by state.
SELECT state, count(*) FROM outbox GROUP BY state

-- count_quarantine --
-- Bodies that can't be read.
SELECT count(*) FROM quarantine

-- count_held --
-- Parts that are held, by gate.
SELECT gate, count(*) FROM outbox WHERE state = 'held' GROUP BY gate ORDER BY gate

-- erase_opportunities --
-- What was decided, once its id can't come again; what waits stays.
DELETE FROM opportunity WHERE seq IN (
    SELECT seq FROM opportunity WHERE changed_at < :before_ids AND state IN ('approved', 'skipped', 'cancelled') LIMIT :batch)

-- erase_opportunity_keys --
-- Keys under which opportunities came that are gone.
DELETE FROM opportunity_key WHERE idempotency_key IN (
    SELECT k.idempotency_key FROM opportunity_key k
    WHERE NOT EXISTS (SELECT 1 FROM opportunity o WHERE o.id = k.opportunity) LIMIT :batch)

-- erase_drafts --
-- Texts for contacts of opportunities that are gone.
DELETE FROM draft WHERE id IN (
    SELECT d.id FROM draft d WHERE NOT EXISTS (SELECT 1 FROM opportunity o WHERE o.id = d.opportunity) LIMIT :batch)

-- erase_opportunity_moves --
-- What moved opportunities that are gone.
DELETE FROM opportunity_move WHERE seq IN (
    SELECT s.seq FROM opportunity_move s
    WHERE NOT EXISTS (SELECT 1 FROM opportunity o WHERE o.id = s.opportunity) LIMIT :batch)

-- erase_notifications --
-- What people were to know, once its key can't come again.
DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE created_at < :before_ids LIMIT :batch)

-- erase_notification_presses --
-- What was pressed under notifications that are gone.
DELETE FROM notification_press WHERE (notification, action) IN (
    SELECT p.notification, p.action FROM notification_press p
    WHERE NOT EXISTS (SELECT 1 FROM notification n WHERE n.id = p.notification) LIMIT :batch)
