-- Who is signed in on the page. Of what a browser holds only a digest is kept.
CREATE TABLE session (
    digest TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    language TEXT,                 -- NULL: what the browser asks for
    theme TEXT,                    -- NULL: what the system asks for
    created_at REAL NOT NULL,
    expires_at REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_person ON session (person);

-- Links by which somebody signs in once.
CREATE TABLE sign_in_link (
    digest TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    expires_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- 1: a person has seen that it never arrived, and leaves it at that.
ALTER TABLE outbox ADD COLUMN buried INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_trouble ON outbox (seq) WHERE state IN ('held', 'dead', 'failed') AND buried = 0;
CREATE INDEX outbox_trouble_of ON outbox (conversation) WHERE state IN ('held', 'dead', 'failed') AND buried = 0;

-- What was sent to somebody, in order.
CREATE INDEX outbox_conversation ON outbox (conversation, seq);
