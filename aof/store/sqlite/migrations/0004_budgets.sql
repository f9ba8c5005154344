-- What models took on a day, for each person, conversation and agent that has a budget, and for all together.
CREATE TABLE budget (
    day TEXT NOT NULL,             -- YYYY-MM-DD in UTC
    scope TEXT NOT NULL CHECK (scope IN ('person', 'conversation', 'agent', 'total')),
    subject TEXT NOT NULL,         -- '' for all together
    runs INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    tool_calls INTEGER NOT NULL,
    cost INTEGER NOT NULL,         -- billionths of the currency that prices are in
    PRIMARY KEY (day, scope, subject)
) STRICT, WITHOUT ROWID;

-- The worst case of a run that is not over. A row that outlives its daemon is counted in full.
CREATE TABLE reservation (
    id TEXT NOT NULL,
    day TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('person', 'conversation', 'agent', 'total')),
    subject TEXT NOT NULL,
    runs INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    tool_calls INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    PRIMARY KEY (id, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX reservation_subject ON reservation (day, scope, subject);
