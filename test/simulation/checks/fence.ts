import type { History, Violation } from '../history.ts';

/**
 * Nobody writes who has not read the newest head: every committed batch moves it by exactly one, under a nonce of
 * its own, from where the last one left it.
 */
export function checkFence({ commits, genesis, head }: History): Violation[] {
  const violations: Violation[] = [];
  const nonces = new Set<string>();
  const fail = (detail: string) => violations.push({ check: 'fence', detail });
  for (const { instance, turnBefore, turnAfter, nonceAfter, seqBefore, seqAfter } of commits) {
    if (turnAfter !== turnBefore + 1)
      fail(`${instance} moved the head from turn ${turnBefore} to ${turnAfter}`);
    if (nonces.has(nonceAfter)) fail(`the batch ${nonceAfter} of ${instance} stands twice`);
    if (seqAfter < seqBefore) fail(`${instance} moved the ledger back from ${seqBefore} to ${seqAfter}`);
    nonces.add(nonceAfter);
  }
  if (head.turn !== genesis.turn + commits.length)
    fail(`${commits.length} commits, but the head is at turn ${head.turn}`);
  return violations;
}
