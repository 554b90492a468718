import type { Heartbeat } from '@countersign/protocol/runner-messages';
import { coversSource } from '../access/authorize.ts';
import type { Identity } from '../access/identity.ts';
import type { RunnerRow } from '../schema.ts';
import type { AskOf } from '../turn/command.ts';
import { type Draft, runnerSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { seenRunner } from './seen-runner.ts';
import { speaksFor } from './speaks-for.ts';

/** A runner says that it is there, and whether it still takes work. */
export function takeHeartbeat(
  world: World,
  { request }: AskOf<'heartbeat'>,
  identity: Identity,
  now: number,
): Outcome {
  const known = world.row('runners', request.runner_id);
  if (known === undefined) {
    return unchanged(
      refuse('runner_not_found', `no runner ${request.runner_id} has registered`, 'register it first'),
    );
  }
  // To take a runner out of service is to hold up its sources, so only who could serve them may.
  const foreign = known.sources.find((source) => !coversSource(identity, source));
  if (foreign !== undefined) {
    return unchanged(
      refuse(
        'source_not_permitted',
        `the runner ${known.runner_id} serves ${foreign}, which this token does not cover`,
        'use a token that covers every source of the runner, or register it anew for those that this one covers',
      ),
    );
  }
  if (!speaksFor(world, known, identity, now)) {
    const message = `the runner ${known.runner_id} was registered with another token`;
    return unchanged(refuse('runner_taken', message, 'use that token, or another runner_id'));
  }
  if (known.status === 'archived') {
    const message = `the runner ${known.runner_id} was archived`;
    return unchanged(refuse('runner_not_found', message, 'register it again'));
  }
  // Whom an operator took out of service stays there, whatever it says of itself.
  const status = known.drained === null ? (request.status ?? known.status) : 'draining';
  const reply = answer({
    ok: true,
    runner_id: known.runner_id,
    status,
    server_time: new Date(now).toISOString(),
  });
  const dismissed = status === 'draining' ? { dismissed: known.runner_id } : {};
  const entries = newsIn(known, request, status, identity);
  if (entries.length > 0) return { reply, entries, ...dismissed };
  const seen = seenRunner(known, now);
  return { ...unchanged(reply), ...(seen === undefined ? {} : { volatile: seen }), ...dismissed };
}

function newsIn(
  known: RunnerRow,
  { control_digest: digest }: Heartbeat,
  status: 'online' | 'draining',
  { actor }: Identity,
): Draft[] {
  const { runner_id } = known;
  const about = { actor, subject: runnerSubject(runner_id) };
  const entries: Draft[] = [];
  if (status !== known.status) {
    entries.push({ ...about, type: 'runner.status_changed', body: { runner_id, status } });
  }
  if (digest !== undefined && digest !== known.control_digest) {
    entries.push({ ...about, type: 'runner.control_taken', body: { runner_id, digest } });
  }
  return entries;
}
