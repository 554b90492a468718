import { describe, expect, test } from 'vitest';
import { digest } from '../canonical-json.ts';
import { changeSetSchema } from '../change-set.ts';
import { operationOf } from './operation.ts';
import {
  freeze,
  sampleCompensation,
  sampleDelete,
  sampleInsert,
  sampleMember,
  sampleSet,
  sampleUpdate,
} from './sample-change-sets.ts';

type Fields = Readonly<Record<string, unknown>>;

const ID = `wrp_${'a1'.repeat(10)}`;
const FORWARD = { proposal_id: `wrp_${'b2'.repeat(10)}`, receipt: `sha256:${'f'.repeat(64)}` };

/** Where the change set is at fault, with the code; nothing where it passes. */
function faults(changeSet: Fields): string[] {
  const parsed = changeSetSchema.safeParse(changeSet);
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, ...issue }) => {
    const code: unknown = 'params' in issue ? issue.params?.code : issue.code;
    return `${path.join('.')} ${String(code)}`;
  });
}

const guardsOf = (changeSet: Fields, changes: Fields): Fields => ({
  ...changeSet,
  guards: { ...Object(changeSet.guards), ...changes },
});
const dedup = (...components: Fields[]) => ({ deduplication: { components } });
const own = { column: 'id', value: ID, source: 'proposal_id' };
const tenant = { column: 'tenant_id', value: 'acme', source: 'trusted_tenant' };

describe('a change set of every form', () => {
  test.each<[string, Fields]>([
    ['single_row_update', sampleUpdate(ID)],
    ['single_row_insert', sampleInsert(ID)],
    ['single_row_delete', sampleDelete(ID)],
    ['set_update', sampleSet(ID, 'set_update')],
    ['set_delete', sampleSet(ID, 'set_delete')],
    ['batch_insert', sampleSet(ID, 'batch_insert')],
    ['restore_update', sampleCompensation(ID, FORWARD)],
  ])('%s passes, and comes out as it went in', (operation, changeSet) => {
    const parsed = changeSetSchema.parse(changeSet);
    expect(parsed).toEqual(changeSet);
    expect(operationOf(parsed)).toBe(operation);
  });

  test.each<[string, Fields]>([
    ['an update', sampleUpdate(ID)],
    ['an insert', sampleInsert(ID)],
    ['a delete', sampleDelete(ID)],
    ['a set', sampleSet(ID, 'set_update')],
    ['a compensation', sampleCompensation(ID, FORWARD)],
  ])('%s with a field that is not known is refused', (_, changeSet) => {
    expect(faults({ ...changeSet, colour: 'red' })).toEqual([' unrecognized_keys']);
    expect(faults(guardsOf(changeSet, { or: 1 }))).toEqual(['guards unrecognized_keys']);
  });
});

test('what takes nothing back begins its own lineage', () => {
  const lineage = { root_proposal_id: ID, parent_proposal_id: ID, reverts_proposal_id: ID, depth: 1 };
  for (const sample of [sampleUpdate(ID), sampleSet(ID, 'set_update')]) {
    const asking = (changes: Fields) =>
      faults({ ...sample, reversibility: { mode: 'reviewed_inverse', lineage: { ...lineage, ...changes } } });
    expect(asking({})).toEqual([]);
    expect(asking({ root_proposal_id: 'wrp_other' })).toEqual(['reversibility.lineage validation_failed']);
    expect(asking({ depth: 2 })).toEqual(['reversibility.lineage validation_failed']);
  }
});

