-- pause_run --
-- A run stops until people have decided, for the first time or once more.
INSERT INTO run (run, conversation, account, asker, agent, digest, context, requester, state, pause, history, at)
SELECT :run, coalesce(joined, conversation), :account, :asker, :agent, :digest, :context, :requester, 'paused', 1,
    :history, :now
FROM conversation WHERE conversation = :conversation
ON CONFLICT (run) DO UPDATE SET agent = excluded.agent, digest = excluded.digest, context = excluded.context,
    state = 'paused', pause = pause + 1, history = excluded.history, at = excluded.at
RETURNING pause

-- resume_run --
-- A run goes on once none of its present questions is open; only the first to see that brings it into the inbox.
UPDATE run SET state = 'resuming', at = :now WHERE run = :run AND state = 'paused' AND NOT EXISTS (
    SELECT 1 FROM approval a WHERE a.run = run.run AND a.pause = run.pause AND a.state = 'asked')
RETURNING run, conversation, asker, pause

-- finish_run --
-- A run is over, and what its agent wanted to go on from is erased.
UPDATE run SET state = 'finished', history = '', at = :now WHERE run = :run

-- run --
-- One run.
SELECT * FROM run WHERE run = :run

-- paused_in --
-- Runs of a conversation that wait for people, the oldest first. The state is named twice for the index's sake.
SELECT * FROM run WHERE state <> 'finished' AND state = 'paused'
    AND conversation = (SELECT coalesce(joined, conversation) FROM conversation WHERE conversation = :conversation)
ORDER BY at, run

-- keep_approval --
-- Ask people.
INSERT INTO approval (id, run, call, pause, place, proposal, fingerprint, needed, state, asked_at, expires_at, nudge_at,
    reached, editor, event)
VALUES (:id, :run, :call, :pause, :place, :proposal, :fingerprint, :needed, 'asked', :now, :expires_at, :nudge_at,
    :reached, :editor, :event)

-- approval --
-- One question, with where it was asked from.
SELECT a.*, coalesce(r.conversation, '') AS conversation FROM approval a LEFT JOIN run r ON r.run = a.run
WHERE a.id = :id

-- approvals_like --
-- The questions whose ids begin so, the oldest first.
SELECT id FROM approval WHERE id >= :prefix AND id < :prefix || char(1114111) ORDER BY seq LIMIT :most

-- approvals_of_call --
-- All questions about a call, the oldest first: each but the last was changed.
SELECT id FROM approval WHERE run = :run AND call = :call ORDER BY seq

-- approval_of --
-- The newest question about a call.
SELECT id FROM approval WHERE run = :run AND call = :call ORDER BY seq DESC LIMIT 1

-- approvals_of_run --
-- The questions of a run's pause in the order asked; an edited one counts no more.
SELECT id FROM approval WHERE run = :run AND pause = :pause AND state <> 'superseded' ORDER BY place

-- open_of_run --
-- What of a run could still be decided or begun.
SELECT id FROM approval WHERE run = :run AND state IN ('asked', 'approved') ORDER BY seq

-- open_approvals --
-- What nobody has decided, the oldest first.
SELECT id FROM approval WHERE state IN ('asked', 'approved') AND state = 'asked' ORDER BY seq

-- open_of --
-- What could still be decided or begun: all, or of one conversation or requester alone.
SELECT a.id FROM approval a LEFT JOIN run r ON r.run = a.run
WHERE a.state IN ('asked', 'approved')
    AND (:conversation = '' OR r.conversation = (
        SELECT coalesce(joined, conversation) FROM conversation WHERE conversation = :conversation))
    AND (:requester = '' OR :requester IN (
        json_extract(a.proposal, '$.requester.key'), json_extract(a.proposal, '$.requester.name'))
        OR EXISTS (SELECT 1 FROM json_each(a.proposal, '$.requester.ids') WHERE value = :requester))
ORDER BY a.seq

-- to_be_nudged --
-- Open questions whose time is mostly over, and which were not brought up again.
SELECT id FROM approval WHERE state IN ('asked', 'approved') AND state = 'asked'
    AND NOT nudged AND nudge_at <= :now AND expires_at > :now ORDER BY seq

