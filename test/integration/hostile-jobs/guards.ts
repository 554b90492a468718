import {
  about,
  applied,
  conflict,
  failed,
  type HostileCase,
  having,
  refused,
  shown,
  without,
} from './hostile-case.ts';

const principalScope = {
  schema_version: 'synapsor.principal-scope.v1',
  column: 'owner',
  binding: 'owner',
  provider: 'environment',
  value_fingerprint: 'sha256:00',
};

const kinds = [
  refused('a guard of no kind', 'VERSION_GUARD_MISSING', having('conflict_guard', { kind: 'none' })),
  refused(
    'a hash as its guard',
    'VERSION_GUARD_MISSING',
    having('conflict_guard', { kind: 'row_hash', expected_hash: 'sha256:00' }),
  ),
  refused(
    'a guard of an unknown kind',
    'VERSION_GUARD_MISSING',
    having('conflict_guard.kind', 'last_write_wins'),
  ),
  refused(
    'a guard of the other form',
    'VERSION_GUARD_MISSING',
    having('conflict_guard.kind', 'version_column'),
  ),
  refused('a guard in capitals', 'VERSION_GUARD_MISSING', having('conflict_guard.kind', 'COLUMN')),
  refused('a guard that is a text', 'VERSION_GUARD_MISSING', having('conflict_guard', 'version = 7')),
  refused('a guard that is false', 'VERSION_GUARD_MISSING', having('conflict_guard', false)),
  refused(
    'a list of guards',
    'VERSION_GUARD_MISSING',
    having('conflict_guard', [{ kind: 'column', column: 'version', expected_value: 7 }]),
  ),
  refused(
    'a guard by column without a column',
    'VERSION_GUARD_MISSING',
    without('conflict_guard.column'),
    having('lease.attempt', 2),
  ),
  refused(
    'a guard by no kind with a column',
    'JOB_UNKNOWN_FIELD',
    having('conflict_guard', { kind: 'none', column: 'version', expected_value: 7 }),
  ),
  refused('a principal scope', 'PRINCIPAL_SCOPE_UNSUPPORTED', having('principal_scope', principalScope)),
  refused(
    'a broken principal scope',
    'PRINCIPAL_SCOPE_UNSUPPORTED',
    having('principal_scope', { column: 'owner' }),
  ),
  refused('a principal scope of null', 'PRINCIPAL_SCOPE_UNSUPPORTED', having('principal_scope', null)),
];

const columns = ['id', 'tenant_id', 'late_fee_cents', 'total', 'VERSION', 'xmin', 'updated_at'].map(
  (column) =>
    refused(`its guard on ${column}`, 'VERSION_COLUMN_MISMATCH', having('conflict_guard.column', column)),
);

const noVersions = [
  '7 OR 1=1',
  '7; DROP TABLE public.users',
  'version',
  'any',
  'seven',
  'infinity',
  '-infinity',
  'now',
  '',
  ' 7',
  '7 ',
  '7\n',
  '+7',
  '7.0',
  '7e0',
  '0x7',
  '1_0',
  '--7',
  '\uff17',
  '\u0667',
  '77777777777777777777',
  '7\u0000',
  '2026-01-02 03:04:05',
].map((version) =>
  refused(`the version ${shown(version)}`, 'VALUE_TYPE', having('conflict_guard.expected_value', version)),
);

const staleVersions = [6, 8, 0, -7, '-0', '6', '9223372036854775807', '-9223372036854775808'].map((version) =>
  conflict(
    `the other version ${shown(version)}`,
    'VERSION_CONFLICT',
    having('conflict_guard.expected_value', version),
  ),
);

const goodwill = { waiver_reason: 'goodwill', late_fee_cents: '0' };
const sameVersions = [
  failed(
    'a version larger than any',
    'VALUE_REJECTED',
    having('conflict_guard.expected_value', '9999999999999999999'),
  ),
  applied('its version as a text', goodwill, having('conflict_guard.expected_value', '7')),
  applied('its version with zeros', goodwill, having('conflict_guard.expected_value', '007')),
];

const noTimes = [
  'infinity',
  '-infinity',
  'now',
  'today',
  'epoch',
  'allballs',
  'yesterday',
  '2026-01-02',
  '03:04:05',
  'Jan 2 2026 03:04:05',
  '2026-01-02 03:04:05.6789012',
  '2026-01-02 03:04:05 BC',
  '2026-01-02 03:04:05 Europe/Berlin',
  "2026-01-02 03:04:05'",
  ' 2026-01-02 03:04:05.678901',
  '20260102T030405',
  'J2461043',
  1_767_323_045,
  true,
  null,
].map((version) =>
  about(
    'public.notes',
    'NOTE-1',
    refused(
      `the time ${shown(version)} as its version`,
      'VALUE_TYPE',
      having('conflict_guard.expected_value', version),
    ),
  ),
);

const otherTimes = [
  ...['2026-02-30 03:04:05', '2026-13-01 00:00:00', '2026-01-02 25:00:00', '999999-01-01 00:00:00'].map(
    (version) =>
      about(
        'public.notes',
        'NOTE-1',
        failed(
          `the time ${version}, which is none`,
          'VALUE_REJECTED',
          having('conflict_guard.expected_value', version),
        ),
      ),
  ),
  ...[
    '2026-01-02 03:04:05.678',
    '2026-01-02 03:04:05.678900',
    '2026-01-02 03:04:05.678902',
    '0001-01-01 00:00:00',
  ].map((version) =>
    about(
      'public.notes',
      'NOTE-1',
      conflict(
        `the other time ${version}`,
        'VERSION_CONFLICT',
        having('conflict_guard.expected_value', version),
      ),
    ),
  ),
  about(
    'public.notes',
    'NOTE-2',
    applied(
      'its time in the other form',
      { body: 'goodwill' },
      having('conflict_guard.expected_value', '2026-01-02T03:04:05.678901'),
    ),
  ),
  about(
    'public.notes',
    'NOTE-3',
    applied(
      'its time in full',
      { body: 'goodwill' },
      having('conflict_guard.expected_value', '2026-01-02 03:04:05.678901'),
      having('proposal_version', 2),
    ),
  ),
  about(
    'public.settings',
    '4',
    applied(
      'its time in another zone',
      { value: 'goodwill' },
      having('conflict_guard.expected_value', '2026-01-02 08:34:05.678901+05:30'),
    ),
  ),
  about(
    'public.settings',
    '99',
    conflict(
      'its time in no zone but ours',
      'VERSION_CONFLICT',
      having('conflict_guard.expected_value', '2026-01-02 03:04:05.678901-01'),
    ),
  ),
];

export const guards: readonly HostileCase[] = [
  ...kinds,
  ...columns,
  ...noVersions,
  ...staleVersions,
  ...sameVersions,
  ...noTimes,
  ...otherTimes,
];
