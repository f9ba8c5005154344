-- Times are unix seconds, UTC. Bodies are JSON.

CREATE TABLE store (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id TEXT NOT NULL  -- part ids begin with it, so that a receipt for another database's part settles nothing here
) STRICT;

CREATE TABLE conversation (
    conversation TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    chat TEXT NOT NULL,
    number TEXT,
    user_id TEXT,
    grouped INTEGER NOT NULL,
    joined TEXT,           -- the older conversation of the same person: what is still open here goes to its address
    language TEXT,
    heard_at REAL,         -- the last time a person wrote: the platform's window counts from here
    created_at REAL NOT NULL,
    ready REAL,            -- when its oldest open event may be leased; NULL: none is open
    owner TEXT,            -- who has leased its oldest open event
    lease_until REAL,
    lease_epoch INTEGER NOT NULL DEFAULT 0,
    out_ready REAL         -- when its oldest open part may be leased; NULL: none is open, or it is being sent
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_ready ON conversation (ready) WHERE owner IS NULL AND ready IS NOT NULL;
CREATE INDEX conversation_leased ON conversation (lease_until) WHERE owner IS NOT NULL;
CREATE INDEX conversation_out_ready ON conversation (out_ready) WHERE out_ready IS NOT NULL;

CREATE INDEX conversation_heard ON conversation (heard_at);
CREATE INDEX conversation_joined ON conversation (joined) WHERE joined IS NOT NULL;

-- A person's number and user id both lead to one conversation.
CREATE TABLE address (
    account TEXT NOT NULL,
    alias TEXT NOT NULL,
    conversation TEXT NOT NULL,
    PRIMARY KEY (account, alias)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    event_id TEXT NOT NULL,
    conversation TEXT NOT NULL,
    kind TEXT NOT NULL,
    sender TEXT NOT NULL,
    payload TEXT,          -- NULL once its time to be kept is over; the id stays
    received_at REAL NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'running', 'done', 'parked', 'dead')),
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before REAL NOT NULL,
    overflow INTEGER NOT NULL DEFAULT 0,
    outcome TEXT,
    error TEXT,
    UNIQUE (account, event_id)
) STRICT;
CREATE INDEX inbox_open ON inbox (conversation, seq) WHERE state IN ('new', 'running');
CREATE INDEX inbox_running ON inbox (sender) WHERE state = 'running';
CREATE INDEX inbox_received ON inbox (received_at);

CREATE TABLE turn (
    conversation TEXT NOT NULL,
    seq INTEGER NOT NULL,  -- the inbox row it belongs to
    role TEXT NOT NULL CHECK (role IN ('person', 'agent')),
    body TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (conversation, seq, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX turn_at ON turn (at);

CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL,
    account TEXT NOT NULL,
    part TEXT NOT NULL UNIQUE,
    cause TEXT NOT NULL CHECK (cause IN ('reply', 'operator', 'alert', 'system')),
    body TEXT,
    reply_to TEXT,
    state TEXT NOT NULL
        CHECK (state IN ('queued', 'sending', 'uncertain', 'held', 'dead', 'sent', 'failed', 'delivered', 'read')),
    attempts INTEGER NOT NULL DEFAULT 0,
    deferrals INTEGER NOT NULL DEFAULT 0,
    uncertain INTEGER NOT NULL DEFAULT 0,  -- requests written and never answered
    repeated INTEGER NOT NULL DEFAULT 0,   -- 1: it was sent once more after such a request
    not_before REAL NOT NULL,
    owner TEXT,            -- who has leased it; NULL: nobody
    message_id TEXT,
    gate TEXT,
    code INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    created_at REAL NOT NULL,
    settled_at REAL
) STRICT;
CREATE INDEX outbox_open ON outbox (conversation, seq) WHERE state IN ('queued', 'sending', 'uncertain');
CREATE INDEX outbox_held ON outbox (conversation) WHERE state = 'held';
CREATE INDEX outbox_leased ON outbox (not_before) WHERE owner IS NOT NULL;
CREATE INDEX outbox_message ON outbox (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX outbox_created ON outbox (created_at);

CREATE TABLE receipt (
    seq INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    event_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    part TEXT,
    recipient TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sent', 'delivered', 'read', 'played', 'failed')),
    at REAL,
    code INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    received_at REAL NOT NULL,
    UNIQUE (account, event_id)
) STRICT;
CREATE INDEX receipt_message ON receipt (message_id);
CREATE INDEX receipt_received ON receipt (received_at);

CREATE TABLE choice (
    part TEXT NOT NULL,
    shown TEXT NOT NULL,   -- the id on the wire
    conversation TEXT NOT NULL,
    number INTEGER,        -- what a person types; NULL: a button or a row
    action TEXT NOT NULL,
    title TEXT NOT NULL,
    sender TEXT NOT NULL,
    until REAL,
    rest TEXT,             -- the response behind a More choice
    created_at REAL NOT NULL,
    PRIMARY KEY (part, shown)
) STRICT, WITHOUT ROWID;
CREATE INDEX choice_shown ON choice (conversation, shown);
CREATE INDEX choice_number ON choice (conversation, created_at) WHERE number IS NOT NULL;
CREATE INDEX choice_created ON choice (created_at);

CREATE TABLE notice (
    seq INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    event_id TEXT NOT NULL,
    about TEXT NOT NULL,
    subject TEXT NOT NULL,
    raw TEXT NOT NULL,
    received_at REAL NOT NULL,
    UNIQUE (account, event_id)
) STRICT;

CREATE INDEX notice_received ON notice (received_at);

CREATE TABLE quarantine (
    seq INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    event_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    raw BLOB NOT NULL,
    received_at REAL NOT NULL,
    UNIQUE (account, event_id)
) STRICT;

CREATE INDEX quarantine_received ON quarantine (received_at);

-- A chain over ids and digests: a changed or missing row breaks every hash after it. AUTOINCREMENT remembers the last
-- number given, so that the newest rows can't be cut off unseen either.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
