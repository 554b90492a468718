import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type IdPrefix, jobIdOf, mintId, proposalIdOfJob, sequenceOfId } from './ids.ts';

const prefixes = fc.constantFrom<IdPrefix>('wrp', 'lse', 'run', 'act');
const times = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const sequences = fc.integer({ min: 0, max: 2 ** 40 - 1 });
const tenants = fc.string({ minLength: 1, maxLength: 30 });

describe('ids that are minted here', () => {
  test('hold the sequence of their row, for their tenant only', () => {
    fc.assert(
      fc.property(prefixes, times, sequences, tenants, tenants, (prefix, at, seq, tenant, other) => {
        const id = mintId(prefix, { at, seq, tenant });
        expect(sequenceOfId(prefix, id, tenant)).toBe(seq);
        fc.pre(other !== tenant);
        expect(sequenceOfId(prefix, id, other)).toBeUndefined();
      }),
    );
  });

  test('sort by time, then by sequence', () => {
    fc.assert(
      fc.property(prefixes, times, times, sequences, sequences, tenants, (prefix, t1, t2, s1, s2, tenant) => {
        const a = mintId(prefix, { at: t1, seq: s1, tenant });
        const b = mintId(prefix, { at: t2, seq: s2, tenant });
        const isBefore = t1 < t2 || (t1 === t2 && s1 < s2);
        const isSame = t1 === t2 && s1 === s2;
        expect([a < b, a === b]).toEqual([isBefore, isSame]);
      }),
    );
  });

  test('have one length, plain characters, and never look like a secret', () => {
    fc.assert(
      fc.property(prefixes, times, sequences, tenants, (prefix, at, seq, tenant) => {
        const id = mintId(prefix, { at, seq, tenant });
        expect(id).toMatch(/^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}$/);
        expect(id).not.toMatch(/syn_[A-Za-z0-9_-]{20}/);
        expect(jobIdOf(id)).not.toMatch(/syn_[A-Za-z0-9_-]{20}/);
      }),
    );
  });

  test('are of one kind: another prefix is another id', () => {
    const id = mintId('wrp', { at: 1, seq: 2, tenant: 'acme' });
    expect(sequenceOfId('lse', id, 'acme')).toBeUndefined();
    expect(sequenceOfId('lse', id.replace('wrp', 'lse'), 'acme')).toBe(2);
  });

  test('no other text has a sequence', () => {
    const id = mintId('wrp', { at: 1_700_000_000_000, seq: 12_345, tenant: 'acme' });
    for (const text of [
      '',
      'wrp_',
      `${id}0`,
      id.slice(0, -1),
      id.toLowerCase(),
      `wrp_${'U'.repeat(26)}`,
      ` ${id}`,
    ]) {
      expect(sequenceOfId('wrp', text, 'acme')).toBeUndefined();
    }
    expect(sequenceOfId('wrp', `wrp_${'a'.repeat(20)}`, 'acme')).toBeUndefined();
    expect(sequenceOfId('wrp', `${id.slice(0, 14)}U${id.slice(15)}`, 'acme')).toBeUndefined();
  });
});

describe('ids of jobs', () => {
  test('end with the id of their proposal, and lead back to it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (proposalId) => {
        expect(jobIdOf(proposalId).endsWith(proposalId)).toBe(true);
        expect(proposalIdOfJob(jobIdOf(proposalId))).toBe(proposalId);
      }),
    );
  });

  test.each(['', 'wbj_', 'wrp_1', 'WBJ_wrp_1', 'xwbj_1'])('%j is no id of a job', (text) => {
    expect(proposalIdOfJob(text)).toBeUndefined();
  });
});
