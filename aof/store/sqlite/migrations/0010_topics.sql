-- The topic within the chat, each a conversation of its own; '': the chat has none, or it is its main one.
ALTER TABLE conversation ADD COLUMN thread TEXT NOT NULL DEFAULT '';
-- In a chat of two, the person's main conversation; NULL: it is the main one, or a group's.
ALTER TABLE conversation ADD COLUMN topic_of TEXT;
CREATE INDEX conversation_topic ON conversation (topic_of, thread) WHERE topic_of IS NOT NULL;
CREATE TRIGGER topic_follows AFTER UPDATE OF chat, number, user_id ON conversation
WHEN (NEW.chat, NEW.number, NEW.user_id) IS NOT (OLD.chat, OLD.number, OLD.user_id) BEGIN
    UPDATE conversation SET chat = NEW.chat, number = NEW.number, user_id = NEW.user_id WHERE topic_of = NEW.conversation;
END;
CREATE INDEX conversation_group ON conversation (account, chat, thread) WHERE grouped = 1;

-- The person shut the daemon out, unless they spoke or let it in after that. NULL: never.
ALTER TABLE conversation ADD COLUMN shut_out_at REAL;
ALTER TABLE conversation ADD COLUMN let_in_at REAL;
-- 1: the part is dead since its recipient lets nothing of ours through.
ALTER TABLE outbox ADD COLUMN shut_out INTEGER NOT NULL DEFAULT 0;

-- Groups that go on under another id. None comes back to one that it had before.
CREATE TABLE moved_chat (
    account TEXT NOT NULL,
    old_chat TEXT NOT NULL,
    new_chat TEXT NOT NULL,
    PRIMARY KEY (account, old_chat)
) STRICT, WITHOUT ROWID;
CREATE INDEX moved_chat_new ON moved_chat (account, new_chat);

-- The message in whose place the part is put; NULL: it is a message of its own.
ALTER TABLE outbox ADD COLUMN edits TEXT;
CREATE INDEX outbox_edits ON outbox (edits) WHERE edits IS NOT NULL;
-- What edits goes behind what doesn't.
DROP INDEX outbox_open;
CREATE INDEX outbox_open ON outbox (conversation, edits IS NOT NULL, seq) WHERE state IN ('queued', 'sending', 'uncertain');
