-- Codes by which whoever shows one first is let in under a name. Of a code only a keyed digest is kept.
CREATE TABLE invitation (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    by TEXT NOT NULL,
    at REAL NOT NULL,
    expires_at REAL NOT NULL
) STRICT;
CREATE INDEX invitation_expires ON invitation (expires_at);

-- Links of accounts that open a chat with them and show a code, with a place for it.
CREATE TABLE invite_link (
    account TEXT PRIMARY KEY,
    link TEXT NOT NULL
) STRICT, WITHOUT ROWID;
