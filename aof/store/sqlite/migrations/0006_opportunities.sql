-- What came up for the operators to decide about.
CREATE TABLE opportunity (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,             -- of what was asked: another body under the same id is refused
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    language TEXT NOT NULL,
    contact TEXT NOT NULL,
    phone TEXT NOT NULL,
    account TEXT NOT NULL,            -- from which the contact would be written to
    state TEXT NOT NULL CHECK (state IN ('open', 'approval_required', 'approved', 'skipped', 'cancelled')),
    draft INTEGER NOT NULL DEFAULT 0, -- the number of the draft that was made last
    scheduled INTEGER NOT NULL DEFAULT 0,
    by TEXT NOT NULL,
    created_at REAL NOT NULL,
    changed_at REAL NOT NULL,
    changed_by TEXT NOT NULL DEFAULT '',
    sent INTEGER NOT NULL DEFAULT 0   -- parts that were sent to operators about it: they are numbered
) STRICT;
CREATE INDEX opportunity_state ON opportunity (state, seq);
CREATE INDEX opportunity_changed ON opportunity (changed_at);

-- Keys of callers, each with what came under it: another body under one is refused.
CREATE TABLE opportunity_key (
    idempotency_key TEXT NOT NULL PRIMARY KEY,
    opportunity TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Texts for contacts; one that was changed is another draft.
CREATE TABLE draft (
    id TEXT NOT NULL PRIMARY KEY,
    opportunity TEXT NOT NULL,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    written_by TEXT NOT NULL,
    created_at REAL NOT NULL,
    UNIQUE (opportunity, number)
) STRICT, WITHOUT ROWID;

-- What moved an opportunity. One event moves it once, however often it is tried.
CREATE TABLE opportunity_move (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    opportunity TEXT NOT NULL,
    event TEXT NOT NULL,
    change TEXT NOT NULL,
    draft INTEGER NOT NULL,           -- the number of the draft that it made or was about; 0: neither
    by TEXT NOT NULL,
    at REAL NOT NULL,
    UNIQUE (opportunity, event)
) STRICT;

-- What programs wanted people to know.
CREATE TABLE notification (
    id TEXT NOT NULL PRIMARY KEY,
    idempotency_key TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,
    person TEXT NOT NULL,
    text TEXT NOT NULL,
    status TEXT NOT NULL,
    actions TEXT NOT NULL,            -- JSON: pairs of id and title
    created_at REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX notification_created ON notification (created_at);

-- Who pressed which action first.
CREATE TABLE notification_press (
    notification TEXT NOT NULL,
    action TEXT NOT NULL,
    by TEXT NOT NULL,
    event TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (notification, action)
) STRICT, WITHOUT ROWID;
