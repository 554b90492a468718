-- What nobody can settle waits in a lane of its own, which builds before 0.1.0 left empty: such rows were in no list of what
-- waits, and a rebuild reported them. Heads move, so that no object goes on with what it remembers.
UPDATE heads SET turn = turn + 1, nonce = 'migration 0008', counters = json_set(counters, '$.unknown', coalesce(counters ->> '$.unknown', 0) + (
  SELECT count(*) FROM proposals WHERE proposals.tenant = heads.tenant AND lane IS NULL AND (state = 'indeterminate' OR job_state = 'reconciliation_required')))
WHERE tenant IN (SELECT tenant FROM proposals WHERE lane IS NULL AND (state = 'indeterminate' OR job_state = 'reconciliation_required'));--> statement-breakpoint
UPDATE proposals SET lane = 'unknown', rank = updated_at
WHERE lane IS NULL AND (state = 'indeterminate' OR job_state = 'reconciliation_required');