describe('an update of one row', () => {
  const row = { id: 'P-1', tenant_id: 'acme', fee_cents: 900, state: 'held', version: 7 };
  const after = { ...row, fee_cents: 0, version: 8 };
  test.each<[string, Fields, string]>([
    [
      'that shows another row',
      { before: { ...row, id: 'P-2' }, after: { ...after, id: 'P-2' } },
      'before.id',
    ],
    [
      'that shows a row of another tenant',
      { before: { ...row, tenant_id: 'x' }, after: { ...after, tenant_id: 'x' } },
      'before.tenant_id',
    ],
    ['that shows another version', { before: { ...row, version: 6 }, after }, 'before.version'],
    ['whose version does not move', { after: { ...after, version: 7 } }, 'after.version'],
    ['whose version moves by two', { after: { ...after, version: 9 } }, 'after.version'],
    ['that changes more than it sets', { after: { ...after, state: 'released' } }, 'after.state'],
    ['that does not show what it sets', { after: { id: 'P-1' } }, 'after.fee_cents'],
  ])('%s is refused', (_, changes, place) => {
    expect(faults(sampleUpdate(ID, changes))).toContain(`${place} validation_failed`);
  });

  test.each<[string, Fields, string]>([
    [
      'a key in the allow-list',
      { allowed_columns: ['fee_cents', 'ID'] },
      'guards.allowed_columns.1 protected_column',
    ],
    ['a column outside the allow-list', { allowed_columns: ['state'] }, 'patch.fee_cents column_not_allowed'],
    [
      'another column of the version',
      { version_advance: { column: 'rev', strategy: 'integer_increment' } },
      'guards.version_advance.column validation_failed',
    ],
    [
      'a text as version to move by one',
      { expected_version: { column: 'version', value: '7' } },
      'guards.expected_version.value validation_failed',
    ],
    [
      'no version',
      { expected_version: { column: 'version', value: null } },
      'guards.expected_version.value validation_failed',
    ],
    [
      'the tenant of another scope',
      { tenant: { column: 'tenant_id', value: 'other' } },
      'guards.tenant.value validation_failed',
    ],
    ['deduplication', dedup(own, tenant), 'guards unrecognized_keys'],
  ])('with %s is refused', (_, changes, fault) => {
    expect(faults(guardsOf(sampleUpdate(ID), changes))).toContain(fault);
  });

  test('of which the database moves the version shows it as it is', () => {
    const generated = { version_advance: { column: 'version', strategy: 'database_generated' } };
    expect(faults(guardsOf(sampleUpdate(ID, { after: { ...after, version: 7 } }), generated))).toEqual([]);
    expect(faults(guardsOf(sampleUpdate(ID), generated))).toEqual(['after.version validation_failed']);
  });
});

describe('an insert', () => {
  test.each<[string, Fields, string]>([
    ['that shows a row that stands there', { before: { id: 'P-1' } }, 'before unrecognized_keys'],
    [
      'that shows a column that nothing sets',
      { after: { ...Object(sampleInsert(ID).after), note: 'x' } },
      'after.note validation_failed',
    ],
    [
      'that shows another value than it sets',
      { after: { ...Object(sampleInsert(ID).after), state: 'held' } },
      'after.state validation_failed',
    ],
    [
      'that names another key than it will have',
      { source: { ...Object(sampleInsert(ID).source), primary_key: { column: 'id', value: 'P-9' } } },
      'source.primary_key.value validation_failed',
    ],
    [
      'that sets the tenant',
      { patch: { fee_cents: 250, state: 'new', tenant_id: 'x' } },
      'patch.tenant_id protected_column',
    ],
  ])('%s is refused', (_, changes, fault) => {
    expect(faults(sampleInsert(ID, changes))).toContain(fault);
  });

  test.each<[string, Fields, string]>([
    [
      'without its proposal',
      dedup({ ...own, source: 'fixed' }, tenant),
      'guards.deduplication.components validation_failed',
    ],
    [
      'with another proposal',
      dedup({ ...own, value: 'wrp_x' }, tenant),
      'guards.deduplication.components validation_failed',
    ],
    ['without the tenant', dedup(own), 'guards.deduplication.components validation_failed'],
    [
      'with another tenant',
      dedup(own, { ...tenant, value: 'other' }),
      'guards.deduplication.components validation_failed',
    ],
    [
      'with the tenant as a text of its own',
      dedup(own, { ...tenant, source: 'fixed' }),
      'guards.deduplication.components validation_failed',
    ],
    [
      'with a column twice',
      dedup(own, tenant, { ...own, column: 'ID' }),
      'guards.deduplication.components.2.column validation_failed',
    ],
    [
      'with a null, which is never a duplicate',
      dedup(own, tenant, { column: 'batch', value: null, source: 'fixed' }),
      'guards.deduplication.components.2.value validation_failed',
    ],
    [
      'with a column that the patch sets',
      dedup(own, tenant, { column: 'state', value: 'new', source: 'fixed' }),
      'guards.deduplication.components.2.column validation_failed',
    ],
  ])('kept apart %s is refused', (_, changes, fault) => {
    expect(faults(guardsOf(sampleInsert(ID), changes))).toContain(fault);
  });

  test('whose key the database gives names none', () => {
    const apart = dedup({ ...own, column: 'request_id' }, tenant);
    const source = { ...Object(sampleInsert(ID).source), primary_key: { column: 'id' } };
    const after = { fee_cents: 250, state: 'new', request_id: ID, tenant_id: 'acme' };
    expect(faults(guardsOf(sampleInsert(ID, { source, after }), apart))).toEqual([]);
  });
});

