import type { EntryType } from '@countersign/protocol/entry-types';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import { expect, test } from 'vitest';
import { seriesOf } from './series.ts';

const FROM = Date.parse('2026-11-22T10:00:00.000Z');
/** The window of these tests: 24 pieces of 10 s. */
const NOW = FROM + 240_000;

const entry = (second: number, type: EntryType, subject: string, body = {}): LedgerEntry => ({
  tenant: 'prj_1',
  seq: second + 1,
  at: new Date(FROM + second * 1_000).toISOString(),
  actor: { kind: 'system', id: 'clock' },
  type,
  subject,
  body,
  prev_hash: '',
  prev_subject_seq: null,
  prev_subject_hash: null,
  hash: '',
});
const valuesOf = (entries: readonly LedgerEntry[], title: string, label: string) =>
  seriesOf(entries, NOW)
    .charts.find((chart) => chart.title === title)
    ?.series.find((series) => series.label === label)?.values;
const result = (second: number, status: string) =>
  entry(second, 'writeback.result', `wrp_${second}`, { result: { status } });

test('outcomes are counted where they happened, one that was there already among the applied', () => {
  const entries = [
    result(0, 'applied'),
    result(5, 'already_applied'),
    result(15, 'conflict'),
    result(239, 'canceled'),
  ];
  expect(valuesOf(entries, 'Applies by outcome', 'applied')?.slice(0, 2)).toEqual([2, 0]);
  expect(valuesOf(entries, 'Applies by outcome', 'conflict')?.slice(0, 2)).toEqual([0, 1]);
  expect(valuesOf(entries, 'Applies by outcome', 'other')?.at(-1)).toBe(1);
});

test('waiting is measured from its last beginning, and only where that is in the stretch', () => {
  const entries = [
    entry(0, 'job.leased', 'wrp_before'),
    entry(1, 'proposal.submitted', 'wrp_a'),
    entry(4, 'proposal.approved', 'wrp_a'),
    entry(6, 'job.leased', 'wrp_a'),
    entry(7, 'job.released', 'wrp_a'),
    entry(12, 'job.leased', 'wrp_a'),
  ];
  expect(valuesOf(entries, 'Time to decision', 'median')?.[0]).toBe(3);
  expect(valuesOf(entries, 'Queue age', 'longest')?.slice(0, 3)).toEqual([2, 5, null]);
});

test('leases that ended by themselves are told by what they were of', () => {
  const entries = [entry(0, 'job.lease_expired', 'wrp_a'), entry(21, 'task.lease_expired', 'stp_1')];
  expect(valuesOf(entries, 'Lease expiries', 'changes')?.[0]).toBe(1);
  expect(valuesOf(entries, 'Lease expiries', 'tasks')?.slice(0, 3)).toEqual([0, 0, 1]);
});

test('an empty stretch has nothing in it', () => {
  expect(
    seriesOf([], NOW).charts.every(({ series }) => series.every(({ values }) => values.length === 24)),
  ).toBe(true);
});
