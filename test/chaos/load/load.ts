import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../simulation/random.ts';
import { proposal } from '../../support/change-set.ts';
import type { TestTenant } from '../../support/tenant.ts';
import type { Intent } from '../checks/dump.ts';
import { capabilityAt } from '../world/chaos-contract.ts';
import { columns, type Shop, TENANT } from '../world/shop.ts';
import { askUntilHeard } from './asking.ts';
import { roundAt, type Wanted } from './rounds.ts';
import { VersionBoard } from './version-board.ts';

/** A round that moves nothing, since its proposals conflict or a runner is dead, is not waited for longer. */
const LONGEST_ROUND_MS = 3_000;
const MOST_IDLE_MS = 400;

export interface LoadOptions {
  readonly tenant: TestTenant;
  readonly shops: readonly Shop[];
  readonly seed: number;
  /** No more proposals than these. */
  readonly jobs: number;
}

/** People and services at work: for each row somebody who proposes changes and has them decided, round after round. */
export class Load {
  /** What was proposed, and acknowledged by the plane. */
  readonly intents: Intent[] = [];
  readonly #options: LoadOptions;
  readonly #boards: ReadonlyMap<Shop, VersionBoard>;
  #made = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#boards = new Map(options.shops.map((shop) => [shop, new VersionBoard(shop)]));
  }

  /** Whether all that may be proposed has been. */
  get isDone(): boolean {
    return this.#made >= this.#options.jobs;
  }

  /** Ends soon after the signal, when all that was begun has been acknowledged. */
  async run(isOver: AbortSignal): Promise<void> {
    const watching = [...this.#boards.values()].map((board) => board.run(isOver));
    const random = new Random(this.#options.seed);
    const working = this.#options.shops.flatMap((shop) =>
      shop.rowIds.map((row) => this.#work(shop, row, new Random(random.uint32()), isOver)),
    );
    await Promise.all([...working, ...watching]);
  }

  async #work(shop: Shop, row: string, random: Random, isOver: AbortSignal): Promise<void> {
    const board = this.#boards.get(shop);
    while (!isOver.aborted && !this.isDone && board !== undefined) {
      const version = board.versionOf(row);
      if (version !== undefined) {
        await Promise.all(roundAt(version, random).map((wanted) => this.#propose(shop, row, wanted)));
        await board.moved(row, version, LONGEST_ROUND_MS);
      }
      await pause(random.between(0, MOST_IDLE_MS), undefined, { signal: isOver }).catch(() => undefined);
    }
  }

  async #propose(shop: Shop, row: string, { expected, wish }: Wanted): Promise<void> {
    this.#made += 1;
    const number = this.#made;
    const { tenant } = this.#options;
    const fee = wish === 'unstorable' ? -number : number;
    const reason = `waived by ${number}`;
    const body = proposalOf(shop, row, expected, { late_fee_cents: fee, waiver_reason: reason });
    const headers = { 'idempotency-key': `propose-${number}` };
    const made = await askUntilHeard((signal) =>
      tenant.service.post('/v1/proposals', body, { headers, signal }),
    );
    const proposalId = String(made.body.proposal_id);
    this.intents.push({ proposalId, wish, database: shop.name, row, expected, fee, reason });
    const path = `/v1/proposals/${proposalId}/${wish === 'unwanted' ? 'reject' : 'approve'}`;
    const decided = { headers: { 'idempotency-key': `decide-${number}` } };
    await askUntilHeard((signal) => tenant.ada.post(path, {}, { ...decided, signal }));
  }
}

function proposalOf(shop: Shop, row: string, expected: number, patch: Readonly<Record<string, unknown>>) {
  return proposal(
    {
      action: capabilityAt(shop),
      scope: { tenant_id: TENANT, business_object: 'invoice', object_id: row },
      source: {
        kind: shop.engine === 'mysql' ? 'external_mysql' : 'external_postgres',
        source_id: shop.sourceId,
        schema: shop.schema,
        table: 'invoices',
        primary_key: { column: 'id', value: row },
      },
      before: { ...patch, late_fee_cents: null },
      patch,
      after: patch,
      guards: {
        tenant: { column: 'tenant_id', value: TENANT },
        allowed_columns: columns,
        expected_version: { column: 'version', value: expected },
      },
    },
    { source_id: shop.sourceId },
  );
}