describe('a delete', () => {
  test.each<[string, Fields, string]>([
    ['that sets something', { patch: { state: 'gone' } }, 'patch unrecognized_keys'],
    ['that leaves a row', { after: { id: 'P-1' } }, 'after unrecognized_keys'],
    ['that shows no row', { before: {} }, 'before custom'],
    ['that shows another row', { before: { id: 'P-2' } }, 'before.id validation_failed'],
  ])('%s is refused', (_, changes, fault) => {
    expect(faults(sampleDelete(ID, changes)).map((text) => text.replace('undefined', 'custom'))).toContain(
      fault,
    );
  });

  test.each<[string, Fields, string]>([
    ['with columns to set', { allowed_columns: ['state'] }, 'guards.allowed_columns too_big'],
    [
      'with a version to move',
      { version_advance: { column: 'version', strategy: 'integer_increment' } },
      'guards unrecognized_keys',
    ],
    ['without a version', { expected_version: undefined }, 'guards.expected_version invalid_type'],
  ])('%s is refused', (_, changes, fault) => {
    expect(faults(guardsOf(sampleDelete(ID), changes))).toContain(fault);
  });
});

describe('what an approved set shows is what it says', () => {
  const member = sampleMember('set_update', 'P-1');
  const second = sampleMember('set_update', 'P-2');
  const whole = freeze('set_update', [member, second]);
  const at = 'frozen_set';

  test.each<[string, Fields, string]>([
    [
      'a set that was widened by a member',
      { ...whole, members: [member, second, sampleMember('set_update', 'P-3')] },
      `${at}.row_count validation_failed`,
    ],
    [
      'a set whose members are others',
      { ...whole, members: [member, sampleMember('set_update', 'P-3')] },
      `${at}.set_digest validation_failed`,
    ],
    ['more rows than are allowed', { ...whole, max_rows: 1 }, `${at}.row_count validation_failed`],
    [
      'a sum that is less than it is',
      { ...whole, aggregate_bounds: [{ ...Object(whole.aggregate_bounds[0]), actual: 1 }] },
      `${at}.aggregate_bounds.0.actual validation_failed`,
    ],
    [
      'a sum above its maximum',
      freeze('set_update', [member, second], 1_799),
      `${at}.aggregate_bounds.0.actual validation_failed`,
    ],
    [
      'the same row twice',
      freeze('set_update', [member, member]),
      `${at}.members.1.primary_key.value validation_failed`,
    ],
    [
      'rows out of order',
      freeze('set_update', [second, member]),
      `${at}.members.1.primary_key.value validation_failed`,
    ],
    [
      'a wrong digest of the row before',
      freeze('set_update', [{ ...member, before_digest: digest(1) }]),
      `${at}.members.0.before_digest validation_failed`,
    ],
    [
      'a wrong digest of the row after',
      freeze('set_update', [{ ...member, after_digest: digest(1) }]),
      `${at}.members.0.after_digest validation_failed`,
    ],
    [
      'a digest that is not due',
      freeze('set_update', [{ ...member, tombstone_digest: digest(1) }]),
      `${at}.members.0.tombstone_digest validation_failed`,
    ],
    [
      'a row of another tenant',
      freeze('set_update', [{ ...member, before: { ...member.before, tenant_id: 'other' } }]),
      `${at}.members.0.before.tenant_id validation_failed`,
    ],
    [
      'a row at another version',
      freeze('set_update', [{ ...member, expected_version: { column: 'version', value: 6 } }]),
      `${at}.members.0.expected_version.value validation_failed`,
    ],
    [
      'a row that changes otherwise',
      freeze('set_update', [{ ...member, after: { ...member.after, state: 'x' } }]),
      `${at}.members.0.after.state validation_failed`,
    ],
    [
      'a member of another key',
      freeze('set_update', [{ ...member, primary_key: { column: 'uid', value: 'P-1' } }]),
      `${at}.members.0.primary_key.column validation_failed`,
    ],
  ])('%s is refused', (_, frozen_set, fault) => {
    expect(faults({ ...sampleSet(ID, 'set_update'), frozen_set })).toContain(fault);
  });

  test('1 and "1" are one row to a database', () => {
    const numbered = (value: string | number) => ({ ...member, primary_key: { column: 'id', value } });
    expect(faults(sampleSet(ID, 'set_update', freeze('set_update', [numbered('1'), numbered(1)])))).toContain(
      `${at}.members.1.primary_key.value validation_failed`,
    );
  });

  test('a hundred rows pass, a hundred and one do not', () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, index) => sampleMember('set_update', `P-${1000 + index}`));
    expect(faults(sampleSet(ID, 'set_update', freeze('set_update', rows(100))))).toEqual([]);
    expect(faults(sampleSet(ID, 'set_update', freeze('set_update', rows(101))))).toContain(
      `${at}.members too_big`,
    );
  });

  test('its own before and after count its members', () => {
    expect(faults(sampleSet(ID, 'set_update', whole, { before: { row_count: 1 } }))).toEqual([
      'before.row_count validation_failed',
    ]);
    expect(faults(sampleSet(ID, 'set_delete', undefined, { after: { row_count: 2 } }))).toEqual([
      'after.row_count validation_failed',
    ]);
    expect(faults(sampleSet(ID, 'batch_insert', undefined, { before: { row_count: 2 } }))).toEqual([
      'before.row_count validation_failed',
    ]);
  });

  test('no policy decides on it', () => {
    const changes = { approval: { status: 'pending', mode: 'policy' } };
    expect(faults(sampleSet(ID, 'set_update', whole, changes))).toEqual(['approval.mode invalid_value']);
  });

  test('a member that is inserted sets allowed columns and what keeps it apart, of its tenant', () => {
    const inserted = sampleMember('batch_insert', 'P-1');
    const refused = (changes: Partial<typeof inserted>) =>
      faults(sampleSet(ID, 'batch_insert', freeze('batch_insert', [{ ...inserted, ...changes }])));
    expect(refused({ after: { ...inserted.after, secret: 1 } })).toContain(
      `${at}.members.0.after.secret column_not_allowed`,
    );
    expect(refused({ after: { ...inserted.after, tenant_id: 'other' } })).toContain(
      `${at}.members.0.after.tenant_id validation_failed`,
    );
    const { deduplication: _, ...unkept } = inserted;
    expect(faults(sampleSet(ID, 'batch_insert', freeze('batch_insert', [unkept])))).toContain(
      `${at}.members.0.deduplication validation_failed`,
    );
    expect(refused({ before: { id: 'P-1' } })).toContain(`${at}.members.0.before validation_failed`);
  });

  test('a member that is deleted leaves no row', () => {
    const deleted = sampleMember('set_delete', 'P-1');
    const kept = freeze('set_delete', [{ ...deleted, after: { id: 'P-1' } }]);
    expect(faults(sampleSet(ID, 'set_delete', kept))).toContain(`${at}.members.0.after validation_failed`);
    const wrong = freeze('set_delete', [{ ...deleted, tombstone_digest: digest(1) }]);
    expect(faults(sampleSet(ID, 'set_delete', wrong))).toContain(
      `${at}.members.0.tombstone_digest validation_failed`,
    );
  });
});

