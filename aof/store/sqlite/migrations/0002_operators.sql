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

-- The agent that a person chose in a chat.
CREATE TABLE preference (
    conversation TEXT NOT NULL,
    sender TEXT NOT NULL,
    agent TEXT NOT NULL,
    PRIMARY KEY (conversation, sender)
) STRICT, WITHOUT ROWID;

-- What the platform bills for the message that a receipt is about; NULL: the receipt says nothing of it.
ALTER TABLE receipt ADD COLUMN category TEXT;

CREATE INDEX outbox_state ON outbox (state, seq);
