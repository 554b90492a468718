import { ORGANIZATION } from './fly-samples.ts';
import {
  type FlyAnswer,
  type FlyAsked,
  type MachineConfig,
  makeAppSchema,
  makeMachineSchema,
  refusal,
  setSecretSchema,
  stopMachineSchema,
  updateMachineSchema,
} from './fly-wire.ts';

export interface FlyMachine {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  config: MachineConfig;
  /** The secrets' version that it started with. */
  secretsVersion: number;
  version: number;
  /** The states, or words of checks, that looks at it still bring; the first one is the present. */
  states: string[];
  checks: string[];
}

export interface FlyApp {
  readonly name: string;
  readonly organization: string;
  readonly network: string;
  readonly secrets: Map<string, string>;
  secretsVersion: number;
  readonly machines: Map<string, FlyMachine>;
  /** How often it is still not found though it is made, or still found though it is removed. */
  unseenLooks: number;
  remainingLooks: number;
}

const APP_TAKEN = 'Validation failed: Name has already been taken';

/** The apps, secrets and machines of Fly, and what its API answers about them; time passes when somebody looks. */
export class FlyWorld {
  readonly apps = new Map<string, FlyApp>();
  /** What becomes of a machine that starts, of one that is told to stop, and of its checks; look by look. */
  starts: readonly string[] = ['created', 'starting', 'started'];
  stops: readonly string[] = ['stopping', 'stopped'];
  checks: readonly string[] = ['warning', 'passing'];
  /** For how many looks an app that is made is not there, and one that is removed still is. */
  unseenLooks = 0;
  remainingLooks = 0;
  /** Whether the details of an app tell its network, as they do to Fly's own client. */
  tellsNetwork = true;
  /** Whether the hosts of machines are away, and whether something is left of their configuration to be shown. */
  awayHosts: 'none' | 'silent' | 'incomplete' = 'none';
  #made = 0;

  /** Puts an app there that somebody else made, or that has another network. */
  plantApp(name: string, network = 'default', organization = ORGANIZATION): FlyApp {
    const app: FlyApp = {
      name,
      organization,
      network,
      secrets: new Map(),
      secretsVersion: 0,
      machines: new Map(),
      unseenLooks: 0,
      remainingLooks: 0,
    };
    this.apps.set(name, app);
    return app;
  }

  answer(asked: FlyAsked): FlyAnswer {
    if (asked.route === 'list-apps') return this.#listApps(asked);
    if (asked.route === 'make-app') return this.#makeApp(asked);
    const app = this.apps.get(asked.app);
    if (app === undefined || isUnseen(app)) return refusal(404, `app ${asked.app} not found`);
    if (app.organization !== ORGANIZATION) return refusal(403, 'unauthorized');
    return this.#inApp(asked, app);
  }

  #inApp(asked: FlyAsked, app: FlyApp): FlyAnswer {
    switch (asked.route) {
      case 'read-app':
        return this.#readApp(app);
      case 'remove-app':
        return this.#removeApp(app, asked);
      case 'list-secrets':
        return { status: 200, body: { secrets: secretsOf(app) } };
      case 'set-secret':
        return setSecret(app, asked);
      case 'list-machines':
        return { status: 200, body: [...app.machines.values()].map((machine) => this.#seen(machine)) };
      case 'make-machine':
        return this.#makeMachine(app, asked);
      default: {
        const machine = app.machines.get(asked.part);
        return machine === undefined
          ? refusal(404, `machine ${asked.part} not found`)
          : this.#atMachine(asked, app, machine);
      }
    }
  }

  #atMachine(asked: FlyAsked, app: FlyApp, machine: FlyMachine): FlyAnswer {
    switch (asked.route) {
      case 'read-machine':
        return { status: 200, body: this.#seen(machine) };
      case 'update-machine':
        return this.#update(asked, app, machine);
      case 'start-machine': {
        const previous_state = stateOf(machine);
        if (previous_state === 'stopping') return refusal(412, 'failed_precondition: it is stopping');
        this.#start(app, machine);
        return { status: 200, body: { previous_state, migrated: false, new_host: '' } };
      }
      case 'stop-machine':
        if (!stopMachineSchema.safeParse(asked.body).success) return refusal(400, 'bad request');
        machine.states = [...this.stops];
        return { status: 200, body: { ok: true } };
      case 'wait':
        return wait(asked, machine);
      default:
        if (asked.query.get('force') !== 'true') return refusal(412, 'failed_precondition: it is running');
        app.machines.delete(machine.id);
        return { status: 200, body: { ok: true } };
    }
  }

  #listApps({ query }: FlyAsked): FlyAnswer {
    const organization = query.get('org_slug');
    if (organization !== ORGANIZATION) return refusal(403, 'unauthorized');
    const apps = [...this.apps.values()].filter((app) => app.organization === organization);
    const listed = apps.map(({ machines, name, network }) => ({
      id: `id-${name}`,
      name,
      machine_count: machines.size,
      volume_count: 0,
      network,
    }));
    return { status: 200, body: { total_apps: listed.length, apps: listed } };
  }

