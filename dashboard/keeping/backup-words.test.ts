import type { BackupWork } from '@countersign/client/backups-api';
import { expect, test } from 'vitest';
import { scheduleText, sizeText, snapshotState, tellingWork } from './backup-words.ts';

test('a snapshot that was refused is never told as good', () => {
  expect(snapshotState({ reason: 'archive', state: 'refused' })).toEqual({ text: 'refused', tone: 'bad' });
  expect(snapshotState({ reason: 'before_restore', state: 'good' }).text).toBe('set aside');
  expect(snapshotState({ reason: 'schedule', state: 'good' })).toEqual({ text: 'good', tone: 'good' });
});

test('the schedule says what happens only when somebody asks', () => {
  expect(scheduleText({ every_hours: 24, prove_every_hours: null })).toBe(
    'a snapshot every 24 h, a proof when asked for',
  );
});

test('sizes are told in the unit in which they are read', () => {
  expect([sizeText(0), sizeText(999), sizeText(1_000), sizeText(3_140_000)]).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '3.1 MB',
  ]);
});

test('what is under way comes first, then what ended last', () => {
  const work = (work_id: string, state: string): BackupWork => ({
    work_id,
    state,
    kind: 'snapshot',
    snapshot_id: 'snp_1',
    phase: '',
    entries: 0,
    begun_at: '2026-01-01T00:00:00Z',
  });
  const all = [
    work('1', 'done'),
    work('2', 'failed'),
    work('3', 'going'),
    work('4', 'done'),
    work('5', 'done'),
  ];
  expect(tellingWork(all).map(({ work_id }) => work_id)).toEqual(['3', '1', '2', '4']);
});
