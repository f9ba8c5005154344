-- remembered_of --
-- What a sender chose here and everywhere, and what their next message is taken for.
SELECT p.agent, p.context, t.agent AS persons_agent, t.context AS persons_context, e.kind, e.subject, e.until
FROM (SELECT :conversation AS conversation, :sender AS sender) AS own
    LEFT JOIN preference p ON p.conversation = own.conversation AND p.sender = own.sender
    LEFT JOIN preference t ON t.conversation = :person AND t.sender = ''
    LEFT JOIN expectation e ON e.conversation = own.conversation AND e.sender = own.sender AND e.until > :now

-- choose --
-- The agent, or the context, that a person wants here, or in every chat of theirs, from now on; an empty one is no choice.
INSERT INTO preference (conversation, sender, agent, context) VALUES (:conversation, :sender, :agent, :context)
ON CONFLICT (conversation, sender) DO UPDATE SET
    agent = CASE WHEN excluded.agent = '' THEN agent ELSE excluded.agent END,
    context = CASE WHEN excluded.context = '' THEN context ELSE excluded.context END

-- expect --
-- What a sender's next message here is taken for.
INSERT INTO expectation (conversation, sender, kind, subject, until)
VALUES (:conversation, :sender, :kind, :subject, :until)
ON CONFLICT (conversation, sender) DO UPDATE SET
    kind = excluded.kind, subject = excluded.subject, until = excluded.until

-- expect_nothing --
-- A sender's next message here is taken for nothing but what it says.
DELETE FROM expectation WHERE conversation = :conversation AND sender = :sender

-- remember --
-- What an agent wants to know again; an attempt that is repeated says it anew.
INSERT INTO memory (conversation, sender, agent, seq, body, at) VALUES (:conversation, :sender, :agent, :seq, :body, :now)
ON CONFLICT (conversation, sender, agent, seq) DO UPDATE SET body = excluded.body, at = excluded.at

-- forget --
-- Nothing is remembered of a sender here.
DELETE FROM memory WHERE conversation = :conversation AND sender = :sender

-- recall --
-- The newest first. In a chat of two there is one person, whatever they go by.
SELECT m.body FROM memory m WHERE m.conversation = :conversation AND m.agent = :agent AND m.at >= :since AND m.sender = (
    SELECT CASE WHEN grouped THEN :sender ELSE '' END FROM conversation WHERE conversation = :conversation)
ORDER BY m.seq DESC LIMIT :most
