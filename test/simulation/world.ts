import type { ContractReference } from '@countersign/protocol/writeback-job';
import { CustomerDatabase } from './customer/customer-database.ts';
import { Faults } from './faults.ts';
import { Network } from './network.ts';
import { D1Link } from './platform/d1.ts';
import { ObjectHost } from './platform/object-host.ts';
import { RecordedDatabase } from './platform/record.ts';
import type { SocketEnd } from './platform/socket.ts';
import type { SteadySqlite } from './platform/steady-sqlite.ts';
import { Random } from './random.ts';
import { newProcess, type Process, Schedule } from './schedule.ts';
import { BEGINNING, MIDNIGHT } from './tenant.ts';

/** A proposal that people have heard of, and what they saw when they looked. */
export interface Known {
  readonly proposalId: string;
  readonly effectDigest: string;
}

const ROWS = 4;
/** People are slow: more proposals than this would only wait. */
const ENOUGH = 2;
const DEADLY_SHARE = 0.1;
const AGENTS_SHARE = 0.5;
const GUARDED_SHARE = 0.2;
const GUARDED = 0x5f3759df;
const FOUNDED_SHARE = 0.1;
/** Among the seeds from which guards are seen to be gone there is none of those. */
const FOUNDED = 0x14;
const GREEDY_SHARE = 0.4;
/** Histories that begin shortly before a day ends: keys are stored by the day. */
const NIGHT_SHARE = 0.2;
const OPEN =
  'SELECT proposal_id, effect_digest, state FROM proposals WHERE tenant = ?1 ' +
  "AND state IN ('rehearsing', 'pending_review', 'changes_requested')";
const IN_FORCE =
  'SELECT contract_id, version_id, digest FROM capabilities WHERE tenant = ?1 AND version_id IS NOT NULL LIMIT 1';

interface Open extends Known {
  readonly state: string;
}

/** Everything in one history: made from its seed alone. */
export class World {
  readonly random: Random;
  readonly schedule: Schedule;
  readonly faults: Faults;
  /** Jobs of this history run out of attempts, so that what follows on that is seen too. */
  readonly isDeadly: boolean;
  /** Agents propose by capability here. In the other histories there is nothing to rehearse. */
  readonly hasAgents: boolean;
  /** They are after what a policy approves, so that it comes to its limits. */
  readonly isGreedy: boolean;
  /** An operator freezes and lifts here. */
  readonly isGuarded: boolean;
  /** Somebody makes the first run again and again, and hands out accounts. */
  readonly isFounded: boolean;
  readonly database: RecordedDatabase;
  readonly link: D1Link;
  readonly host: ObjectHost;
  readonly network: Network;
  readonly customer: CustomerDatabase;
  /** Proposals that somebody told people about. */
  readonly board: Known[] = [];
  /** Its name, from its seed. */
  readonly history: string;
  /** Where held polls live outside the object. It can die, and another takes its place. */
  gateway: Process = newProcess('gateway');
  /** The gateway's ends of held polls. */
  readonly openPolls = new Set<SocketEnd>();
  /** Nothing goes wrong any more, and nobody begins anything new. */
  isCalm = false;
  #open: { readonly turn: number; readonly all: readonly Open[] } = { turn: 0, all: [] };
  readonly #announced = new Set<string>();
  readonly #curious: (() => void)[] = [];

  constructor(seed: number, history: string, sqlite: SteadySqlite) {
    this.history = history;
    this.random = new Random(seed);
    // A chance of its own: the other histories stay what they are.
    this.isGuarded = new Random(seed ^ GUARDED).chance(GUARDED_SHARE);
    this.isFounded = new Random(seed ^ FOUNDED).chance(FOUNDED_SHARE);
    const start = this.random.chance(NIGHT_SHARE) ? MIDNIGHT - this.random.between(0, 60_000) : BEGINNING;
    this.schedule = new Schedule(this.random, start);
    this.isDeadly = this.random.chance(DEADLY_SHARE);
    this.hasAgents = !this.isDeadly && this.random.chance(AGENTS_SHARE);
    this.isGreedy = this.hasAgents && this.random.chance(GREEDY_SHARE);
    this.faults = new Faults(this.random, this.isDeadly);
    this.database = new RecordedDatabase(sqlite);
    this.link = new D1Link(this.schedule, this.random, this.faults, this.database);
    this.host = new ObjectHost(this.schedule, this.random, this.faults, this.link, this.database);
    this.network = new Network(this.schedule, this.random, this.faults, this.host);
    this.customer = new CustomerDatabase(this.schedule, this.random, this.faults);
    for (let row = 0; row < ROWS; row += 1) this.customer.addRow(`row-${row}`, 1 + row);
  }

  /** Proposals that people know of and that wait for them, as they are now. */
  get undecided(): readonly Known[] {
    return this.#openOnes().filter(({ state }) => state === 'pending_review');
  }

  get isCrowded(): boolean {
    return this.undecided.length >= ENOUGH;
  }

  /** Those that were sent back with a question. */
  get questioned(): readonly string[] {
    return this.#openOnes()
      .filter(({ state }) => state === 'changes_requested')
      .map(({ proposalId }) => proposalId);
  }

  /** What a runner is configured with, by whoever brought it into force. */
  get contractInForce(): ContractReference {
    const [row] = this.database.query(IN_FORCE);
    return {
      contract_id: String(row?.contract_id),
      contract_version_id: String(row?.version_id),
      digest: String(row?.digest),
    };
  }

  announce(proposalId: string): void {
    if (this.#announced.has(proposalId)) return;
    this.#announced.add(proposalId);
    const seen = this.#readOpen().find((one) => one.proposalId === proposalId);
    this.board.push({ proposalId, effectDigest: seen?.effectDigest ?? 'none' });
    for (const tell of this.#curious.splice(0)) tell();
  }

  #openOnes(): readonly Open[] {
    const { turn } = this.database;
    if (this.#open.turn !== turn) this.#open = { turn, all: this.#readOpen() };
    return this.#open.all.filter(({ proposalId }) => this.#announced.has(proposalId));
  }

  #readOpen(): Open[] {
    return this.database.query(OPEN).map((row) => ({
      proposalId: String(row.proposal_id),
      effectDigest: String(row.effect_digest),
      state: String(row.state),
    }));
  }

  /** Until somebody tells of another proposal. */
  news(self: Process): Promise<void> {
    return new Promise((resolve) => {
      this.#curious.push(() => {
        void this.schedule.think(self, this.random.between(0, 20), 'hears of a proposal').then(resolve);
      });
    });
  }
}
