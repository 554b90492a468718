import type {
  PageWanted,
  RecordPage,
  RecordVerdict,
  RestorePart,
  RestoreReply,
  TenantRecord,
} from '@countersign/protocol/backup/tenant-record';
import type { Address } from './hold.ts';
import { readRecordPage, recordVerdict } from './restore/record-reads.ts';
import { Restoring } from './restore/restoring.ts';
import { TenantShell } from './tenant-shell.ts';

export type { TenantEnv } from './tenant-shell.ts';

/** One tenant's object, with what the provisioner asks of it besides: to read its record whole, and to bring one back. */
export class TenantObject extends TenantShell implements TenantRecord {
  #restoring: Restoring | undefined;

  /** A page of the record, for the copy that the provisioner makes of it. */
  readPage(address: Address, wanted: PageWanted): Promise<RecordPage> {
    return readRecordPage((ask) => this.asked(address, ask), wanted);
  }

  /** Whether the rows are what the ledger makes of them. */
  compare(address: Address): Promise<RecordVerdict> {
    return recordVerdict((ask) => this.asked(address, ask));
  }

  async hold(address: Address, reason: string): Promise<{ ok: boolean }> {
    const { ok } = await this.asked(address, { type: 'emergency-stop', runnerId: null, reason });
    return { ok };
  }

  /**
   * Brings a record back, for the provisioner alone, which has closed the tenant and taken its head away: until the last
   * part has put another there nobody can write. What the object remembered of the record that was goes with it.
   */
  async restore(address: Address, part: RestorePart): Promise<RestoreReply> {
    this.#restoring ??= new Restoring(this.databaseAt(address), address.tenant, {
      now: () => this.now(),
      nonce: () => this.nonce(),
    });
    const reply = await this.#restoring.take(part);
    if (!reply.ok || !reply.isDone || part.kind !== 'finish') return reply;
    this.#restoring = undefined;
    this.forgetRecord();
    this.live.endAll('interrupted');
    // Deadlines that the record holds have no alarm yet.
    await this.asked(address, { type: 'sweep' });
    return reply;
  }

  /** Whoever looks on is told that the tenant is served no more. */
  async dismiss(): Promise<void> {
    this.live.endAll('project_closed');
  }

  /** Nothing of the tenant is left here. The provisioner has taken its rows away. */
  async forget(): Promise<void> {
    this.live.endAll('project_closed');
    for (const socket of this.ctx.getWebSockets()) socket.close(1001, 'gone');
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.forgetRecord();
    this.#restoring = undefined;
  }
}
