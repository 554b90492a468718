import type { CompiledPolicy } from './compiled-policy.ts';
import { combined, type Judgement, judge } from './judge.ts';
import type { Counted } from './limits.ts';
import type { PolicyFacts } from './policy-facts.ts';

/**
 * Judges a change of any number of rows: each row as if it were alone. A refusal of one refuses all, what is asked for one
 * is asked for all, and of several rows no policy approves: people decide.
 */
export function judgeRows(
  policies: readonly CompiledPolicy[],
  rows: readonly PolicyFacts[],
  counted: Counted,
): Judgement {
  const judged = rows.map((facts) => judge(policies, facts, counted));
  const [first, second] = judged;
  if (first === undefined) return { kind: 'default', because: [] };
  if (second === undefined) return first;
  const refused = judged.find(({ kind }) => kind === 'refuse');
  if (refused !== undefined) return refused;
  const asking = judged.flatMap((one) => (one.kind === 'ask' ? [one] : []));
  const because = distinct(judged.flatMap((one) => one.because));
  if (asking.length === 0) return { kind: 'default', because };
  return { kind: 'ask', requirements: combined(asking.flatMap((one) => one.requirements)), because };
}

/** Said of many rows, it is said once. */
function distinct(because: Judgement['because']): Judgement['because'] {
  const said = new Map(because.map((one) => [`${one.policy} ${one.why}`, one]));
  return [...said.values()];
}
