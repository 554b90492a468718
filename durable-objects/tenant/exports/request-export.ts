import { mintId } from '@countersign/protocol/ids';
import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import type { Outcome } from '../turn/outcome.ts';
import { answer } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { exportSubject } from './export-body.ts';
import { exportView } from './export-view.ts';

/**
 * Somebody asks for an export. It is ready at once: what is in it stands in the record already, up to the entry that says
 * who asked for what, and is read when it is fetched.
 */
export function requestExport(
  world: World,
  { filter, format }: AskOf<'request-export'>,
  { actor, name }: Identity,
  now: number,
): Outcome {
  const seq = world.nextSeq;
  const export_id = mintId('exp', { at: now, seq, tenant: world.tenant });
  const body = { export_id, format, filter, through_seq: seq - 1, name };
  return {
    reply: answer({ ok: true, export: exportView(world.tenant, body, now) }, 201),
    entries: [{ type: 'export.requested', actor, subject: exportSubject(export_id), body }],
  };
}
