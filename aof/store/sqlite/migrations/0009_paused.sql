-- The question to people that a part is; NULL: it is none.
ALTER TABLE outbox ADD COLUMN question TEXT;

-- Steps of its order that were asked. `nudged` 1 means: everybody who is asked was asked once more.
ALTER TABLE approval ADD COLUMN reached INTEGER NOT NULL DEFAULT 0;

-- The paused run that a parked event is held back for; NULL: it waits for a person's word.
ALTER TABLE inbox ADD COLUMN behind TEXT;
CREATE INDEX inbox_behind ON inbox (behind) WHERE behind IS NOT NULL;
