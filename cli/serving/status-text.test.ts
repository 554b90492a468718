import { describe, expect, test } from 'vitest';
import { durationText, sizeText, statusText } from './status-text.ts';

const running = {
  running: true,
  pid: 7,
  stale_pid: null,
  url: 'http://127.0.0.1:8787',
  healthy: true,
  version: '0.1.0',
  started_at: '2026-01-01T00:00:00.000Z',
  uptime_seconds: 3_700,
  store: '/var/lib/countersign',
  store_bytes: 1_234_567,
  log: null,
  tenants: 3,
  backup_destination: '/mnt/backups',
  warnings: [],
} as const;
const stopped = { ...running, running: false, pid: null, url: null, healthy: false, uptime_seconds: null };

describe('the status of a plane', () => {
  test('that runs says where, since when, with what, and where its copies go', () => {
    expect(statusText(running)).toBe(`state               running, process 7
address             http://127.0.0.1:8787
version             0.1.0
up                  1 h 1 min
store               /var/lib/countersign (1.2 MB)
log                 standard output
tenants             3
backup destination  /mnt/backups
`);
  });

  test('that runs says what whoever runs it should know', () => {
    expect(statusText({ ...running, warnings: ['there is no first run'] })).toMatch(
      /^WARNING +there is no first run$/m,
    );
  });

  test('that runs and does not answer says so', () => {
    expect(statusText({ ...running, healthy: false })).toContain('http://127.0.0.1:8787 (does not answer)');
  });

  test('that does not run claims no address, and says who left the PID file', () => {
    const text = statusText({ ...stopped, stale_pid: 7, backup_destination: null, tenants: null });
    expect(text).toContain('not running');
    expect(text).not.toContain('address');
    expect(text).toContain('the PID file of process 7, which is gone');
    expect(text).toContain('none: nothing is copied off this host');
  });
});

test.each([
  [0, '0 s'],
  [59, '59 s'],
  [61, '1 min 1 s'],
  [3_600, '1 h 0 min'],
  [90_000, '1 d 1 h'],
])('%i seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test.each([
  [0, '0.0 kB'],
  [999_999, '1000.0 kB'],
  [1_000_000, '1.0 MB'],
  [2_500_000_000, '2.5 GB'],
])('%i bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