describe('a compensation', () => {
  const at = 'compensation.descriptor';
  const member = {
    primary_key: { column: 'id', value: 'P-1' },
    expected_state: { fee_cents: 0, state: 'held', version: 8 },
    restore_values: { fee_cents: 900, state: 'held' },
  };
  const descriptor = (changes: Fields) => faults(sampleCompensation(ID, FORWARD, {}, changes));

  test.each<[string, Fields, string]>([
    [
      'for another table',
      { target: { source_id: 'main_db', schema: 'public', table: 'users', primary_key_column: 'id' } },
      `${at}.target.table validation_failed`,
    ],
    [
      'for another source',
      { target: { source_id: 'x', schema: 'public', table: 'parcels', primary_key_column: 'id' } },
      `${at}.target.source_id validation_failed`,
    ],
    [
      'for another tenant',
      { tenant_guard: { column: 'tenant_id', value: 'other' } },
      `${at}.tenant_guard validation_failed`,
    ],
    ['of other columns', { allowed_columns: ['fee_cents'] }, `${at}.allowed_columns validation_failed`],
    [
      'that is not available',
      { availability: 'best_effort_unavailable', reason_codes: ['X'] },
      `${at}.availability invalid_value`,
    ],
    [
      'that sets a column beyond',
      { members: [{ ...member, restore_values: { secret: 1 } }] },
      `${at}.members.0.restore_values.secret column_not_allowed`,
    ],
    [
      'that sets the key',
      { members: [{ ...member, restore_values: { id: 'P-2' } }] },
      `${at}.members.0.restore_values.id protected_column`,
    ],
    [
      'without a version to start from',
      { members: [{ ...member, expected_state: { fee_cents: 0 } }] },
      `${at}.members.0.expected_state.version validation_failed`,
    ],
    ['without a version to move', { version_advance: undefined }, `${at}.version_advance invalid_type`],
    [
      'whose version is a column to set',
      { version_advance: { column: 'state', strategy: 'integer_increment' } },
      `${at}.version_advance.column validation_failed`,
    ],
    [
      'of more rows than it says',
      { max_rows: 1, members: [member, { ...member, primary_key: { column: 'id', value: 'P-2' } }] },
      `${at}.members validation_failed`,
    ],
    [
      'that is too deep',
      { lineage: { root_proposal_id: 'a', parent_proposal_id: 'a', reverts_proposal_id: 'a', depth: 17 } },
      `${at}.lineage.depth too_big`,
    ],
  ])('%s is refused', (_, changes, fault) => {
    expect(descriptor(changes)).toContain(fault);
  });

  test.each<[string, Fields, string]>([
    ['patch', { patch: { fee_cents: 1 } }, 'patch validation_failed'],
    ['before', { before: { fee_cents: 900 } }, 'before validation_failed'],
    ['after', { after: { fee_cents: 900, version: 10 } }, 'after validation_failed'],
    [
      'key',
      { source: { ...Object(sampleUpdate(ID).source), primary_key: { column: 'id', value: 'P-2' } } },
      'source.primary_key.value validation_failed',
    ],
  ])('whose own %s tells another story than its descriptor is refused', (_, changes, fault) => {
    expect(faults(sampleCompensation(ID, FORWARD, changes))).toContain(fault);
  });

  test('may count its rows instead, and show the version that follows', () => {
    const summary = { before: { row_count: 1 }, patch: { operation: 'restore_update', row_count: 1 } };
    expect(
      faults(sampleCompensation(ID, FORWARD, { ...summary, after: { fee_cents: 900, version: 9 } })),
    ).toEqual([]);
  });

  test('that brings a row back brings it back to its tenant, under its key', () => {
    const restore = (restore_values: Fields) => {
      const members = [{ primary_key: member.primary_key, expected_state: {}, restore_values }];
      const changes = { before: {}, patch: {}, after: {} };
      const operation = 'restore_insert';
      const changeSet = sampleCompensation(ID, FORWARD, changes, { operation, members });
      const { version_advance: _, ...rest } = Object(Object(changeSet.compensation).descriptor);
      return faults({ ...changeSet, compensation: { ...Object(changeSet.compensation), descriptor: rest } });
    };
    expect(restore({ id: 'P-1', tenant_id: 'acme', fee_cents: 900 })).toEqual([]);
    expect(restore({ id: 'P-2', tenant_id: 'acme' })).toEqual([
      `${at}.members.0.restore_values.id validation_failed`,
    ]);
    expect(restore({ id: 'P-1', tenant_id: 'x' })).toEqual([
      `${at}.members.0.restore_values.tenant_id validation_failed`,
    ]);
    expect(restore({ id: 'P-1' })).toEqual([`${at}.members.0.restore_values.tenant_id validation_failed`]);
  });
});

