-- keep_opportunity --
-- Something came up.
INSERT INTO opportunity (id, digest, title, summary, language, contact, phone, account, state, by, created_at, changed_at)
VALUES (:id, :digest, :title, :summary, :language, :contact, :phone, :account, 'open', :by, :now, :now)

-- keep_key --
-- What came under a key of its caller first.
INSERT INTO opportunity_key (idempotency_key, opportunity) VALUES (:key, :id)
ON CONFLICT DO UPDATE SET opportunity = excluded.opportunity

-- opportunity --
-- One of them.
SELECT * FROM opportunity WHERE id = :id

-- under_key --
-- What came under a key of its caller first.
SELECT o.* FROM opportunity_key k JOIN opportunity o ON o.id = k.opportunity WHERE k.idempotency_key = :key

-- move_opportunity --
-- It stands elsewhere now.
UPDATE opportunity SET state = :state, draft = :draft, scheduled = :scheduled, changed_at = :now, changed_by = :by
WHERE id = :id

-- number_sent --
-- Set numbers apart for parts about an opportunity; return the number after the last of them.
UPDATE opportunity SET sent = sent + :more WHERE id = :id RETURNING sent

-- keep_move --
-- What moved it.
INSERT INTO opportunity_move (opportunity, event, change, draft, by, at)
VALUES (:opportunity, :event, :change, :draft, :by, :now)

-- move_of_event --
-- What an event moved.
SELECT change, draft FROM opportunity_move WHERE opportunity = :opportunity AND event = :event

-- opportunity_moves --
-- All that moved it, in the order done.
SELECT change, draft, by, at FROM opportunity_move WHERE opportunity = :opportunity ORDER BY seq

-- keep_draft --
-- A text for its contact.
INSERT INTO draft (id, opportunity, number, text, written_by, created_at)
VALUES (:id, :opportunity, :number, :text, :written_by, :now)

-- draft --
-- One draft, with where its opportunity stands.
SELECT d.*, o.state, o.draft, o.scheduled FROM draft d JOIN opportunity o ON o.id = d.opportunity WHERE d.id = :id

-- drafts_of --
-- The drafts of an opportunity in the order made.
SELECT id FROM draft WHERE opportunity = :opportunity ORDER BY number

-- departures --
-- Parts whose ids lie between two.
SELECT part, state, gate, error FROM outbox WHERE part >= :first AND part < :after ORDER BY seq

-- card_shown --
-- What a message of a conversation offered.
SELECT c.action FROM outbox o JOIN choice c ON c.part = o.part JOIN conversation own ON own.conversation = o.conversation
WHERE o.message_id = :message_id AND c.agent = '' AND coalesce(own.joined, own.conversation) = (
    SELECT coalesce(joined, conversation) FROM conversation WHERE conversation = :conversation)

-- keep_notification --
-- A program wants somebody to know something.
INSERT INTO notification (id, idempotency_key, digest, person, text, status, actions, created_at)
VALUES (:id, :key, :digest, :person, :text, :status, :actions, :now)

-- notification --
-- One of them.
SELECT * FROM notification WHERE id = :id

-- notification_of_key --
-- The one that came with a key.
SELECT * FROM notification WHERE idempotency_key = :key

-- press_notification --
-- The first press of an action stands.
INSERT INTO notification_press (notification, action, by, event, at) VALUES (:id, :action, :by, :event, :now)
ON CONFLICT DO NOTHING

-- notification_presses --
-- What was pressed, in the order pressed.
SELECT action, by, event, at FROM notification_press WHERE notification = :id ORDER BY at, action
