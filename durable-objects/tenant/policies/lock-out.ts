import type { Refusal } from '@countersign/protocol/problem';
import { type CompiledRule, type Permitted, permits, type Who } from './permission-rules.ts';

/** What an owner must be able to ask at any time, or nobody could ever change the rules again. */
const neverLost = ['save-permission-rules', 'enforce-permission-rules', 'save-policy'] as const;

const QUARTER_HOUR_MS = 15 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
const QUARTERS_OF_A_WEEK = 7 * 24 * 4;
const DAYS_OF_A_YEAR = 366;
const YEARS = 20;
/** The last instant that the engine takes. */
const LATEST = Date.parse('9999-12-31T23:59:59Z');
/** As many instants of the rules' own as are tried: enough for any calendar that people write by hand. */
const MOST_INSTANTS = 500;

/**
 * A refusal where these rules would, at some time, let no active owner change them. It tries every quarter of an hour
 * of a week from `from`, every day of a year, a day of each of twenty years, and both sides of every instant that a
 * rule names. A rule about minutes or seconds in between is not found out; the offline unlock is for that.
 */
export function wouldLockOut(
  rules: readonly CompiledRule[],
  owners: readonly Who[],
  from: number,
): Refusal | undefined {
  for (const ask of neverLost) {
    const concerned = rules.filter((rule) => rule.concerns(ask));
    if (concerned.length === 0 && owners.length > 0) continue;
    for (const now of timesToTry(concerned, from)) {
      const denial = everybodysDenial(concerned, owners, ask, now);
      if (denial !== undefined) return lockOut(denial, ask, now);
    }
  }
  return undefined;
}

/** Undefined as soon as one owner passes. */
function everybodysDenial(
  rules: readonly CompiledRule[],
  owners: readonly Who[],
  ask: string,
  now: number,
): readonly string[] | undefined {
  let names: readonly string[] = [];
  for (const owner of owners) {
    const permitted: Permitted = permits(rules, owner, ask, now);
    if (permitted.ok) return undefined;
    names = permitted.rules;
  }
  return names;
}

/** One time is enough for rules that do not look at the time. */
function timesToTry(rules: readonly CompiledRule[], from: number): number[] {
  const timed = rules.filter((rule) => rule.program.readsTime);
  if (timed.length === 0) return [from];
  const start = Math.floor(from / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
  const instants = timed.flatMap((rule) => rule.program.instants).slice(0, MOST_INSTANTS);
  return [
    from,
    ...Array.from({ length: QUARTERS_OF_A_WEEK }, (_, index) => start + index * QUARTER_HOUR_MS),
    ...Array.from({ length: DAYS_OF_A_YEAR }, (_, index) => start + index * DAY_MS),
    ...Array.from({ length: YEARS }, (_, index) => start + index * DAYS_OF_A_YEAR * DAY_MS),
    ...instants.flatMap((at) => [at - 1_000, at, at + 1_000]).filter((at) => at >= from && at <= LATEST),
  ];
}

function lockOut(rules: readonly string[], ask: string, now: number): Refusal {
  const who = rules.length === 0 ? 'there is no active owner' : `because of ${rules.join(', ')}`;
  return {
    code: 'lock_out',
    message: `at ${new Date(now).toISOString()} no active owner could ask ${ask}: ${who}`,
    next: 'except an owner in the condition, for example !("owner" in who.roles)',
  };
}
