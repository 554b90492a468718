import { CustomerDatabase } from './customer/customer-database.ts';
import { Faults } from './faults.ts';
import { Network } from './network.ts';
import { D1Link } from './platform/d1.ts';
import { ObjectHost } from './platform/object-host.ts';
import { RecordedDatabase } from './platform/record.ts';
import type { SocketEnd } from './platform/socket.ts';
import { Random } from './random.ts';
import { newProcess, type Process, Schedule } from './schedule.ts';
import { BEGINNING } from './tenant.ts';
import type { SqliteDatabase } from '../support/sqlite-database.ts';

/** A proposal that people have heard of. */
export interface Known {
  readonly proposalId: string;
  readonly effectDigest: string;
}

const ROWS = 4;

/** Everything in one history: made from its seed alone. */
export class World {
  readonly random: Random;
  readonly schedule: Schedule;
  readonly faults: Faults;
  readonly database: RecordedDatabase;
  readonly host: ObjectHost;
  readonly network: Network;
  readonly customer: CustomerDatabase;
  /** Proposals that somebody told people about. */
  readonly board: Known[] = [];
  /** Where held polls live outside the object. It can die, and another takes its place. */
  gateway: Process = newProcess('gateway');
  /** The gateway's ends of held polls. */
  readonly openPolls = new Set<SocketEnd>();
  /** Nothing goes wrong any more, and nobody begins anything new. */
  isCalm = false;

  constructor(seed: number, sqlite: SqliteDatabase) {
    this.random = new Random(seed);
    this.schedule = new Schedule(this.random, BEGINNING);
    this.faults = new Faults(this.random);
    this.database = new RecordedDatabase(sqlite);
    const link = new D1Link(this.schedule, this.random, this.faults, this.database);
    this.host = new ObjectHost(this.schedule, this.random, this.faults, link, this.database);
    this.network = new Network(this.schedule, this.random, this.faults, this.host);
    this.customer = new CustomerDatabase(this.schedule, this.random, this.faults);
    for (let row = 0; row < ROWS; row += 1) this.customer.addRow(`row-${row}`, 1 + row);
  }

  announce(known: Known): void {
    if (!this.board.some(({ proposalId }) => proposalId === known.proposalId)) this.board.push(known);
  }
}
