-- counted --
-- What is counted for a subject on a day.
SELECT runs, tokens, tool_calls, cost FROM budget WHERE day = :day AND scope = :scope AND subject = :subject

-- held --
-- What is held for its runs that are not over.
SELECT coalesce(sum(runs), 0) AS runs, coalesce(sum(tokens), 0) AS tokens, coalesce(sum(tool_calls), 0) AS tool_calls,
    coalesce(sum(cost), 0) AS cost
FROM reservation WHERE day = :day AND scope = :scope AND subject = :subject

-- reserve --
-- Hold the worst case of a run in one budget.
INSERT INTO reservation (id, day, scope, subject, runs, tokens, tool_calls, cost)
VALUES (:id, :day, :scope, :subject, :runs, :tokens, :tool_calls, :cost)

-- release --
-- Give a reservation back; what it was held in comes out.
DELETE FROM reservation WHERE id = :id RETURNING day, scope, subject

-- spend --
-- Count what a run took.
INSERT INTO budget (day, scope, subject, runs, tokens, tool_calls, cost)
VALUES (:day, :scope, :subject, :runs, :tokens, :tool_calls, :cost)
ON CONFLICT (day, scope, subject) DO UPDATE SET runs = runs + excluded.runs, tokens = tokens + excluded.tokens,
    tool_calls = tool_calls + excluded.tool_calls, cost = cost + excluded.cost

-- open_reservations --
-- What is held.
SELECT id, runs, tokens, tool_calls, cost FROM reservation GROUP BY id ORDER BY id

-- spent_on --
-- What was counted on a day.
SELECT scope, subject, runs, tokens, tool_calls, cost FROM budget WHERE day = :day ORDER BY tokens DESC, scope, subject