-- next_due --
-- When the next question is to be nudged or lapses. What was approved waits with its pause for what is still asked.
SELECT min(CASE
    WHEN state = 'approved' AND EXISTS (
        SELECT 1 FROM run r WHERE r.run = approval.run AND r.state = 'paused' AND r.pause = approval.pause) THEN NULL
    WHEN state = 'approved' THEN use_by
    WHEN NOT nudged AND nudge_at > :now THEN min(nudge_at, expires_at)
    ELSE expires_at END)
FROM approval WHERE state IN ('asked', 'approved')

-- nudge --
-- An open question is brought up once more: once to everybody, or to the next steps of its order.
UPDATE approval SET nudged = :next_at IS NULL, nudge_at = coalesce(:next_at, nudge_at), reached = max(reached, :reached)
WHERE id = :id AND state = 'asked' AND NOT nudged AND expires_at > :now AND (:next_at IS NULL OR nudge_at < :next_at)

-- number_cards --
-- Set numbers apart for parts about a question; return the number after the last of them.
UPDATE approval SET cards = cards + :more WHERE id = :id RETURNING cards

-- cards_of --
-- The conversations that were sent a part about a question.
SELECT DISTINCT c.conversation, c.account, c.chat, c.number, c.user_id, c.grouped, c.thread, c.heard_at, c.language
FROM outbox o JOIN conversation own USING (conversation)
    JOIN conversation c ON c.conversation = coalesce(own.joined, own.conversation)
WHERE o.part >= :first AND o.part < :after

-- shown_cards --
-- Parts that offer a decision about a question, or an action, and are on a phone or may be: of those that wait to be sent
-- the ones about a question never are.
SELECT DISTINCT o.seq, o.part, o.body, o.message_id,
    c.conversation, c.account, c.chat, c.number, c.user_id, c.grouped, c.thread, c.heard_at, c.language
FROM choice h JOIN outbox o ON o.part = h.part JOIN conversation own ON own.conversation = o.conversation
    JOIN conversation c ON c.conversation = coalesce(own.joined, own.conversation)
WHERE h.created_at >= :since AND (o.question = :question OR h.action = :action) AND o.body IS NOT NULL
    AND (o.state IN ('sending', 'uncertain', 'sent', 'delivered', 'read') OR (o.state = 'queued' AND o.owner IS NOT NULL))
ORDER BY o.seq

-- part_shown --
-- The part that a message of a conversation was, and what it offered.
SELECT o.part, c.action FROM outbox o JOIN conversation own ON own.conversation = o.conversation
    LEFT JOIN choice c ON c.part = o.part
WHERE o.message_id = :message_id AND coalesce(own.joined, own.conversation) = (
    SELECT coalesce(joined, conversation) FROM conversation WHERE conversation = :conversation)

-- vote_of_event --
-- The vote that an event brought.
SELECT decided FROM vote WHERE approval = :approval AND event = :event

-- record_vote --
-- Nothing, where the same person voted or the question is not open any more.
INSERT INTO vote (approval, person, name, verdict, event, by, note, at)
SELECT :approval, :person, :name, :verdict, :event, :by, :note, :now FROM approval
WHERE id = :approval AND state = 'asked' AND expires_at > :now
ON CONFLICT DO NOTHING

-- votes --
-- What was said about a question, in the order said.
SELECT person, name, verdict, by, note, at FROM vote WHERE approval = :approval ORDER BY at, person

-- deciding_vote --
-- With this vote it was decided.
UPDATE vote SET decided = 1 WHERE approval = :approval AND person = :person

-- take_back_votes --
-- What somebody said, by name or key, about questions that are still open; it counts no more.
DELETE FROM vote WHERE :who IN (person, name) AND approval IN (
    SELECT id FROM approval WHERE state IN ('asked', 'approved') AND state = 'asked')
RETURNING approval, verdict

-- resting_on --
-- What could still run because of somebody, by name or key: they let it, or changed the command.
SELECT a.id FROM approval a WHERE a.state IN ('asked', 'approved') AND (
    :who IN (json_extract(a.editor, '$.key'), json_extract(a.editor, '$.name'))
    OR a.state = 'approved' AND EXISTS (
        SELECT 1 FROM vote v WHERE v.approval = a.id AND v.verdict = 'approve' AND :who IN (v.person, v.name)))