describe('a freshness authority', () => {
  const described = {
    id: 'account',
    capability: 'shipping.read_account',
    source_id: 'main_db',
    engine: 'postgres',
    target: {
      schema: 'public',
      table: 'accounts',
      primary_key: { column: 'id', value: 'A-1' },
      tenant_column: 'tenant_id',
    },
    expected_version: { column: 'version', value: 3 },
    evidence: { bundle_id: 'evb_1', query_fingerprint: 'sha256:qf' },
  };
  const dependency = (changes: Fields = {}) => {
    const content = { ...described, ...changes };
    return { ...content, descriptor_digest: digest(content) };
  };
  const authority = (dependencies: Fields[], target: Fields = { mode: 'exact_guard', member_count: 1 }) => {
    const content = {
      schema_version: 'synapsor.freshness-authority.v1',
      required: true,
      target,
      dependencies,
    };
    return { ...content, dependency_set_digest: digest(content) };
  };
  const with_ = (freshness: Fields) => faults(sampleUpdate(ID, { freshness }));

  test('passes, and comes out as it went in', () => {
    const freshness = authority([dependency(), dependency({ id: 'owner' })]);
    expect(changeSetSchema.parse(sampleUpdate(ID, { freshness }))).toMatchObject({ freshness });
  });

  test.each<[string, Fields, string]>([
    [
      'a descriptor that was changed',
      authority([{ ...dependency(), id: 'other' }]),
      'freshness.dependencies.0.descriptor_digest',
    ],
    [
      'a dependency that was added',
      { ...authority([]), dependencies: [dependency()] },
      'freshness.dependency_set_digest',
    ],
    ['two of one id', authority([dependency(), dependency()]), 'freshness.dependencies'],
    ['another order', authority([dependency({ id: 'owner' }), dependency()]), 'freshness.dependencies'],
    [
      'another database',
      authority([dependency({ source_id: 'other' })]),
      'freshness.dependencies.0.source_id',
    ],
    ['another engine', authority([dependency({ engine: 'mysql' })]), 'freshness.dependencies.0.engine'],
    ['another mode', authority([], { mode: 'frozen_set', member_count: 1 }), 'freshness.target.mode'],
    [
      'another number of rows',
      authority([], { mode: 'exact_guard', member_count: 2 }),
      'freshness.target.member_count',
    ],
  ])('with %s is refused', (_, freshness, place) => {
    expect(with_(freshness)).toContain(`${place} validation_failed`);
  });
});
