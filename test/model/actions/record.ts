import { type LedgerEntry, verifyLedger } from '@countersign/protocol/ledger';
import { expect } from 'vitest';
import type { Answer } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { type Action, isUndecided, targets } from './action.ts';
import { expectKeys, expectNoBlindRepeat, expectOneClaimEach, expectOrder } from './laws.ts';
import { type Belief, expectTargets, type Real } from './real.ts';

/** What must be true when a run has ended: the depths, the ledger and what is folded from it, and the laws. */
export async function expectRecord(belief: Belief, real: Real): Promise<void> {
  await expectTargets(belief, real);
  const { tenant } = real;
  const health = must(await tenant.olivia.get('/v1/engine/health')).body;
  expect(health.actions).toEqual(depthsOf(belief));
  const entries = await ledgerOf(real);
  const { seq, hash } = Object(health.ledger);
  expect(verifyLedger(tenant.project, entries)).toEqual({ ok: true, entries: seq, head_hash: hash });
  expectEntries(belief, entries);
  const about = entries.filter(({ type }) => type.startsWith('action.'));
  expectOneClaimEach(about);
  expectNoBlindRepeat(belief.actions, about);
  expectOrder(belief.actions, about);
  expectKeys(belief.actions, about);
  const { body } = must(await tenant.olivia.post('/v1/maintenance/rebuild'));
  expect(body).toMatchObject({ matches: true, differences: [] });
}

function depthsOf(belief: Belief): object {
  const count = (isCounted: (action: Action) => boolean) => belief.actions.filter(isCounted).length;
  const inState = (state: Action['state']) => count((one) => one.state === state);
  const isResting = (one: Action) => one.state === 'queued' && one.restsUntil !== null;
  const isBehind = (one: Action) => belief.isBehind(one);
  return {
    pending_review: count(isUndecided),
    tied: 0,
    behind: count(isBehind),
    queued: count((one) => one.state === 'queued' && !isResting(one) && !isBehind(one)),
    held_back: count(isResting),
    frozen: 0,
    claimed: inState('claimed'),
    unknown: inState('unknown'),
    dead_letter: inState('dead_letter'),
  };
}

async function ledgerOf({ tenant }: Real): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (let cursor: string | null | undefined = '0'; cursor !== null && cursor !== undefined; ) {
    const page: Answer = must(await tenant.audra.get(`/v1/ledger?limit=500&cursor=${cursor}`));
    entries.push(...(page.body.entries ?? []));
    cursor = page.body.next_cursor;
  }
  return entries;
}

/** The ledger has an entry for each step, about each action and each target, and no other ones. */
function expectEntries(belief: Belief, entries: readonly LedgerEntry[]): void {
  const written = new Map<string, string[]>();
  for (const { subject, type } of entries) {
    if (!subject.startsWith('action/') && !subject.startsWith('target/')) continue;
    written.set(subject, [...(written.get(subject) ?? []), type]);
  }
  const believed = new Map([
    ...belief.actions.map(({ entries: own, id }) => [`action/${id}`, own] as const),
    ...targets.map((target) => [`target/${target}`, belief.breakers[target].entries] as const),
  ]);
  for (const target of targets) {
    if (belief.breakers[target].entries.length === 0) believed.delete(`target/${target}`);
  }
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(believed));
}
