import type { Address } from '@countersign/durable-objects/tenant/hold';
import type { Call } from '@countersign/durable-objects/tenant/turn/command';
import { type Reply, refuse } from '@countersign/durable-objects/tenant/turn/reply';
import type { BackupApi } from '@countersign/protocol/backup/backup-requests';
import { Refused } from '@countersign/protocol/problem';
import { askerOf } from './asker.ts';
import type { HeldBody } from './held-claim.ts';
import type { Holding } from './routes/route.ts';
import type { GatewayEnv } from './settings.ts';
import { callTenant } from './tenant-calls.ts';

type BackupHolding = Extract<Holding, { kind: 'backups' | 'backup-file' }>;

/**
 * Asks the provisioner about copies of a record, for whom the tenant lets. Of one that is closed, and may have no record
 * that could say who owns it, whoever the directory names as its owner is the one to bring it back.
 */
export async function askBackups(
  env: GatewayEnv,
  address: Address & { readonly isClosed: boolean },
  call: Call,
  holding: BackupHolding,
): Promise<Reply | HeldBody> {
  const allowed = await callTenant(env, address, { ...call, key: null });
  // A login that was ended is ended in a closed project too, whoever the directory names.
  const isDenied = !address.isClosed || (!allowed.ok && allowed.refusal.code === 'token_revoked');
  if (!allowed.ok && isDenied) return allowed;
  const { tenant, shard } = address;
  const provisioner = provisionerOf(env);
  const session = call.caller.kind === 'person' ? call.caller.session?.id : undefined;
  if (!allowed.ok && session !== undefined) {
    const isEnded = await interrupted(() => provisioner.isLoginEnded({ tenant, shard }, session));
    if (isEnded) return refuse('token_revoked', 'this session was ended', 'sign in again');
  }
  if (holding.kind === 'backups') {
    const told = await interrupted(() => holding.ask(provisioner, { tenant, shard }, askerOf(call.caller)));
    return told.ok ? { ok: true, status: holding.status, body: { ok: true, ...told.body } } : told;
  }
  const { file, snapshotId } = holding;
  const told = await interrupted(() => provisioner.readBackup({ tenant, shard }, snapshotId, file));
  if (!told.ok) return told;
  const stream = new Blob([new Uint8Array(told.body.bytes)]).stream();
  return { stream, type: typeOf(file), fileName: file };
}

function typeOf(file: string): HeldBody['type'] {
  return file.endsWith('.json') ? 'application/json' : 'application/gzip';
}

function provisionerOf({ PROVISIONER }: GatewayEnv): BackupApi {
  if (PROVISIONER !== undefined) return PROVISIONER;
  throw new Refused({ code: 'backups_not_kept', message: 'this installation has no provisioner' });
}

/** What is thrown on the way comes from the platform, and passes. */
async function interrupted<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    const message = 'the provisioner was interrupted, or its settings are wrong: its log says which';
    throw new Refused(
      { code: 'unavailable', message, next: 'look at the list before you ask again' },
      { cause },
    );
  }
}
