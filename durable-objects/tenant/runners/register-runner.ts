import { canonicalJson } from '@countersign/protocol/canonical-json';
import { type Registration, TOKEN_SCOPE } from '@countersign/protocol/runner-messages';
import { coversSource } from '../access/authorize.ts';
import type { Identity } from '../access/identity.ts';
import type { RunnerRow } from '../schema.ts';
import type { AskOf } from '../turn/command.ts';
import { runnerSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { speaksFor } from './speaks-for.ts';

/** A runner introduces itself. Again with nothing new is an answer and no entry. */
export function register(
  world: World,
  { request }: AskOf<'register'>,
  identity: Identity,
  now: number,
): Outcome {
  const { runner_id, scope } = request;
  if (scope.project_id !== TOKEN_SCOPE && scope.project_id !== world.tenant) {
    return unchanged(
      refuse('wrong_project', 'this token belongs to another project than the registration names'),
    );
  }
  const foreign = scope.source_ids.find((source) => !coversSource(identity, source));
  if (foreign !== undefined) {
    return unchanged(refuse('source_not_permitted', `this token does not cover the source ${foreign}`));
  }
  const reply = answer({ ok: true, runner_id, status: 'online', server_time: new Date(now).toISOString() });
  const known = world.row('runners', runner_id);
  if (known !== undefined && !speaksFor(world, known, identity, now)) {
    const message = `the runner ${runner_id} was registered with another token`;
    return unchanged(refuse('runner_taken', message, 'use that token, or another runner_id'));
  }
  if (known !== undefined && isSame(known, request, identity)) {
    return { ...unchanged(reply), volatile: { seen: { runner_id, last_seen_at: now, started_at: now } } };
  }
  const { runner_version: version, engines, capabilities } = request;
  const body = { runner_id, version, engines, sources: scope.source_ids, capabilities };
  return {
    reply,
    entries: [{ type: 'runner.registered', actor: identity.actor, subject: runnerSubject(runner_id), body }],
  };
}

/** Where it serves no source, whose it is belongs to what is known of it. */
function isSame(known: RunnerRow, request: Registration, { actor }: Identity): boolean {
  if (known.sources.length === 0 && known.registered_by !== actor.id) return false;
  const { version, engines, sources, capabilities, status } = known;
  const { runner_version, scope } = request;
  return (
    canonicalJson({ version, engines, sources, capabilities, status }) ===
    canonicalJson({
      version: runner_version,
      engines: request.engines,
      sources: scope.source_ids,
      capabilities: request.capabilities,
      status: 'online',
    })
  );
}
