import { digest } from '@countersign/protocol/canonical-json';
import type { SaveControl } from '@countersign/protocol/control/control-document';
import type { Refusal } from '@countersign/protocol/problem';
import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { controlKey, controlSubject } from './control-body.ts';
import { issuesOfArbiter } from './judge-result.ts';

/** Enough for years of changes; older ones stand in the record all the same. */
const MOST_VERSIONS = 500;

/** A version of a piece of the registry. The same document again is the same version. */
export function saveControl(
  world: World,
  { request }: AskOf<'save-control'>,
  identity: Identity,
  _now: number,
): Outcome {
  const { kind, name, document } = request;
  const refusal = refusalOf(request);
  if (refusal !== undefined) return unchanged({ ok: false, refusal });
  const row = world.row('controls', controlKey(kind, name));
  const versions = row?.versions ?? [];
  const documentDigest = digest(document);
  const known = versions.find((one) => one.digest === documentDigest);
  const version = known?.version ?? (versions.at(-1)?.version ?? 0) + 1;
  const status = row !== undefined && row.active === version ? 'active' : 'draft';
  const reply = answer({ ok: true, kind, name, version, digest: documentDigest, status }, 201);
  if (known !== undefined) return unchanged(reply);
  if (versions.length >= MOST_VERSIONS) {
    const message = `${kind} ${name} has ${MOST_VERSIONS} versions already`;
    return unchanged(refuse('control_full', message, 'begin anew under another name'));
  }
  const body = { kind, name, version, digest: documentDigest, document };
  return {
    reply,
    entries: [{ type: 'control.saved', actor: identity.actor, subject: controlSubject(kind, name), body }],
  };
}

function refusalOf(request: SaveControl): Refusal | undefined {
  if (request.kind !== 'arbiter') return undefined;
  const issues = issuesOfArbiter(request.document);
  if (issues.length === 0) return undefined;
  const [first] = issues;
  const message = `the arbiter cannot be compiled: ${first?.path ?? ''}: ${first?.message ?? ''}`;
  return { code: 'control_invalid', message, errors: issues };
}
