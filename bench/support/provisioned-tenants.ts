import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProvisioner } from '@countersign/serve/bundle-gateway';
import { type Plane, startPlane } from '@countersign/serve/start-plane';
import { TestIssuers } from '../../test/support/test-issuer.ts';
import type { Bench } from './bench.ts';
import { type HttpConnection, withConnection, withConnections } from './http-connection.ts';
import { getJson, tryPost } from './json-call.ts';

const ISSUER = 'members';
const PROJECTS = '/v1/account/projects';
const AT_ONCE = 16;
/** What an owner has is counted when they ask for another: nobody has so many that this is what is measured. */
const OF_ONE_OWNER = 10;
/** How long a look is held until there is news. */
const LOOK_SECONDS = 10;

interface Progress {
  readonly state: string;
  readonly revision: number;
  readonly project_id: string;
}

export interface ProvisionedTenant {
  readonly project: string;
  /** The login of its owner. */
  readonly token: string;
}

/** A plane on which people make their projects themselves, through the provisioner as it is deployed. */
export class ProvisionedTenants {
  readonly tenants: ProvisionedTenant[] = [];
  readonly #plane: Plane;
  readonly #issuers: TestIssuers;
  readonly #folder: string;

  private constructor(plane: Plane, issuers: TestIssuers, folder: string) {
    this.#plane = plane;
    this.#issuers = issuers;
    this.#folder = folder;
  }

  static async start({ gatewayCode }: Bench): Promise<ProvisionedTenants> {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-tenants-'));
    const issuers = await TestIssuers.start([ISSUER]);
    const shards = [{ binding: 'DB', most: 100_000 }];
    const plane = await startPlane({
      code: gatewayCode,
      port: 0,
      persist: folder,
      issuers: [issuers.get(ISSUER).settings],
      macKeys: ['the key that signs the tokens of a bench'],
      signUp: 'anyone',
      provisioner: {
        code: await bundleProvisioner(),
        settings: { SHARDS: JSON.stringify(shards), TENANTS_PER_OWNER: String(OF_ONE_OWNER) },
      },
    });
    return new ProvisionedTenants(plane, issuers, folder);
  }

  /** Has so many more made, one after another; the milliseconds of each, from the wish until it is open. */
  async provision(count: number): Promise<readonly number[]> {
    const times: number[] = [];
    await withConnection(this.#origin, async (connection) => {
      while (times.length < count) times.push(await this.#provisionOne(connection));
    });
    return times;
  }

  async #provisionOne(connection: HttpConnection): Promise<number> {
    const place = this.tenants.length;
    const token = await this.#issuers.get(ISSUER).sign(`owner-${Math.floor(place / OF_ONE_OWNER)}`);
    const asking = { host: this.#origin.host, token };
    const label = `tenant-${place}`;
    const begunAt = performance.now();
    const { body, status } = await tryPost<Progress>(connection, asking, PROJECTS, { label, sources: [] });
    if (status >= 300) throw new Error(`${label}: ${status}`);
    let progress = body;
    while (progress.state === 'going') {
      const path = `${PROJECTS}/${label}/progress?wait_seconds=${LOOK_SECONDS}&after=${progress.revision}`;
      progress = await getJson<Progress>(connection, asking, path);
    }
    const took = performance.now() - begunAt;
    if (progress.state !== 'done') throw new Error(`${label} ended as ${progress.state}`);
    this.tenants.push({ project: progress.project_id, token });
    return took;
  }

  /** Wakes the object of each tenant; when each was started, in the order of the tenants. */
  async wakeAll(): Promise<readonly string[]> {
    const started: string[] = [];
    let next = 0;
    await withConnections(this.#origin, AT_ONCE, async (connections) => {
      const loop = async (connection: HttpConnection) => {
        for (let place = next++; place < this.tenants.length; place = next++)
          started[place] = await this.#wake(connection, place);
      };
      await Promise.all(connections.map(loop));
    });
    return started;
  }

  async #wake(connection: HttpConnection, place: number): Promise<string> {
    const { object } = await getJson<{ object: { started_at: string } }>(
      connection,
      this.#asking(place),
      `/v1/engine/health?project_id=${this.tenants[place]?.project}`,
    );
    return object.started_at;
  }

  /** The milliseconds of each of so many reads from the first tenant. */
  readFirst(count: number): Promise<readonly number[]> {
    return withConnection(this.#origin, async (connection) => {
      const times: number[] = [];
      while (times.length < count) {
        const begunAt = performance.now();
        const path = `/v1/members?project_id=${this.tenants[0]?.project}`;
        await getJson(connection, this.#asking(0), path);
        times.push(performance.now() - begunAt);
      }
      return times;
    });
  }

  async stop(): Promise<void> {
    await Promise.allSettled([this.#plane.stop(), this.#issuers.stop()]);
    await rm(this.#folder, { recursive: true, force: true });
  }

  #asking(place: number) {
    return { host: this.#origin.host, token: this.tenants[place]?.token ?? '' };
  }

  get #origin(): URL {
    return new URL(this.#plane.url);
  }
}
