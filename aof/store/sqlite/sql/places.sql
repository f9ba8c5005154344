-- group_conversation --
-- The conversation of a topic of a group, or its main one.
SELECT conversation FROM conversation
WHERE account = :account AND chat = :chat AND thread = :thread AND grouped = 1 AND joined IS NULL

-- topic --
-- The conversation of a topic of a chat of two.
SELECT conversation FROM conversation WHERE topic_of = :main AND thread = :thread
ORDER BY created_at, conversation LIMIT 1

-- current_chat --
-- Under what id a group goes on that had this one.
SELECT new_chat FROM moved_chat WHERE account = :account AND old_chat = :chat

-- former_chats --
-- What ids a group had before this one.
SELECT old_chat FROM moved_chat WHERE account = :account AND new_chat = :chat ORDER BY old_chat

-- keep_moved_chat --
-- A group goes on under another id.
INSERT INTO moved_chat (account, old_chat, new_chat) VALUES (:account, :old, :new)

-- redirect_moved_chats --
-- What led to the former id leads to the new one.
UPDATE moved_chat SET new_chat = :new WHERE account = :account AND new_chat = :old

-- conversations_of_group --
-- A group's main conversation and those of its topics.
SELECT conversation, thread FROM conversation
WHERE account = :account AND chat = :chat AND grouped = 1 AND joined IS NULL

-- move_conversations --
-- They go on under the new id.
UPDATE conversation SET chat = :new WHERE account = :account AND chat = :old AND grouped = 1

-- named --
-- Whether a conversation has this name.
SELECT 1 FROM conversation WHERE conversation = :conversation

-- join_aliases --
-- Everything that led to the younger conversation leads to the older one.
UPDATE address SET conversation = :older WHERE account = :account AND conversation = :younger

-- join_conversation --
-- What is still open in the younger conversation ends there, and goes where the older one goes.
UPDATE conversation SET joined = :older WHERE conversation = :younger OR joined = :younger

-- join_topics --
-- Topics of the younger conversation are topics of the older one, and go where it goes.
UPDATE conversation SET topic_of = :older, chat = o.chat, number = o.number, user_id = o.user_id
FROM (SELECT chat, number, user_id FROM conversation WHERE conversation = :older) AS o
WHERE topic_of = :younger

-- join_windows --
-- One person has one window, and shuts the daemon out of one chat.
UPDATE conversation SET
    spoke_at = (SELECT max(spoke_at) FROM conversation WHERE conversation IN (:older, :younger)),
    shut_at = (SELECT max(shut_at) FROM conversation WHERE conversation IN (:older, :younger)),
    shut_out_at = (SELECT max(shut_out_at) FROM conversation WHERE conversation IN (:older, :younger)),
    let_in_at = (SELECT max(let_in_at) FROM conversation WHERE conversation IN (:older, :younger))
WHERE conversation = :older

-- join_closed_windows --
-- What is parked in the younger conversation waits for the person of the older one.
UPDATE OR REPLACE closed_window SET conversation = :older WHERE conversation = :younger

-- join_choices --
-- What the younger conversation showed can be pressed in the older one.
UPDATE choice SET conversation = :older WHERE conversation = :younger

-- join_runs --
-- What was asked from the younger conversation goes on in the older one.
UPDATE run SET conversation = :older WHERE conversation = :younger AND state <> 'finished'

-- refused_by_person --
-- The platform said that they shut it out, for all that they had said until then.
UPDATE conversation SET shut_out_at = max(coalesce(spoke_at, 0), coalesce(let_in_at, 0))
WHERE conversation = (
    SELECT coalesce(topic_of, joined, conversation) FROM conversation WHERE conversation = :conversation)

-- keep_out --
-- Of a part that is dead: why.
UPDATE outbox SET shut_out = 1 WHERE seq = :seq

-- reached_person --
-- The platform took a part for them.
UPDATE conversation SET shut_out_at = NULL
WHERE shut_out_at IS NOT NULL AND conversation = (
    SELECT coalesce(topic_of, joined, conversation) FROM conversation WHERE conversation = :conversation)

-- shut_out --
-- They shut the daemon out. What they did after that may have come before.
UPDATE conversation SET shut_out_at = max(coalesce(shut_out_at, :at), :at) WHERE conversation = :conversation

-- let_in --
-- They let it in again. A platform tells whole seconds: of two in the same one the later to come counts.
UPDATE conversation SET let_in_at = max(coalesce(let_in_at, :at), :at),
    shut_out_at = CASE WHEN shut_out_at <= :at THEN NULL ELSE shut_out_at END
WHERE conversation = :conversation
