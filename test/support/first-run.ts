import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { RawRow, Statement } from '@countersign/durable-objects/tenant/storage/database';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import { type Plane, startPlane } from '@countersign/serve/start-plane';
import { type Record as Database, withValues } from '../../scripts/maintenance/record.ts';
import { bundleOf } from './bundles.ts';
import { type Answer, send } from './http.ts';
import { runFolder } from './run-folder.ts';
import { freePort } from './server-binaries/guarded-process.ts';
import { draftTenant, type PersonName, personNames, type TestTenant, tenantClients } from './tenant.ts';
import { TestIssuers } from './test-issuer.ts';

/** The bootstrap token of test planes. */
export const TOKEN = 'the-token-of-a-first-run-in-tests';
const MAC_KEY = 'the key that signs tokens of first runs';
const MEMBERS = 'members';

interface Sent {
  readonly token?: string | undefined;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a plane is deployed with. */
export interface Deployed {
  readonly token: string | undefined;
}

/** A plane with a bootstrap token, which can be deployed anew with another one over the same record. */
export class FirstRun {
  readonly issuers: TestIssuers;
  readonly #persist: string;
  readonly #port: number;
  #plane: Plane;
  #logs: string[] = [];

  private constructor(issuers: TestIssuers, persist: string, port: number, plane: Plane, logs: string[]) {
    this.issuers = issuers;
    this.#persist = persist;
    this.#port = port;
    this.#plane = plane;
    this.#logs = logs;
  }

  static async start({ token }: Deployed = { token: TOKEN }): Promise<FirstRun> {
    const issuers = await TestIssuers.start([MEMBERS]);
    const persist = await mkdtemp(join(runFolder(), 'first-run-'));
    const logs: string[] = [];
    // The same after each deploy, as an address is.
    const port = await freePort();
    return new FirstRun(issuers, persist, port, await deploy({ issuers, persist, port, token, logs }), logs);
  }

  get origin(): string {
    return this.#plane.url;
  }

  /** What the Workers logged since the last deploy. */
  get logs(): readonly string[] {
    return this.#logs;
  }

  /** Another deploy over the same record. */
  async deployWith(token: string | undefined): Promise<void> {
    await this.#plane.stop();
    this.#logs = [];
    this.#plane = await deploy({
      issuers: this.issuers,
      persist: this.#persist,
      port: this.#port,
      token,
      logs: this.#logs,
    });
  }

  query<Row = RawRow>(sql: string, ...params: (string | number | null)[]): Promise<Row[]> {
    return this.#plane.query<Row>(sql, ...params);
  }

  /** A project with nobody in it. */
  async emptyProject(): Promise<string> {
    const { wanted } = draftTenant(this.issuers.get(MEMBERS), MAC_KEY);
    await this.#plane.createTenant({ ...wanted, nonce: randomUUID(), members: [], credentials: [] });
    return wanted.tenant;
  }

  /** A project with everybody in it. */
  async tenant(): Promise<TestTenant> {
    const issuer = this.issuers.get(MEMBERS);
    const draft = draftTenant(issuer, MAC_KEY);
    await this.#plane.createTenant(draft.wanted);
    const tokens = await Promise.all(personNames.map(async (name) => [name, await issuer.sign(name)]));
    return tenantClients(this.origin, draft, Object.fromEntries(tokens) as Record<PersonName, string>);
  }

  exchange(project: string | undefined, sent: Sent = {}): Promise<Answer> {
    const { body = {}, headers = {} } = sent;
    const token = 'token' in sent ? sent.token : TOKEN;
    const query = project === undefined ? '' : `?project_id=${project}`;
    return send(this.origin, {
      method: 'POST',
      path: `/v1/bootstrap/exchange${query}`,
      token,
      body,
      headers,
    });
  }

  /** Requests with a token, about a project. */
  as(project: string, token: string) {
    const within = (path: string) => `${path}${path.includes('?') ? '&' : '?'}project_id=${project}`;
    return {
      get: (path: string) => send(this.origin, { method: 'GET', path: within(path), token }),
      post: (path: string, body: object = {}) =>
        send(this.origin, { method: 'POST', path: within(path), token, body }),
    };
  }

  /** Requests of a person who signs in, whether or not a member. */
  async person(project: string, name: string) {
    return this.as(project, await this.issuers.get(MEMBERS).sign(name));
  }

  async ledgerOf(project: string): Promise<LedgerEntry[]> {
    const rows = await this.query<{ entry: string }>(
      `SELECT json_object('seq', seq, 'type', type, 'actor', json_object('kind', actor_kind, 'id', actor_id), 'body', json(body)) AS entry
       FROM ledger WHERE tenant = ?1 ORDER BY seq`,
      project,
    );
    return rows.map(({ entry }) => JSON.parse(entry));
  }

  /** The record as wrangler reaches it: by texts without parameters. */
  record(): Database {
    const read = (statement: Statement) => this.query(withValues(statement));
    return {
      read,
      write: async (statements) => {
        for (const statement of statements) await read(statement);
      },
      close: async () => undefined,
    };
  }

  async stop(): Promise<void> {
    await this.#plane.stop();
    await this.issuers.stop();
  }
}

interface Deploying {
  readonly issuers: TestIssuers;
  readonly persist: string;
  readonly port: number;
  readonly token: string | undefined;
  readonly logs: string[];
}

async function deploy({ issuers, logs, persist, port, token }: Deploying): Promise<Plane> {
  return startPlane({
    code: await bundleOf('gateway'),
    port,
    persist,
    issuers: [issuers.get(MEMBERS).settings],
    macKeys: [MAC_KEY],
    ...(token === undefined ? {} : { bootstrapToken: token }),
    onLog: (line) => logs.push(line),
  });
}
