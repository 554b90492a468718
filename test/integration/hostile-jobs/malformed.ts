import {
  applied,
  beside,
  type HostileCase,
  having,
  instead,
  refused,
  replacing,
  unanswerable,
  without,
} from './hostile-case.ts';

/** Every field of a public job that is no value of a row, and what the job is refused for when it is not right. */
const fields: readonly (readonly [path: string, reason: string])[] = [
  ['schema_version', 'JOB_MALFORMED'],
  ['writeback_job_id', 'JOB_MALFORMED'],
  ['proposal_id', 'JOB_MALFORMED'],
  ['proposal_version', 'PROPOSAL_VERSION_INVALID'],
  ['proposal_hash', 'PROPOSAL_HASH_INVALID'],
  ['runner_scope', 'JOB_MALFORMED'],
  ['runner_scope.project_id', 'JOB_MALFORMED'],
  ['runner_scope.source_id', 'JOB_MALFORMED'],
  ['engine', 'ENGINE_MISMATCH'],
  ['operation', 'JOB_MALFORMED'],
  ['target', 'JOB_MALFORMED'],
  ['target.schema', 'JOB_MALFORMED'],
  ['target.table', 'JOB_MALFORMED'],
  ['target.primary_key', 'JOB_MALFORMED'],
  ['target.primary_key.column', 'JOB_MALFORMED'],
  ['tenant_guard', 'TENANT_GUARD_MISSING'],
  ['tenant_guard.column', 'TENANT_GUARD_MISSING'],
  ['allowed_columns', 'JOB_MALFORMED'],
  ['patch', 'JOB_MALFORMED'],
  ['conflict_guard', 'VERSION_GUARD_MISSING'],
  ['conflict_guard.kind', 'VERSION_GUARD_MISSING'],
  ['conflict_guard.column', 'VERSION_GUARD_MISSING'],
  ['idempotency_key', 'IDEMPOTENCY_KEY_INVALID'],
  ['lease', 'JOB_MALFORMED'],
  ['lease.lease_id', 'JOB_MALFORMED'],
  ['lease.attempt', 'JOB_MALFORMED'],
  ['lease.expires_at', 'JOB_MALFORMED'],
];

const brokenFields = fields.flatMap(([path, reason]) => [
  refused(`no ${path}`, reason, without(path)),
  refused(`a ${path} of null`, reason, having(path, null)),
  refused(`a ${path} that is a fraction`, reason, having(path, 0.5)),
  refused(`a ${path} that is an empty list`, reason, having(path, [])),
  refused(`a ${path} that is an empty object`, reason, having(path, {})),
]);

const levels = [
  '',
  'runner_scope.',
  'target.',
  'target.primary_key.',
  'tenant_guard.',
  'conflict_guard.',
  'lease.',
];

const extraFields = levels.flatMap((level) =>
  ['sql', 'force', 'constructor', '__proto__'].map((name) =>
    refused(`the extra field ${level}${name}`, 'JOB_UNKNOWN_FIELD', having(`${level}${name}`, '1=1')),
  ),
);

const otherJobs = [
  refused('nothing as its public job', 'JOB_MALFORMED', without('')),
  ...[
    ['null', null],
    ['a text', 'job'],
    ['a number', 7],
    ['an empty list', []],
    ['an empty object', {}],
    ['a list of lists', [[[[]]]]],
  ].map(([what, value]) =>
    refused(`${what} as its public job`, 'JOB_MALFORMED', beside('writeback_job', value)),
  ),
  refused('its public job as JSON in a text', 'JOB_MALFORMED', {
    draft: (claimed) => {
      claimed.writeback_job = JSON.stringify(claimed.writeback_job);
    },
  }),
  refused('its public job in a list', 'JOB_MALFORMED', {
    draft: (claimed) => {
      claimed.writeback_job = [claimed.writeback_job];
    },
  }),
];

const twice = [
  refused(
    'two tenant guards, the second of another tenant',
    'TENANT_NOT_ALLOWED',
    replacing(
      '"allowed_columns":',
      '"tenant_guard":{"column":"tenant_id","value":"globex"},"allowed_columns":',
    ),
  ),
  applied(
    'two tenant guards, the first of another tenant',
    { waiver_reason: 'goodwill', late_fee_cents: '0' },
    replacing('"tenant_guard":', '"tenant_guard":{"column":"tenant_id","value":"globex"},"tenant_guard":'),
  ),
  refused(
    'two tables, the second not configured',
    'TABLE_NOT_CONFIGURED',
    replacing('"table":"invoices"', '"table":"invoices","table":"users"'),
  ),
  refused(
    'two patches, the second with a protected column',
    'PROTECTED_COLUMN',
    replacing('"conflict_guard":', '"patch":{"created_by":"me"},"conflict_guard":'),
  ),
  applied(
    'a column twice in its patch',
    { waiver_reason: 'second', late_fee_cents: '0' },
    replacing('"waiver_reason":"goodwill"', '"waiver_reason":"first","waiver_reason":"second"'),
  ),
  refused(
    'two versions, the second null',
    'VALUE_TYPE',
    replacing('"expected_value":7', '"expected_value":7,"expected_value":null'),
  ),
];

const huge = [
  refused('100000 allowed columns', 'JOB_MALFORMED', having('allowed_columns', Array(100_000).fill('paid'))),
  refused(
    '257 columns in its patch',
    'JOB_MALFORMED',
    having('patch', Object.fromEntries(Array.from({ length: 257 }, (_, n) => [`c${n}`, 0]))),
  ),
  refused(
    '20000 extra fields',
    'JOB_UNKNOWN_FIELD',
    having('target', Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`f${n}`, n]))),
  ),
  refused(
    'a million characters as its table',
    'INVALID_IDENTIFIER',
    having('target.table', 'i'.repeat(1_000_000)),
  ),
  refused(
    'a list 20000 deep as a value',
    'VALUE_TYPE',
    replacing('"goodwill"', `${'['.repeat(20_000)}${']'.repeat(20_000)}`),
  ),
  refused(
    'an object 20000 deep as its target',
    'JOB_UNKNOWN_FIELD',
    replacing('"target":{', `"target":${'{"target":'.repeat(20_000)}0${'}'.repeat(20_000)},"was":{`),
  ),
];

const elements = [
  ...[
    ['null', null],
    ['true', true],
    ['zero', 0],
    ['an empty text', ''],
    ['SQL', 'UPDATE public.invoices SET late_fee_cents = 0'],
    ['an empty list', []],
    ['an empty object', {}],
    ['a list of numbers', [1, 2, 3]],
  ].map(([what, value]) => unanswerable(`${what} in the place of a job`, instead(value))),
  unanswerable('a job in a list', { text: (json) => `[${json}]` }),
  unanswerable('a job in a text', { text: (json) => JSON.stringify(json) }),
  unanswerable('a job without what is around it', {
    text: (json) => JSON.stringify(JSON.parse(json).writeback_job),
  }),
];

export const malformed: readonly HostileCase[] = [
  ...brokenFields,
  ...extraFields,
  ...otherJobs,
  ...twice,
  ...huge,
  ...elements,
];
