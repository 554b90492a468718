import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleGateway, bundleProvisioner } from '@countersign/serve/bundle-gateway';
import { type Plane, type PlaneOptions, startPlane } from '@countersign/serve/start-plane';
import { ORGANIZATION } from '../../../support/fly-samples.ts';
import { send } from '../../../support/http.ts';
import { must } from '../../../support/must.ts';
import type { TestIssuer } from '../../../support/test-issuer.ts';

const PROJECTS = '/v1/account/projects';
const SELF = '/v1/writeback/runner/doctor';

/** The secrets of both Workers, each as it was given to it last. */
export interface WorkerSecrets {
  readonly gatewayKeys: string;
  readonly provisionerKeys: string;
  readonly hostingToken: string;
}

/** A plane whose Workers have secrets of their own, as on Cloudflare, and whose runners are hosted elsewhere. */
export class EdgePlane {
  readonly #options: PlaneOptions;
  readonly #issuer: TestIssuer;
  readonly #flyUrl: string;
  #plane: Plane | undefined;

  private constructor(options: PlaneOptions, issuer: TestIssuer, flyUrl: string) {
    this.#options = options;
    this.#issuer = issuer;
    this.#flyUrl = flyUrl;
  }

  static async prepare(folder: string, issuer: TestIssuer, flyUrl: string): Promise<EdgePlane> {
    const persist = join(folder, 'edge');
    await mkdir(persist);
    const [code, provisioner] = await Promise.all([bundleGateway(), bundleProvisioner()]);
    const options: PlaneOptions = {
      code,
      port: 0,
      persist,
      issuers: [issuer.settings],
      macKeys: [],
      signUp: 'anyone',
      provisioner: { code: provisioner, settings: {} },
    };
    return new EdgePlane(options, issuer, flyUrl);
  }

  /** Deploys both Workers with these secrets; what they keep stays. */
  async deploy({ gatewayKeys, hostingToken, provisionerKeys }: WorkerSecrets): Promise<void> {
    await this.#plane?.stop();
    const { provisioner } = this.#options;
    const hosting = {
      base_url: this.#flyUrl,
      organization: ORGANIZATION,
      image: 'registry.example/countersign-runner@sha256:1',
      control_plane_url: 'https://plane.example',
      usual_region: 'ams',
    };
    const settings = {
      TOKEN_MAC_KEYS: provisionerKeys,
      TENANTS_PER_OWNER: '1000',
      HOSTING: JSON.stringify(hosting),
      HOSTING_TOKEN: hostingToken,
      HOSTED_TOKEN_SEED: 'what the tokens of the drill’s runners are made of',
    };
    this.#plane = await startPlane({
      ...this.#options,
      macKeys: JSON.parse(gatewayKeys),
      ...(provisioner === undefined ? {} : { provisioner: { ...provisioner, settings } }),
    });
  }

  /** Has a project made with a hosted runner, and waits until it is there. Throws where it is not. */
  async provision(label: string): Promise<void> {
    const token = await this.#issuer.sign('olivia');
    const body = { label, sources: [], hosted_runner: { targets: [], handlers: ['model'] } };
    const origin = this.#plane?.url ?? '';
    let progress = must(await send(origin, { method: 'POST', path: PROJECTS, token, body })).body;
    while (progress.state === 'going') {
      const path = `${PROJECTS}/${label}/progress?wait_seconds=10&after=${progress.revision}`;
      progress = must(await send(origin, { method: 'GET', path, token })).body;
    }
    if (progress.state !== 'done') throw new Error(`${label}: ${JSON.stringify(progress)}`);
  }

  /** What a hosted runner gets with its token: `in`, or the code of the refusal. */
  async ask(token: string): Promise<string> {
    const { body, status } = await send(this.#plane?.url ?? '', { method: 'GET', path: SELF, token });
    return status === 200 ? 'in' : String(body.error_code ?? status);
  }

  async stop(): Promise<void> {
    await this.#plane?.stop();
  }
}