  #makeApp({ body }: FlyAsked): FlyAnswer {
    const wanted = makeAppSchema.safeParse(body);
    if (!wanted.success) return refusal(422, 'Validation failed');
    const { app_name, network, org_slug } = wanted.data;
    if (org_slug !== ORGANIZATION) return refusal(403, 'unauthorized');
    if (this.apps.has(app_name)) return refusal(422, APP_TAKEN, 'name_taken');
    this.plantApp(app_name, network).unseenLooks = this.unseenLooks;
    return { status: 201, body: { id: `id-${app_name}`, created_at: 1_708_631_799_000 } };
  }

  #readApp(app: FlyApp): FlyAnswer {
    if (app.remainingLooks > 0) {
      app.remainingLooks -= 1;
      if (app.remainingLooks === 0) this.apps.delete(app.name);
    }
    const { name, network, organization } = app;
    const details = { id: `id-${name}`, name, status: 'pending', organization: { name, slug: organization } };
    return { status: 200, body: this.tellsNetwork ? { ...details, network } : details };
  }

  #removeApp(app: FlyApp, { query }: FlyAsked): FlyAnswer {
    if (app.machines.size > 0 && query.get('force') !== 'true') return refusal(422, 'it has machines');
    app.machines.clear();
    app.secrets.clear();
    if (this.remainingLooks > 0) app.remainingLooks = this.remainingLooks;
    else this.apps.delete(app.name);
    return { status: 202 };
  }

  #makeMachine(app: FlyApp, { body }: FlyAsked): FlyAnswer {
    const wanted = makeMachineSchema.safeParse(body);
    if (!wanted.success) return refusal(400, 'bad request');
    const { config, min_secrets_version, name, region } = wanted.data;
    const other = [...app.machines.values()].find(
      (machine) => machine.name === name && stateOf(machine) !== 'destroyed',
    );
    if (other !== undefined) {
      const violation = `unique machine name violation, machine ID ${other.id} already exists with name "${name}"`;
      return refusal(409, `already_exists: ${violation}`);
    }
    if (min_secrets_version > app.secretsVersion) return refusal(412, 'secrets are not there yet');
    this.#made += 1;
    const id = `e28650ab${this.#made.toString(16).padStart(6, '0')}`;
    const machine: FlyMachine = {
      id,
      name,
      region,
      config,
      secretsVersion: app.secretsVersion,
      version: 1,
      states: [...this.starts],
      checks: [...this.checks],
    };
    app.machines.set(id, machine);
    return { status: 200, body: this.#shown(machine) };
  }

  #update({ body }: FlyAsked, app: FlyApp, machine: FlyMachine): FlyAnswer {
    const wanted = updateMachineSchema.safeParse(body);
    if (!wanted.success) return refusal(400, 'bad request');
    if (wanted.data.current_version !== versionOf(machine)) return refusal(409, 'aborted: another version');
    if (wanted.data.min_secrets_version > app.secretsVersion)
      return refusal(412, 'secrets are not there yet');
    machine.config = wanted.data.config;
    machine.version += 1;
    return this.#start(app, machine);
  }

  #start(app: FlyApp, machine: FlyMachine): FlyAnswer {
    machine.states = [...this.starts];
    machine.checks = [...this.checks];
    machine.secretsVersion = app.secretsVersion;
    return { status: 200, body: this.#shown(machine) };
  }

  #seen(machine: FlyMachine): object {
    const shown = this.#shown(machine);
    pass(machine);
    return shown;
  }

  #shown(machine: FlyMachine): object {
    const { checks, config, id, name, region } = machine;
    return {
      id,
      name,
      state: stateOf(machine),
      region,
      instance_id: versionOf(machine),
      host_status: this.awayHosts === 'none' ? 'ok' : 'unreachable',
      ...(this.awayHosts === 'none' && { config }),
      ...(this.awayHosts === 'incomplete' && { incomplete_config: config }),
      checks: [
        ...Object.keys(config.checks).map((check) => ({ name: check, status: checks[0], output: '' })),
        // For old clients.
        { name: 'bg_deployments_compat', status: 'critical', output: '' },
      ],
    };
  }
}

function isUnseen(app: FlyApp): boolean {
  if (app.unseenLooks === 0) return false;
  app.unseenLooks -= 1;
  return true;
}

function versionOf({ id, version }: FlyMachine): string {
  return `${id}-${version}`;
}

export function stateOf({ states }: FlyMachine): string {
  return states[0] ?? 'destroyed';
}

/** A machine starts first, then its checks pass. */
function pass(machine: FlyMachine): void {
  if (machine.states.length > 1) machine.states.shift();
  else if (machine.checks.length > 1) machine.checks.shift();
}

function wait({ query }: FlyAsked, machine: FlyMachine): FlyAnswer {
  const state = query.get('state');
  const seconds = Number(query.get('timeout'));
  const isVersioned = query.get('instance_id') === versionOf(machine);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 60) return refusal(400, 'bad timeout');
  if (state === 'stopped' && !isVersioned) return refusal(400, 'instance_id is required');
  pass(machine);
  return stateOf(machine) === state
    ? { status: 200, body: { ok: true } }
    : refusal(408, 'deadline_exceeded: machine failed to reach desired state');
}

function setSecret(app: FlyApp, { body, part }: FlyAsked): FlyAnswer {
  const wanted = setSecretSchema.safeParse(body);
  if (!wanted.success) return refusal(400, 'bad request');
  app.secrets.set(part, wanted.data.value);
  app.secretsVersion += 1;
  return { status: 201, body: { name: part, digest: 'b9e37b7b239ee4ae', version: app.secretsVersion } };
}

/** Never their values. */
function secretsOf({ secrets }: FlyApp): readonly object[] | null {
  if (secrets.size === 0) return null;
  return [...secrets.keys()].map((name) => ({ name, digest: 'b9e37b7b239ee4ae' }));
}
