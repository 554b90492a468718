import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { buildCli } from '@countersign/cli/build';
import type { NewTenant } from '@countersign/provisioner/create-tenant';
import { addTenant } from '@countersign/serve/add-tenant';
import { buildServe } from '@countersign/serve/build';
import { pushRequest } from './contract.ts';
import { memoryFolder } from './memory-folder.ts';
import { must } from './must.ts';
import { freePort } from './server-binaries/guarded-process.ts';
import { draftTenant, type PersonName, personNames, type TestTenant, tenantClients } from './tenant.ts';
import { TestIssuers } from './test-issuer.ts';

const MEMBERS = 'members';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The processes of a plane that is served, by their numbers. */
export interface ServingProcesses {
  readonly supervisor: number;
  readonly plane: number;
  readonly workerd: number;
}

/** A plane that is served from a folder by the command line, both as they are built. */
export class ServedPlane {
  readonly folder: string;
  readonly store: string;
  readonly port: number;
  readonly issuers: TestIssuers;
  readonly #program: string;
  readonly #macKey: string;

  private constructor(folder: string, port: number, issuers: TestIssuers, program: string, macKey: string) {
    this.folder = folder;
    this.store = join(folder, 'store');
    this.port = port;
    this.issuers = issuers;
    this.#program = program;
    this.#macKey = macKey;
  }

  /** Configures one, with what is said besides the usual; nothing runs yet. */
  static async configure(more: object = {}): Promise<ServedPlane> {
    const [program, issuers, port] = await Promise.all([
      buildCli(),
      TestIssuers.start([MEMBERS]),
      freePort(),
      buildServe(),
    ]);
    const folder = await mkdtemp(join(memoryFolder(), 'countersign-served-'));
    const macKey = randomBytes(32).toString('base64url');
    await writeFile(join(folder, 'keys'), macKey, { mode: 0o600 });
    const config = {
      listen: { port },
      store: 'store',
      issuers: [issuers.get(MEMBERS).settings],
      secrets: { token_mac_keys: { file: 'keys' } },
      ...more,
    };
    await writeFile(join(folder, 'countersign.json'), `// of a test\n${JSON.stringify(config)}`);
    return new ServedPlane(folder, port, issuers, program, macKey);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The key that the tokens of `addTenant` are made with. */
  get macKey(): string {
    return this.#macKey;
  }

  /** The command line as it is built. */
  get program(): string {
    return this.#program;
  }

  /** Makes a tenant with everybody in it; nothing may serve the store. */
  async addTenant(change: (wanted: NewTenant) => NewTenant = (wanted) => wanted): Promise<TestTenant> {
    const issuer = this.issuers.get(MEMBERS);
    const draft = draftTenant(issuer, this.#macKey);
    await addTenant(this.store, change(draft.wanted));
    const tokens = await Promise.all(personNames.map(async (name) => [name, await issuer.sign(name)]));
    return tenantClients(this.origin, draft, Object.fromEntries(tokens) as Record<PersonName, string>);
  }

  /** Puts the contract in force that tests propose under. */
  async govern(tenant: TestTenant): Promise<void> {
    must(await tenant.olivia.post(`/v1/control/projects/${tenant.project}/agent-contracts`, pushRequest()));
  }

  /** The command line in the folder of the configuration. */
  start(...args: string[]): ChildProcess {
    return this.#spawn(args, {});
  }

  /** The same, with more in its environment. */
  startWith(environment: NodeJS.ProcessEnv, ...args: string[]): ChildProcess {
    return this.#spawn(args, environment);
  }

  async run(...args: string[]): Promise<Ended> {
    return endOf(this.start(...args));
  }

  /** The command line in the hands of somebody with this token. */
  runAs({ project }: Pick<TestTenant, 'project'>, token: string, ...args: string[]): Promise<Ended> {
    const seat = {
      COUNTERSIGN_URL: this.origin,
      COUNTERSIGN_TOKEN: token,
      COUNTERSIGN_PROJECT: project,
    };
    return endOf(this.#spawn(args, seat));
  }

  #spawn(args: readonly string[], seat: NodeJS.ProcessEnv): ChildProcess {
    const { PATH } = process.env;
    return spawn(process.execPath, [this.#program, ...args], {
      cwd: this.folder,
      env: { PATH, COUNTERSIGN_CONFIG_DIR: this.folder, ...seat },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async status(): Promise<Record<string, unknown>> {
    return JSON.parse((await this.run('status', '--json')).out);
  }

  async processes(): Promise<ServingProcesses> {
    const supervisor = Number((await this.status()).pid);
    const plane = Number(await readFile(join(this.store, 'plane.pid'), 'utf8'));
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,comm=']);
    const workerd = new RegExp(`^ *(\\d+) +${plane} .*workerd`, 'm').exec(stdout)?.[1];
    return { supervisor, plane, workerd: Number(workerd) };
  }

  async remove(): Promise<void> {
    await this.run('serve', '--stop');
    await this.issuers.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What a process says until it ends. */
export async function endOf(child: ChildProcess): Promise<Ended> {
  const { stderr, stdout } = child;
  if (stdout === null || stderr === null) throw new TypeError('its output is not read');
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(stdout), text(stderr)]);
  return { out, err, code: await code };
}
