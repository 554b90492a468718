import { digest } from '@countersign/protocol/canonical-json';
import type { LimitScope, PolicyLimit } from '@countersign/protocol/policy-document';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { SomeFacts } from './policy-facts.ts';

/** What a counter stands at: approvals, and the sum of the column that it is about. */
export interface Counter {
  readonly count: number;
  readonly total: number;
}

/** What an approval adds to a counter. The caller stores it in the same turn in which it approves. */
export interface Increment extends Counter {
  readonly key: string;
}

export type Counted = (key: string) => Counter | undefined;

export type LimitsChecked =
  | { readonly ok: true; readonly counts: readonly Increment[] }
  | { readonly ok: false; readonly why: string };

/** The UTC day of a time in Unix milliseconds, as counters are named by it. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

const KEY_DIGITS = 32;

/** The name of a counter: its day, for retention, and 128 bits of a digest of all else; always 43 characters. */
export function counterKey(day: string, policy: string, per: LimitScope, value: string, of = ''): string {
  return `${day}:${digest([policy, per, value, of]).slice('sha256:'.length, 'sha256:'.length + KEY_DIGITS)}`;
}

/** The counters that judging these facts may ask for, so that they can be read beforehand. */
export function counterKeysOf(policies: readonly CompiledPolicy[], facts: SomeFacts): string[] {
  const keys = policies
    .filter((policy) => policy.appliesTo(facts.capability ?? ''))
    .flatMap((policy) => policy.limits.map((limit) => keyOf(policy, limit, facts)));
  return [...new Set(keys)];
}

/** Whether one more approval stays within every limit of a policy, and what it would add. */
export function checkLimits(policy: CompiledPolicy, facts: SomeFacts, counted: Counted): LimitsChecked {
  const counts = new Map<string, Increment>();
  for (const limit of policy.limits) {
    const key = keyOf(policy, limit, facts);
    const value = amountOf(limit, facts);
    if (value === undefined) {
      return { ok: false, why: `${ofColumn(limit)} is not a whole number from 0, so it cannot be counted` };
    }
    const most = 'count' in limit ? limit.count : limit.total;
    const stands = counted(key);
    const used = ('count' in limit ? stands?.count : stands?.total) ?? 0;
    // Both sides are whole numbers below 2^53, so this comparison is exact where a sum might not be.
    if (value > most - used) return { ok: false, why: reached(limit, most, used) };
    counts.set(key, { key, count: 1, total: 'total' in limit ? value : 0 });
  }
  return { ok: true, counts: [...counts.values()] };
}

function keyOf(policy: CompiledPolicy, limit: PolicyLimit, facts: SomeFacts): string {
  const day = facts.now === undefined ? '' : dayOf(facts.now);
  return counterKey(day, policy.name, limit.per, scopeOf(limit.per, facts), 'total' in limit ? limit.of : '');
}

/** Objects of different tables may have the same id; then they share a counter, which only asks people earlier. */
function scopeOf(per: LimitScope, { agent, capability, source_id, object_id }: SomeFacts): string {
  switch (per) {
    case 'policy':
      return '';
    case 'agent':
      return agent?.id ?? '';
    case 'capability':
      return capability ?? '';
    case 'object':
      return `${source_id ?? ''} ${plainId(object_id ?? '')}`;
  }
}

/** Ways to write one key that a database may read alike share a counter: that only asks people earlier. */
function plainId(id: string): string {
  return id
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/^\+?0*(?=\d)/, '');
}

/** Undefined where it cannot be counted: below zero it would make room for others, and a fraction is not exact. */
function amountOf(limit: PolicyLimit, facts: SomeFacts): number | undefined {
  if ('count' in limit) return 1;
  const value = facts.patch?.[limit.of];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function reached(limit: PolicyLimit, most: number, used: number): string {
  const left = Math.max(0, most - used);
  return `the limit of ${most} ${ofColumn(limit)} a day${perText[limit.per]} leaves ${left}`;
}

const perText: Record<LimitScope, string> = {
  policy: '',
  agent: ' for each agent',
  capability: ' for each capability',
  object: ' for each object',
};

function ofColumn(limit: PolicyLimit): string {
  return 'count' in limit ? 'approvals' : limit.of;
}
