import { counterKey, dayOf } from '@countersign/durable-objects/tenant/policies/limits';
import type { Submission } from '@countersign/durable-objects/tenant/turn/body';
import type { Placed } from '@countersign/durable-objects/tenant/turn/event';
import type { LimitScope, PolicyLimit } from '@countersign/protocol/policy-document';
import type { History, Violation } from '../history.ts';
import { LawAsOf } from './law-as-of.ts';
import { placedOf } from './placed.ts';

const OF_CONTRACT = /^contract:(?<contract>[^/]+)\/(?<policy>.+)$/;
/** Counters of what credentials tried: no policy is behind them. */
const ATTEMPTS = /^\d{4}-\d\d-\d\d:attempts:/;

interface Sum {
  count: number;
  total: number;
}

/**
 * What policies approve on a UTC day stays within every limit that they have at that moment, and the counters hold
 * exactly what was approved.
 */
export function checkLimits({ entries, keyed }: History): Violation[] {
  const law = new LawAsOf();
  const sums = new Map<string, Sum>();
  const newest = new Map<string, Extract<Placed, { type: 'proposal.submitted' }>>();
  const proposers = new Map<string, string>();
  const faults: string[] = [];
  for (const entry of entries.map(placedOf)) {
    law.take(entry);
    if (!proposers.has(entry.subject)) proposers.set(entry.subject, entry.actor.id);
    if (entry.type === 'proposal.submitted') newest.set(entry.subject, entry);
    if (entry.type !== 'proposal.approved' || entry.actor.kind !== 'policy') continue;
    const submission = newest.get(entry.subject)?.body;
    if (submission === undefined) continue;
    const facts = { policy: entry.actor.id, agent: proposers.get(entry.subject) ?? '', at: entry.at };
    faults.push(...count(sums, submission, facts, law).map((fault) => `${entry.subject}: ${fault}`));
  }
  faults.push(...differences(sums, keyed.counters));
  return faults.map((detail) => ({ check: 'limits', detail }));
}

interface Facts {
  readonly policy: string;
  readonly agent: string;
  readonly at: number;
}

function count(sums: Map<string, Sum>, submission: Submission, facts: Facts, law: LawAsOf): string[] {
  const { policy, at } = facts;
  return limitsOf(policy, submission, law).flatMap((limit) => {
    const of = 'total' in limit ? limit.of : '';
    const key = counterKey(dayOf(at), policy, limit.per, scopeOf(limit.per, submission, facts), of);
    const sum = sums.get(key) ?? { count: 0, total: 0 };
    sums.set(key, sum);
    sum.count += 1;
    if ('total' in limit) sum.total += Number(submission.change_set.patch[limit.of]);
    const [stands, most] = 'total' in limit ? [sum.total, limit.total] : [sum.count, limit.count];
    return stands > most ? [`${policy} came to ${stands} of ${most} on ${dayOf(at)}`] : [];
  });
}

function limitsOf(policy: string, { contract }: Submission, law: LawAsOf): readonly PolicyLimit[] {
  const named = OF_CONTRACT.exec(policy)?.groups;
  if (named === undefined) return law.policy(policy)?.limits ?? [];
  const own = law.contract(contract?.digest)?.policies?.find(({ name }) => name === named.policy);
  return (own?.limits ?? []).map(({ kind, max, field, scope }) => {
    const per = scope === 'tenant_policy_object' ? 'object' : 'policy';
    return kind === 'count'
      ? { count: max, per, period: 'day' }
      : { total: max, of: field ?? '', per, period: 'day' };
  });
}

function scopeOf(per: LimitScope, { change_set, source_id }: Submission, { agent }: Facts): string {
  if (per === 'agent') return agent;
  if (per === 'capability') return change_set.action;
  return per === 'object' ? `${source_id} ${change_set.scope.object_id}` : '';
}

function differences(sums: ReadonlyMap<string, Sum>, rows: History['keyed']['counters']): string[] {
  const counted = new Map(rows.filter(({ key }) => !ATTEMPTS.test(key)).map((row) => [row.key, row]));
  const unlike = [...sums].filter(([key, sum]) => {
    const row = counted.get(key);
    return row?.count !== sum.count || row.total !== sum.total;
  });
  const groundless = [...counted.keys()].filter((key) => !sums.has(key));
  return [
    ...unlike.map(([key, { count: n, total }]) => {
      const row = counted.get(key);
      return `${key} stands at ${row?.count} and ${row?.total}, and ${n} and ${total} were approved`;
    }),
    ...groundless.map((key) => `${key} counts what nobody approved`),
  ];
}
