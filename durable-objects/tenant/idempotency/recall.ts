import { canonicalJson } from '@countersign/protocol/canonical-json';
import { proposalIdOfJob } from '@countersign/protocol/ids';
import { isAboutActions } from '../actions/action-asks.ts';
import { isAboutControl } from '../control/control-asks.ts';
import { isAboutFreezes } from '../freezes/freeze-asks.ts';
import { isAboutPeople } from '../members/about-people.ts';
import { isAboutRuns } from '../runs/run-asks.ts';
import type { ProposalRow } from '../schema.ts';
import type { Ask, Command, Key } from '../turn/command.ts';
import { type Answer, type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { MOST_REMEMBERED, type RememberedKey } from './remembered-key.ts';
import { storedKey, storedKeys } from './stored-key.ts';

/**
 * The first answer to this key, if it was used before: the same request gets it again, another one is refused.
 * Only successes are kept. What is about a proposal is kept in its row, which is written anyway.
 */
export function recall(world: World, { ask, key }: Command, now: number): Reply | undefined {
  if (key === null) return undefined;
  const known = rememberedOf(world, ask, key, now);
  if (known === undefined) return undefined;
  if (known.request !== key.request) {
    return refuse('idempotency_key_reused', 'this key came with another request before', 'use a new key');
  }
  return { ok: true, status: known.status, body: JSON.parse(known.answer) as Answer };
}

export function remember(world: World, { ask, key }: Command, reply: Reply, now: number): void {
  if (key === null || !reply.ok || !isKeyed(ask)) return;
  const record = { ...key, ...repeatable(reply) };
  const row = subjectOf(world, ask);
  if (row === undefined) world.remember({ tenant: world.tenant, ...record, key: storedKey(key.key, now) });
  else world.rememberOn(row.seq, [...row.remembered, record].slice(-MOST_REMEMBERED));
}

/** A secret is shown once: whoever asks again learns what was made, and that the secret cannot be had (PROTOCOL 1.5). */
function repeatable({ status, body }: Extract<Reply, { ok: true }>) {
  if (body.secret_available !== true) return { status, answer: canonicalJson(body) };
  return { status: 200, answer: canonicalJson({ ...body, secret_available: false, idempotent: true }) };
}

/**
 * Calls whose keys count. Claims, renewals and heartbeats repeat one key for ever (PROTOCOL 1.5), and results,
 * submissions and activity have natural keys.
 */
const keyed: ReadonlySet<Ask['type']> = new Set<Ask['type']>([
  ...(['propose', 'request', 'revise', 'send-back', 'look'] as const),
  ...(['decide', 'cancel', 'requeue', 'discard'] as const),
  ...(['submit-command', 'add-steps', 'finish-run', 'cancel-run', 'cancel-task'] as const),
  ...(['save-control', 'activate-control', 'retire-control', 'request-export'] as const),
  ...(['request-action', 'decide-action', 'cancel-action', 'settle-action', 'recover-actions'] as const),
]);

function isKeyed(ask: Ask): boolean {
  return keyed.has(ask.type) || isAboutPeople(ask) || isAboutFreezes(ask);
}

function rememberedOf(world: World, ask: Ask, key: Key, now: number): RememberedKey | undefined {
  if (!isKeyed(ask)) return undefined;
  const isMade = ask.type === 'propose' || ask.type === 'request' || ask.type === 'request-export';
  const isKeptAlone = isMade || isAboutPeople(ask) || isAboutFreezes(ask);
  if (isKeptAlone || isAboutActions(ask) || isAboutRuns(ask) || isAboutControl(ask)) {
    return storedKeys(key.key, now)
      .map((stored) => world.rememberedKey(stored))
      .find((known) => known !== undefined);
  }
  return subjectOf(world, ask)?.remembered.find((known) => known.key === key.key);
}

function subjectOf(world: World, ask: Ask): ProposalRow | undefined {
  switch (ask.type) {
    case 'revise':
    case 'send-back':
    case 'look':
    case 'decide':
    case 'cancel':
      return world.proposal(ask.proposalId);
    case 'requeue':
    case 'discard':
      return world.proposal(proposalIdOfJob(ask.jobId) ?? '');
    default:
      return undefined;
  }
}
