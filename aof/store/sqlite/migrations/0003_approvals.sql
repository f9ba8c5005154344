-- A run that waits, or once waited, for people. It may pause again after it went on: `pause` counts.
CREATE TABLE run (
    run TEXT NOT NULL PRIMARY KEY,
    conversation TEXT NOT NULL,    -- where it was asked from, and where it goes on
    account TEXT NOT NULL,
    asker TEXT NOT NULL,           -- what of the event that asked is needed to go on: platform, account, chat, group, sender
    agent TEXT NOT NULL,
    digest TEXT NOT NULL,
    context TEXT NOT NULL,
    requester TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('paused', 'resuming', 'finished')),
    pause INTEGER NOT NULL,
    history TEXT NOT NULL,         -- the agent's own; erased when the run is finished
    at REAL NOT NULL               -- when it came into its state
) STRICT;
CREATE INDEX run_open ON run (conversation) WHERE state <> 'finished';
CREATE INDEX run_at ON run (at);

CREATE TABLE approval (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    run TEXT NOT NULL,
    call TEXT NOT NULL,
    pause INTEGER NOT NULL,        -- which of its run's pauses it belongs to
    place INTEGER NOT NULL,        -- among the questions of that pause; an edited one keeps it
    proposal TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    needed INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN (
        'asked', 'approved', 'running', 'done', 'failed', 'unknown', 'denied', 'lapsed', 'superseded', 'void')),
    asked_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    nudge_at REAL NOT NULL,
    nudged INTEGER NOT NULL DEFAULT 0,
    use_by REAL,
    decided_at REAL,
    decided_by TEXT NOT NULL DEFAULT '',
    superseded_by TEXT NOT NULL DEFAULT '',
    editor TEXT,                   -- who changed the command; NULL: it is as the agent proposed it
    event TEXT NOT NULL DEFAULT '',-- the event that changed it: the same one changes nothing twice
    cards INTEGER NOT NULL DEFAULT 0  -- parts that were sent about it: they are numbered
) STRICT;
CREATE INDEX approval_run ON approval (run, call, seq);
CREATE INDEX approval_open ON approval (state, seq) WHERE state IN ('asked', 'approved');
CREATE INDEX approval_asked ON approval (asked_at);

CREATE TABLE vote (
    approval TEXT NOT NULL,
    person TEXT NOT NULL,          -- one for all accounts that a known person goes by
    name TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('approve', 'deny')),
    event TEXT NOT NULL,
    by TEXT NOT NULL DEFAULT '',   -- the system's user who gave it at a terminal in their name; '': they gave it themselves
    note TEXT NOT NULL,
    at REAL NOT NULL,
    decided INTEGER NOT NULL DEFAULT 0,  -- 1: with this one it was decided
    PRIMARY KEY (approval, person)
) STRICT, WITHOUT ROWID;

-- Calls that were admitted to run: written before the effect, so that none is begun twice.
CREATE TABLE step (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL,
    call TEXT NOT NULL,
    tool TEXT NOT NULL,
    risk TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    admitted_by TEXT NOT NULL,
    approval TEXT NOT NULL,        -- '': the policy admitted it without asking
    argv TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'unknown')),
    result TEXT NOT NULL DEFAULT '',
    started_at REAL NOT NULL,
    ended_at REAL,
    UNIQUE (run, call)
) STRICT;
CREATE INDEX step_running ON step (state) WHERE state = 'running';
CREATE INDEX step_started ON step (started_at);

-- What agents want to know again; in a chat of two the sender is '', as in `preference`.
CREATE TABLE memory (
    conversation TEXT NOT NULL,
    sender TEXT NOT NULL,
    agent TEXT NOT NULL,
    seq INTEGER NOT NULL,          -- the inbox row of the turn
    body TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (conversation, sender, agent, seq)
) STRICT;
CREATE INDEX memory_at ON memory (at);

-- What a sender's next message here is taken for.
CREATE TABLE expectation (
    conversation TEXT NOT NULL,
    sender TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    until REAL NOT NULL,
    PRIMARY KEY (conversation, sender)
) STRICT, WITHOUT ROWID;

-- What is thrown for everybody.
CREATE TABLE switch (
    name TEXT PRIMARY KEY,
    at REAL NOT NULL,
    by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The context that a person chose in a chat; '' in either column: they chose none.
ALTER TABLE preference ADD COLUMN context TEXT NOT NULL DEFAULT '';

-- A person is found by number or user id over all accounts of a platform.
CREATE INDEX address_alias ON address (alias);

-- 1: somebody asked for it again, so however old it is, it is answered.
ALTER TABLE inbox ADD COLUMN wanted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX inbox_parked ON inbox (conversation) WHERE state = 'parked';
