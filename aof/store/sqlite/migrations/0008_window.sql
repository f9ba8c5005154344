-- When the person last wrote or called, by the platform's clock: its window counts from here. NULL: never.
ALTER TABLE conversation ADD COLUMN spoke_at REAL;
-- The platform said that its window is closed: what they had said up to this moment does not keep it open.
ALTER TABLE conversation ADD COLUMN shut_at REAL;
UPDATE conversation SET spoke_at = heard_at;

-- How often the platform said that the recipient's window is closed.
ALTER TABLE outbox ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
-- 1: it failed because the recipient's window was closed.
ALTER TABLE receipt ADD COLUMN outside INTEGER NOT NULL DEFAULT 0;

-- Conversations whose window is closed and to which something is parked; gone as soon as the person opens it.
CREATE TABLE closed_window (
    conversation TEXT PRIMARY KEY,
    heard_at REAL,         -- when they had last written; NULL: never, or the platform said that it counts no more
    nudge TEXT,            -- the part that asks them to write; NULL: none was configured
    at REAL NOT NULL       -- when that was queued
) STRICT, WITHOUT ROWID;

-- Templates as the platform's notices tell of them. Each fact has the time from which it holds: notices overtake each other.
CREATE TABLE template (
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    state TEXT CHECK (state IN ('approved', 'pending', 'paused', 'disabled', 'rejected', 'deleted')),  -- NULL: not told
    word TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    state_at REAL,
    category TEXT NOT NULL DEFAULT '',
    former_category TEXT NOT NULL DEFAULT '',
    category_at REAL,
    quality TEXT NOT NULL DEFAULT '',
    quality_at REAL,
    body TEXT,
    places TEXT NOT NULL DEFAULT '[]',
    buttons TEXT NOT NULL DEFAULT '[]',
    body_at REAL,
    told_at REAL NOT NULL,
    PRIMARY KEY (account, name, language)
) STRICT, WITHOUT ROWID;
