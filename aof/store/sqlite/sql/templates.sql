-- know_template --
-- A notice came of this template.
INSERT INTO template (account, name, language, told_at) VALUES (:account, :name, :language, :now)
ON CONFLICT (account, name, language) DO UPDATE SET told_at = excluded.told_at

-- learn_state --
-- In which state it is, unless something newer is known.
UPDATE template SET state = :state, word = :word, reason = :reason, state_at = :at
WHERE account = :account AND name = :name AND language = :language AND coalesce(state_at, 0) <= :at

-- learn_category --
-- As what the platform files it, unless something newer is known; one that is told anew keeps what it was before.
UPDATE template SET category = :category, category_at = :at,
    former_category = CASE
        WHEN :former <> '' AND :former <> :category THEN :former
        WHEN category NOT IN ('', :category) THEN category
        ELSE former_category END
WHERE account = :account AND name = :name AND language = :language AND coalesce(category_at, 0) <= :at

-- learn_quality --
-- How people take it, unless something newer is known.
UPDATE template SET quality = :quality, quality_at = :at
WHERE account = :account AND name = :name AND language = :language AND coalesce(quality_at, 0) <= :at

-- learn_body --
-- What it says, unless something newer is known.
UPDATE template SET body = :body, places = :places, buttons = :buttons, body_at = :at
WHERE account = :account AND name = :name AND language = :language AND coalesce(body_at, 0) <= :at

-- template_state --
-- In which state it is.
SELECT state FROM template WHERE account = :account AND name = :name AND language = :language

-- templates --
-- All, or those of an account or a name.
SELECT * FROM template WHERE (:account = '' OR account = :account) AND (:name = '' OR name = :name)
ORDER BY account, name, language

-- held_for_template --
-- Parts that its state holds.
UPDATE outbox SET state = 'queued', gate = NULL, error = NULL, not_before = :now
WHERE state = 'held' AND gate = 'template' AND account = :account AND json_extract(body, '$.name') = :name
    AND replace(json_extract(body, '$.language'), '-', '_') = :language
    AND EXISTS (
        SELECT 1 FROM template t WHERE t.account = :account AND t.name = :name AND t.language = :language
            AND t.state = 'approved')
RETURNING conversation
