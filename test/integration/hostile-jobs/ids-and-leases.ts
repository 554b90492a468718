import {
  about,
  applied,
  beside,
  conflict,
  type Draft,
  dropped,
  failed,
  type HostileCase,
  having,
  refused,
  shown,
  unanswerable,
  without,
} from './hostile-case.ts';
import { SEEDED_KEY } from './shop-tables.ts';

const PAST = '2026-01-01T00:00:00Z';
const goodwill = { waiver_reason: 'goodwill', late_fee_cents: '0' };

const wrongKind: readonly (readonly [what: string, value: unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a number', 7],
  ['no letters', ''],
  ['201 letters', 'j'.repeat(201)],
  ['a list', ['wbj_1']],
  ['an object', { id: 'wbj_1' }],
];
const noIds = ['job_id', 'lease_id'].flatMap((field) =>
  wrongKind.map(([what, value]) =>
    unanswerable(`${what} as the ${field} of the claim`, beside(field, value)),
  ),
);

const otherIds = [
  refused(
    'another job\u2019s id in its public form',
    'JOB_MALFORMED',
    having('writeback_job_id', 'wbj_other'),
  ),
  refused('its id in capitals in its public form', 'JOB_MALFORMED', {
    draft: (claimed) => {
      having('writeback_job_id', String(claimed.job_id).toUpperCase()).draft?.(claimed);
    },
  }),
  dropped('another lease in its public form', 'LEASE_NOT_MINE', having('lease.lease_id', 'lse_other')),
  dropped('another lease beside its public form', 'LEASE_NOT_MINE', beside('lease_id', 'lse_other')),
  dropped('a lease id with a blank after', 'LEASE_NOT_MINE', beside('lease_id', 'lse_hostile ')),
  refused('a lease id with a NUL', 'JOB_MALFORMED', having('lease.lease_id', 'lse\u0000')),
  refused('a lease id with half a character', 'JOB_MALFORMED', having('lease.lease_id', 'lse\udc00')),
  refused('a lease without an id', 'JOB_MALFORMED', having('lease.lease_id', '')),
  refused('an attempt of zero', 'JOB_MALFORMED', having('lease.attempt', 0)),
  refused('an attempt below zero', 'JOB_MALFORMED', having('lease.attempt', -1)),
  refused('an attempt as a text', 'JOB_MALFORMED', having('lease.attempt', '1')),
  refused('a job id with a line break', 'JOB_MALFORMED', having('writeback_job_id', 'wbj_\n')),
  refused('a proposal id that is SQL', 'JOB_MALFORMED', having('proposal_id', "x'; DROP TABLE users; --")),
  refused('a proposal id without letters', 'JOB_MALFORMED', having('proposal_id', '')),
  refused('a proposal id with a path', 'JOB_MALFORMED', having('proposal_id', '../../etc')),
  refused('a proposal hash of another kind', 'PROPOSAL_HASH_INVALID', having('proposal_hash', 'md5:00')),
  refused('a proposal hash without a digest', 'PROPOSAL_HASH_INVALID', having('proposal_hash', 'sha256:')),
  refused(
    'a proposal hash with a control character',
    'PROPOSAL_HASH_INVALID',
    having('proposal_hash', 'sha256:\u0007'),
  ),
  refused('a proposal version of zero', 'PROPOSAL_VERSION_INVALID', having('proposal_version', 0)),
  refused('a proposal version as a text', 'PROPOSAL_VERSION_INVALID', having('proposal_version', '1')),
  refused('an idempotency key without letters', 'IDEMPOTENCY_KEY_INVALID', having('idempotency_key', '')),
  refused('an idempotency key with a NUL', 'IDEMPOTENCY_KEY_INVALID', having('idempotency_key', 'key\u0000')),
  refused(
    'an idempotency key with a line break',
    'IDEMPOTENCY_KEY_INVALID',
    having('idempotency_key', 'key\n'),
  ),
  refused(
    'an idempotency key with half a character',
    'IDEMPOTENCY_KEY_INVALID',
    having('idempotency_key', 'key\ud800'),
  ),
  refused(
    '401 letters as its idempotency key',
    'IDEMPOTENCY_KEY_INVALID',
    having('idempotency_key', 'k'.repeat(401)),
  ),
  failed('the idempotency key of another job', 'RECEIPT_MISMATCH', having('idempotency_key', SEEDED_KEY)),
  applied(
    'an idempotency key that is SQL',
    goodwill,
    having('idempotency_key', "k'); DELETE FROM countersign_receipts; --"),
  ),
  applied(
    'an idempotency key that differs in a blank',
    goodwill,
    having('idempotency_key', `${SEEDED_KEY} `),
  ),
  conflict(
    'no row, under an idempotency key that is SQL',
    'ROW_NOT_FOUND',
    having('idempotency_key', "k' OR '1'='1"),
    having('target.primary_key.value', 'no row'),
  ),
];

/** The same id in both forms of the job. */
const named = (id: string) => [beside('job_id', id), having('writeback_job_id', id)];
const oddIds: readonly HostileCase[] = [
  applied('a job id with blanks and quotes', goodwill, ...named(`wbj ' OR '1'='1`)),
  applied('a job id with slashes', goodwill, ...named('../../../register')),
  applied('a job id with a query', goodwill, ...named('wbj?x=1#y')),
  applied('a job id of other letters', goodwill, ...named('wbj_\u00e9\u{1f4b8}')),
  unanswerable('a job id of two dots', ...named('..')),
  refused('a NUL in both its ids', 'JOB_MALFORMED', ...named('wbj\u0000')),
  unanswerable('half a character in both its ids', ...named('wbj\ud800')),
];

const noTimes: readonly (readonly [what: string, value: unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a number', 1_900_000_000_000],
  ['a word', 'tomorrow'],
  ['infinity', 'infinity'],
  ['a day', '2036-01-01'],
  ['a time without zone', '2036-01-01T00:00:00'],
  ['the 30th of February', '2036-02-30T00:00:00Z'],
  ['no letters', ''],
];
const times = noTimes.flatMap(([what, value]) => [
  refused(`${what} as the time to write by`, 'JOB_MALFORMED', beside('write_by', value)),
  ...(what === 'nothing' || what === 'null'
    ? []
    : [refused(`${what} as the end of its lease`, 'JOB_MALFORMED', having('lease.expires_at', value))]),
]);

const lapsed = [
  dropped('a time to write by that has passed', 'lease_lost', beside('write_by', PAST)),
  dropped(
    'a time to write by that has passed in its zone',
    'lease_lost',
    beside('write_by', '2026-01-01T00:00:00+14:00'),
  ),
  dropped('a time to write by in the year 0', 'lease_lost', beside('write_by', '0000-01-01T00:00:00Z')),
  dropped('a lease that has ended', 'lease_lost', having('lease.expires_at', PAST)),
  dropped(
    'a lease that has ended, with time to write',
    'lease_lost',
    having('lease.expires_at', PAST),
    beside('write_by', '2036-01-01T00:00:00Z'),
  ),
  dropped(
    'a lease and a time that have both passed',
    'lease_lost',
    having('lease.expires_at', PAST),
    beside('write_by', PAST),
  ),
  applied(
    'a lease without an end',
    goodwill,
    having('lease.expires_at', '9999-12-31T23:59:59Z'),
    beside('write_by', '9999-12-31T23:59:59Z'),
  ),
];

const freshness = [
  ['that is asked for', { required: true }],
  ['that is null', null],
  ['that is false', false],
  ['of another row', { table: 'public.users', id: 'INV-1' }],
] as const;
const fresh = freshness.map(([what, value]) =>
  refused(`a freshness check ${what}`, 'FRESHNESS_UNSUPPORTED', beside('freshness', value)),
);

const otherRunners = [
  ...['src_other', 'SRC_SHOP', 'src_shop ', ' src_shop', 'src_sh\u043ep', '*', "src_shop' OR '1'='1"].map(
    (id) => refused(`the source ${shown(id)}`, 'SOURCE_NOT_MINE', having('runner_scope.source_id', id)),
  ),
  ...['globex-prod', 'ACME-PROD', 'acme-prod ', 'acme', '*', 'acme-prod,globex-prod', 'token_scope'].map(
    (id) => refused(`the project ${shown(id)}`, 'PROJECT_MISMATCH', having('runner_scope.project_id', id)),
  ),
  refused('a source without letters', 'JOB_MALFORMED', having('runner_scope.source_id', '')),
  refused('a project without letters', 'JOB_MALFORMED', having('runner_scope.project_id', '')),
  refused(
    'no scope but the claim\u2019s',
    'JOB_MALFORMED',
    without('runner_scope'),
    beside('source_id', 'src_shop'),
  ),
  applied('the alias of its source', goodwill, having('runner_scope.source_id', 'shop')),
  ...['oracle', 'Postgres', 'postgresql', 'postgres ', 'MySQL', 'mariadb', 'mysql '].map((engine) =>
    refused(`the engine ${shown(engine)}`, 'ENGINE_MISMATCH', having('engine', engine)),
  ),
  refused('the other engine', 'ENGINE_MISMATCH', {
    draft: ({ writeback_job: job }) => {
      const draft: Draft = Object(job);
      draft.engine = draft.engine === 'mysql' ? 'postgres' : 'mysql';
    },
  }),
  ...['single_row_delete', 'single_row_insert', 'multi_row_update', 'SINGLE_ROW_UPDATE', 'sql', 'ddl'].map(
    (name) => refused(`the operation ${name}`, 'JOB_MALFORMED', having('operation', name)),
  ),
  ...['synapsor.writeback-job.v2', 'synapsor.writeback-job.v0', 'synapsor.writeback-job', 'v1', '1.0'].map(
    (name) => refused(`the schema version ${name}`, 'JOB_MALFORMED', having('schema_version', name)),
  ),
  about(
    'public.ledgers',
    '1',
    refused(
      'the ledgers of another source',
      'SOURCE_NOT_MINE',
      having('runner_scope.source_id', 'src_ledgers'),
    ),
  ),
];

export const idsAndLeases: readonly HostileCase[] = [
  ...noIds,
  ...otherIds,
  ...oddIds,
  ...times,
  ...lapsed,
  ...fresh,
  ...otherRunners,
];
