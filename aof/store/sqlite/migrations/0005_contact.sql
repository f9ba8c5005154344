-- People of the ledger of consent, by what they go by now; a number that somebody else has now is nobody's here.
CREATE TABLE contact (
    contact INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    number TEXT,
    user_id TEXT,
    created_at REAL NOT NULL
) STRICT;
CREATE INDEX contact_number ON contact (account, number) WHERE number IS NOT NULL;
CREATE INDEX contact_user_id ON contact (account, user_id) WHERE user_id IS NOT NULL;

-- Who agreed to be written to unasked, and who does not want it. Rows are added and never changed.
CREATE TABLE consent (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    contact INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('in', 'out', 'asked')),  -- asked: a request to opt in was queued
    how TEXT NOT NULL CHECK (how IN ('word', 'button', 'platform', 'refusal', 'operator', 'import')),
    evidence TEXT NOT NULL,
    by TEXT NOT NULL,              -- who wrote it down; '': they said it themselves
    event TEXT NOT NULL,           -- the event or part that said it; '': none
    at REAL NOT NULL               -- when it was said
) STRICT;
CREATE INDEX consent_contact ON consent (contact, seq);
CREATE INDEX consent_event ON consent (event) WHERE event <> '';
CREATE TRIGGER consent_keeps BEFORE UPDATE ON consent BEGIN SELECT raise(ABORT, 'the ledger of consent only grows'); END;
CREATE TRIGGER consent_stays BEFORE DELETE ON consent BEGIN SELECT raise(ABORT, 'the ledger of consent only grows'); END;

-- What a part is about that has rules of its own. consent: it answers a word on consent, or asks for one.
ALTER TABLE outbox ADD COLUMN about TEXT NOT NULL DEFAULT '';
