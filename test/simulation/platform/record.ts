import type {
  RawRow,
  Statement,
  StatementResult,
} from '@countersign/durable-objects/tenant/storage/database';
import type { Call } from '@countersign/durable-objects/tenant/turn/command';
import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import type { Answered, Commit, LeaseFacts } from '../history.ts';
import { TENANT } from '../tenant.ts';
import type { SteadySqlite } from './steady-sqlite.ts';

/** Who sent a batch, and when it arrived, by true time. */
export interface Sender {
  readonly instance: string;
  readonly at: number;
}

interface HeadFacts {
  readonly turn: number;
  readonly nonce: string;
  readonly seq: number;
}

/** A lease that has no longer to run than this when its instance hears of it may lapse before it can be given back. */
const MOMENT_MS = 4_000;
const HEAD = 'SELECT turn, nonce, seq FROM heads WHERE tenant = ?1';
const LEASES =
  "SELECT lease_id, lease_expires_at FROM proposals WHERE tenant = ?1 AND lane = 'lease' AND lease_id IS NOT NULL";

/** The tenant's database, and an observer beside it that sees each commit as it happens. */
export class RecordedDatabase {
  readonly commits: Commit[] = [];
  readonly answers: Answered[] = [];
  readonly leases = new Map<string, LeaseFacts>();
  /** Instances that were stopped or superseded, and when: what they meant to send, perhaps nobody got. */
  readonly troubled = new Map<string, number>();
  readonly jolts: number[] = [];
  readonly asked = new Map<string, number>();
  readonly genesis: HeadFacts;
  readonly #sqlite: SteadySqlite;
  #head: HeadFacts;

  /** @param sqlite has the tenant in it, as it begins */
  constructor(sqlite: SteadySqlite) {
    this.#sqlite = sqlite;
    this.#head = this.#readHead();
    this.genesis = this.#head;
  }

  /** The ledger's last durable sequence. */
  get seq(): number {
    return this.#head.seq;
  }

  get turn(): number {
    return this.#head.turn;
  }

  /** Runs a batch for an instance, as D1 would. Throws an error with D1's text. */
  run(sender: Sender, statements: readonly Statement[]): StatementResult[] {
    const results = this.#sqlite.run(statements);
    if (isWrite(statements)) this.#observe(sender);
    return results;
  }

  /** Rows of the end state, or of now. */
  query(sql: string): readonly RawRow[] {
    return this.#sqlite.look(sql, TENANT);
  }

  /** An instance hears, at this time of its own clock, that its batch was committed. */
  confirmed(commit: number, clock: number): void {
    for (const facts of this.leases.values()) {
      if (facts.commit === commit) facts.isWellKnown = facts.until - clock >= MOMENT_MS;
    }
  }

  /** A call reaches an instance. */
  called({ ask }: Call): void {
    const reason = ask.type === 'propose' || ask.type === 'request' ? ask.request.reason : undefined;
    if (reason !== undefined) this.asked.set(reason, (this.asked.get(reason) ?? 0) + 1);
  }

  /** An answer leaves an instance. */
  answered(call: Call, reply: Reply): void {
    this.answers.push({ call, reply, seq: this.seq });
  }

  trouble(instance: string, at: number): void {
    if (!this.troubled.has(instance)) this.troubled.set(instance, at);
  }

  sent(leaseIds: readonly string[]): void {
    for (const id of leaseIds) {
      const facts = this.leases.get(id);
      if (facts !== undefined) facts.isSent = true;
    }
  }

  #observe(sender: Sender): void {
    const { instance, at } = sender;
    const before = this.#head;
    const after = this.#readHead();
    this.#head = after;
    this.commits.push({
      instance,
      at,
      turnBefore: before.turn,
      turnAfter: after.turn,
      nonceBefore: before.nonce,
      nonceAfter: after.nonce,
      seqBefore: before.seq,
      seqAfter: after.seq,
    });
    for (const { lease_id, lease_expires_at } of this.query(LEASES)) {
      this.#noteLease(String(lease_id), Number(lease_expires_at), sender);
    }
  }

  #noteLease(id: string, until: number, { instance, at }: Sender): void {
    const known = this.leases.get(id);
    if (known === undefined) {
      const commit = this.commits.length - 1;
      this.leases.set(id, { until, isSent: false, instance, since: at, commit, isWellKnown: false });
    }
    if (known !== undefined) known.until = Math.max(known.until, until);
  }

  #readHead(): HeadFacts {
    const [row] = this.query(HEAD);
    return { turn: Number(row?.turn), nonce: String(row?.nonce), seq: Number(row?.seq) };
  }
}

export function isWrite(statements: readonly Statement[]): boolean {
  return statements.some(({ sql }) => !sql.startsWith('SELECT') && !sql.startsWith('WITH'));
}
