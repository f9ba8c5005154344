-- Who asked to be let in, who was, and who was sent away again. A sender is a user id, else a number.
CREATE TABLE pairing (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    sender TEXT NOT NULL,
    number TEXT,
    user_id TEXT,
    called TEXT NOT NULL DEFAULT '',  -- what the sender calls themselves: shown, never trusted
    name TEXT NOT NULL DEFAULT '',    -- what an operator calls them
    state TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'revoked')),
    code TEXT,                        -- a keyed digest; NULL once it was used or can't be used any more
    event INTEGER NOT NULL,           -- the inbox row that asked: the same one may ask again after a crash
    asked_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, -- wrong codes that an operator typed while this one was open
    decided_at REAL,
    UNIQUE (account, sender)
) STRICT;
CREATE INDEX pairing_asked ON pairing (asked_at);
CREATE INDEX pairing_user_id ON pairing (account, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX pairing_number ON pairing (account, number) WHERE number IS NOT NULL;

-- People who may not talk for now, by the name that the configuration or a pairing gives them.
CREATE TABLE suspension (
    name TEXT PRIMARY KEY,
    at REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- Accounts whose platform takes nothing until somebody acts.
CREATE TABLE stopped (
    account TEXT PRIMARY KEY,
    code INTEGER NOT NULL,
    reason TEXT NOT NULL,
    at REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- What an operator did, in words, beside the row of the audit chain that proves it; may be erased without breaking it.
CREATE TABLE audit_words (
    seq INTEGER PRIMARY KEY,
    facts TEXT NOT NULL
) STRICT;

-- The agent that a person chose in a chat; in a chat of two the sender is '', whatever they go by there.
CREATE TABLE preference (
    conversation TEXT NOT NULL,
    sender TEXT NOT NULL,
    agent TEXT NOT NULL,
    PRIMARY KEY (conversation, sender)
) STRICT, WITHOUT ROWID;

-- What the platform bills for the message that a receipt is about; NULL: the receipt says nothing of it.
ALTER TABLE receipt ADD COLUMN category TEXT;

-- Who is answered in a group: they may have been sent away before the answer leaves.
ALTER TABLE outbox ADD COLUMN asker TEXT;
-- How often it was sent once more by hand: receipts of its former messages may still come.
ALTER TABLE outbox ADD COLUMN retried INTEGER NOT NULL DEFAULT 0;
-- After this moment the part says nothing that is still true; NULL: it keeps.
ALTER TABLE outbox ADD COLUMN until REAL;
-- Whose choice it is: the agent that a tap on it goes to.
ALTER TABLE choice ADD COLUMN agent TEXT NOT NULL DEFAULT '';

CREATE INDEX inbox_open_state ON inbox (state) WHERE state <> 'done';

CREATE INDEX outbox_state ON outbox (state, seq);
