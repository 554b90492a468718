import { describe, expect, test } from 'vitest';
import { FoldedTables } from '../rebuild/folded-tables.ts';
import { TENANT } from '../test-support.ts';
import type { Placed } from '../turn/event.ts';

const common = { at: 1, hash: 'sha256:h', actor: { kind: 'person', id: 'ann' } } as const;

function policyActivated(seq: number): Placed {
  const body = { name: 'p', reason: null, by: 'Ann', seq: 1, digest: 'sha256:p', in_force: [] };
  return { ...common, seq, type: 'policy.activated', subject: 'policy/p', body };
}

function promptActivated(seq: number): Placed {
  const reference = {
    kind: 'prompt',
    name: 'p',
    version: 1,
    digest: 'sha256:1',
    seq: 2,
    route: null,
  } as const;
  const body = { ...reference, reason: null, by: 'Ann' };
  return { ...common, seq, type: 'control.activated', subject: 'control/prompt/p', body };
}

function created(body: { control_log?: true }): Placed {
  return {
    ...common,
    seq: 1,
    type: 'tenant.created',
    subject: `tenant/${TENANT}`,
    body: { label: 'acme', region: 'weur', ...body },
  };
}

function revisionOf(tables: FoldedTables): number | undefined {
  const value = tables.row('settings', 'control')?.value;
  return value !== undefined && 'revision' in value ? value.revision : undefined;
}

describe('the log of what is in force', () => {
  test('begins with the tenant, and counts whatever changes what is in force', () => {
    const tables = new FoldedTables();
    tables.fold(TENANT, created({ control_log: true }));
    expect(revisionOf(tables)).toBe(0);
    tables.fold(TENANT, policyActivated(5));
    tables.fold(TENANT, promptActivated(6));
    expect(revisionOf(tables)).toBe(2);
    expect(tables.keys('changes')).toEqual(['000000000001', '000000000002']);
  });

  test('of a tenant that is older begins with its first piece of the registry', () => {
    const tables = new FoldedTables();
    tables.fold(TENANT, created({}));
    tables.fold(TENANT, policyActivated(5));
    expect(revisionOf(tables)).toBeUndefined();
    tables.fold(TENANT, promptActivated(6));
    tables.fold(TENANT, policyActivated(7));
    expect(revisionOf(tables)).toBe(2);
  });
});
