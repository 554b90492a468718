import { ApiError } from '@countersign/client/api-error';
import type { RenewAnswer, RenewRequest } from '@countersign/protocol/job-requests';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ServerClock } from '../clock/server-clock.ts';
import { HeldLease } from './held-lease.ts';
import type { LoopEvent } from './loop-event.ts';
import { sampleContext } from './sample-context.ts';

const noon = Date.UTC(2026, 10, 20, 12);
const refused = new ApiError('no', { status: 409, code: 'lease_lost', retryable: false });
const away = new ApiError('away', { status: undefined, code: 'network_unavailable', retryable: true });

let giveUp: AbortController;
let renewals: RenewRequest[];
let answer: () => Promise<RenewAnswer>;
let observed: LoopEvent[];
let lease: HeldLease;

const later = (ms: number) => new Date(Date.now() + ms).toISOString();

function renewed(writeByMs = 10_000): Promise<RenewAnswer> {
  return Promise.resolve({
    ok: true,
    job_id: 'wbj_1',
    lease: { lease_id: 'lse_1', attempt: 1, expires_at: later(30_000) },
    write_by: later(writeByMs),
    server_time: later(0),
  });
}

beforeEach(async () => {
  vi.useFakeTimers({ now: noon });
  giveUp = new AbortController();
  renewals = [];
  observed = [];
  answer = renewed;
  const clock = new ServerClock({ monotonicMs: () => Date.now() - noon, wallMs: () => Date.now() });
  await clock.timed(() => Promise.resolve({ server_time: later(0) }));
  const context = sampleContext({
    api: {
      renew: (_jobId, request) => {
        renewals.push(request);
        return answer();
      },
    },
    clock,
    observe: (event) => observed.push(event),
    giveUp: giveUp.signal,
  });
  const terms = { leaseId: 'lse_1', attempt: 1, expiresAtMs: noon + 30_000, writeByMs: noon + 10_000 };
  lease = new HeldLease(context, 'wbj_1', terms);
});

afterEach(() => {
  lease.end();
  vi.useRealTimers();
});

describe('a held lease', () => {
  test('holds until the time to write by, and not at it', () => {
    vi.setSystemTime(noon + 9_900);
    expect(lease.holds()).toBe(true);
    vi.setSystemTime(noon + 10_000);
    expect(lease.holds()).toBe(false);
  });

  test('is renewed at half its length, again and again, until it is let go', async () => {
    await vi.advanceTimersByTimeAsync(14_999);
    expect(renewals).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(renewals).toEqual([{ runner_id: 'runner-1', lease_id: 'lse_1', lease_seconds: 30 }]);
    expect(lease.holds()).toBe(true);
    expect(lease.terms.expiresAtMs).toBe(noon + 45_000);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(renewals).toHaveLength(3);
    expect(observed).toEqual(Array(3).fill({ kind: 'renewal', outcome: 'granted' }));
    lease.end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(renewals).toHaveLength(3);
  });

  test('is renewed sooner after a renewal that did not work', async () => {
    answer = () => Promise.reject(away);
    await vi.advanceTimersByTimeAsync(15_000 + 3_000 + 3_000);
    expect(renewals).toHaveLength(3);
  });

  test('that is refused once is gone, and not asked for again', async () => {
    answer = () => Promise.reject(refused);
    await vi.advanceTimersByTimeAsync(15_000);
    answer = renewed;
    expect(lease.holds()).toBe(false);
    expect(await lease.regain()).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(renewals).toHaveLength(1);
    expect(observed).toEqual([{ kind: 'renewal', outcome: 'refused' }]);
    expect(lease).toMatchObject({ wasRefused: true, isFrozen: false });
  });

  test('that a freeze keeps from being renewed gives no authority any more, and still stands', async () => {
    answer = () => Promise.reject(new ApiError('no', { status: 409, code: 'frozen', retryable: false }));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(lease.holds()).toBe(false);
    expect(await lease.regain()).toBe(false);
    expect(lease).toMatchObject({ wasRefused: true, isFrozen: true });
  });
});

describe('regaining authority', () => {
  test('is one renewal where that is granted', async () => {
    vi.setSystemTime(noon + 12_000);
    expect(await lease.regain()).toBe(true);
    expect(renewals).toHaveLength(1);
    expect(lease.holds()).toBe(true);
  });

  test('goes on while the control plane is away, until the lease has run out', async () => {
    answer = () => Promise.reject(away);
    vi.setSystemTime(noon + 12_000);
    const regained = lease.regain();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(await regained).toBe(false);
    expect(renewals.length).toBeGreaterThan(4);
    expect(Date.now()).toBeGreaterThanOrEqual(noon + 30_000);
  });

  test('works when the control plane comes back in time', async () => {
    answer = () => Promise.reject(away);
    vi.setSystemTime(noon + 12_000);
    const regained = lease.regain();
    await vi.advanceTimersByTimeAsync(2_000);
    answer = renewed;
    await vi.advanceTimersByTimeAsync(12_000);
    expect(await regained).toBe(true);
  });

  test('does not trust a renewal that has lapsed before it was here', async () => {
    answer = async () => {
      const granted = await renewed(5_000);
      vi.setSystemTime(Date.now() + 6_000);
      return granted;
    };
    vi.setSystemTime(noon + 12_000);
    expect(await lease.regain()).toBe(false);
    expect(renewals.length).toBeGreaterThan(1);
    expect(lease.holds()).toBe(false);
  });

  test('ends when the runner gives up', async () => {
    answer = () => Promise.reject(away);
    vi.setSystemTime(noon + 12_000);
    const regained = lease.regain();
    await vi.advanceTimersByTimeAsync(100);
    giveUp.abort();
    expect(await regained).toBe(false);
  });
});