ORDER BY a.seq

-- decide --
-- A question is approved or denied.
UPDATE approval SET state = :state, decided_at = :now, decided_by = :by, use_by = :use_by WHERE id = :id AND state = 'asked'

-- supersede --
-- Its command was changed: another question takes its place.
UPDATE approval SET state = 'superseded', decided_at = :now, decided_by = :by, superseded_by = :new
WHERE id = :id AND state = 'asked' AND expires_at > :now RETURNING run, call, pause, place

-- superseded_by_event --
-- The question that took the place of another one by this very event.
SELECT new.id FROM approval old JOIN approval new ON new.id = old.superseded_by WHERE old.id = :id AND new.event = :event

-- lapse --
-- End what nobody decided in its time, and what was approved and not begun in its time.
UPDATE approval SET decided_at = coalesce(decided_at, :now), state = 'lapsed',
    decided_by = CASE WHEN state = 'asked' THEN 'expired' ELSE decided_by END
WHERE state IN ('asked', 'approved') AND CASE state WHEN 'asked' THEN expires_at ELSE use_by END <= :now
    AND (state = 'asked' OR NOT EXISTS (
        SELECT 1 FROM run r WHERE r.run = approval.run AND r.state = 'paused' AND r.pause = approval.pause))
RETURNING id, run

-- use_from_now --
-- What was approved while others were still open is usable from the last decision on.
UPDATE approval SET use_by = max(use_by, :use_by) WHERE run = :run AND pause = :pause AND state = 'approved'

-- void --
-- A question can't be answered any more, or its answer can't be used.
UPDATE approval SET state = 'void', decided_at = :now, decided_by = :by
WHERE id = :id AND state IN ('asked', 'approved') RETURNING run

-- claim_approval --
-- Once, for exactly this fingerprint, and for a call that was never begun.
UPDATE approval SET state = 'running'
WHERE id = :approval AND run = :run AND call = :call AND state = 'approved' AND fingerprint = :fingerprint
    AND use_by > :now AND NOT EXISTS (SELECT 1 FROM step WHERE run = :run AND call = :call)

-- begin_step --
-- A call of a run begins once.
INSERT INTO step (run, call, tool, risk, fingerprint, admitted_by, approval, argv, state, started_at)
VALUES (:run, :call, :tool, :risk, :fingerprint, :admitted_by, :approval, :argv, 'running', :now)
ON CONFLICT (run, call) DO NOTHING

-- end_step --
-- What became of a call.
UPDATE step SET state = :state, result = :result, ended_at = :now
WHERE run = :run AND call = :call AND state = 'running' RETURNING approval, argv

-- end_approval --
-- What became of an approved call.
UPDATE approval SET state = :state WHERE id = :id AND state = 'running'

-- step --
-- One call.
SELECT * FROM step WHERE run = :run AND call = :call

-- steps_of --
-- The calls of a run, in the order begun.
SELECT * FROM step WHERE run = :run ORDER BY seq

-- running_steps --
-- Calls that were begun and not ended.
SELECT run, call FROM step WHERE state = 'running' ORDER BY seq

-- throw_switch --
-- It is on from now on.
INSERT INTO switch (name, at, by) VALUES (:name, :now, :by) ON CONFLICT DO NOTHING

-- take_back_switch --
-- It is off from now on.
DELETE FROM switch WHERE name = :name

-- is_on --
-- Whether a switch is on, since when and by whom.
SELECT at, by FROM switch WHERE name = :name

-- reach --
-- The chat of two in which a person was last heard, at any account of a platform, unless they shut the daemon out.
SELECT c.conversation, c.account, c.chat, c.number, c.user_id, c.grouped, c.thread, c.heard_at, c.language
FROM json_each(:ids) i CROSS JOIN address a ON a.alias = i.value CROSS JOIN conversation c ON c.conversation = a.conversation
WHERE substr(a.account, 1, length(:platform) + 1) = :platform || ':' AND NOT c.grouped
    AND (c.shut_out_at IS NULL OR c.shut_out_at < max(coalesce(c.spoke_at, 0), coalesce(c.let_in_at, 0)))
ORDER BY c.heard_at DESC, c.conversation LIMIT 1
