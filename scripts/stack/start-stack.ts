import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buildRunner } from '@countersign/runner/build';
import { receiptTableSql } from '@countersign/runner/databases/postgres/receipts-sql';
import { planeChild } from '@countersign/serve/plane-child';
import { customerDatabaseChild } from '../local/customer-database/customer-database-child.ts';
import { lockFolder } from '../local/folder-lock.ts';
import { CLI_CLIENT_ID, DASHBOARD_CLIENT_ID } from '../local/issuer/clients.ts';
import { issuerChild } from '../local/issuer/issuer-child.ts';
import { PEOPLE } from '../local/issuer/people.ts';
import { AUDIENCE } from '../local/issuer/provider-configuration.ts';
import { requestToken } from '../local/issuer/token-channel.ts';
import { LocalFault } from '../local/local-fault.ts';
import { type LocalFile, writeLocalFile } from '../local/local-file.ts';
import { objectStoreChild } from '../local/object-store-child.ts';
import { assertPortFree } from '../local/ports.ts';
import { ensurePrivateFolder, writePrivateFile } from '../local/private-file.ts';
import { Processes, type RunningChild } from '../local/processes.ts';
import { ACME, acmeTenant } from './acme.ts';
import { artifactsWish, type LocalArtifacts, localArtifacts } from './local-artifacts.ts';
import { localBackups, snapshotsIn } from './local-backups.ts';
import { localModel, MODEL_KEY } from './local-model.ts';
import { type LocalSecrets, localSecrets } from './local-secrets.ts';
import { runnerChild, runnerConfig } from './runner-child.ts';

/** The gateway's port; the issuer and the database have the next two. */
export const DEFAULT_PORT = 8787;
const STOP_GRACE_MS = 8_000;
const TOKENS_RENEWED_EVERY_MS = 20 * 60_000;

/** The whole product on this machine, each part a process of its own. */
export interface Stack {
  readonly url: string;
  readonly issuer: string;
  readonly databaseUrl: string;
  readonly secrets: LocalSecrets;
  /** Where the letters lie that the runner had written. */
  readonly lettersFolder: string;
  /** Where copies of the records lie. */
  readonly snapshotsFolder: string;
  readonly artifacts: LocalArtifacts;
  /** A fresh access token of a seeded person. */
  personToken(sub: string): Promise<string>;
  startRunner(): Promise<RunningChild<true>>;
  /** Settles, with words, when a part ends that nobody asked to. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

/** Starts everything but the runner. Throws `LocalFault` with words for the person at the console. */
export async function startStack(stateFolder: string, port: number, isFresh: boolean): Promise<Stack> {
  await ensurePrivateFolder(stateFolder);
  const unlock = lockFolder(join(stateFolder, 'stack'), 0);
  const processes = new Processes({ logFolder: join(stateFolder, 'logs'), stopGraceMs: STOP_GRACE_MS });
  try {
    if (isFresh) await forget(stateFolder);
    return await compose(stateFolder, port, processes, unlock);
  } catch (fault) {
    await processes.stopAll();
    unlock();
    throw fault;
  }
}

async function compose(
  folder: string,
  port: number,
  processes: Processes,
  unlock: () => void,
): Promise<Stack> {
  const url = `http://127.0.0.1:${port}`;
  await assertPortFree(port, 'gateway');
  await assertPortFree(port + 1, 'token issuer');
  await assertPortFree(port + 2, 'customer database');
  const secrets = await localSecrets(folder, `http://127.0.0.1:${port + 1}`);
  const extraSql = [receiptTableSql('public', 'countersign_receipts')];
  const issuerFolder = join(folder, 'issuer');
  const wish = artifactsWish(resolve(folder, 'artifacts'));
  const [issuer, database, store] = await Promise.all([
    processes.start(issuerChild({ stateFolder: issuerFolder, port: port + 1, dashboardUrl: url })),
    processes.start(customerDatabaseChild({ stateFolder: folder, port: port + 2, extraSql })),
    processes.start(objectStoreChild(wish)),
    buildRunner(),
  ]);
  const artifacts = localArtifacts(store.ready, wish);
  const plane = await processes.start(
    planeChild({
      plane: {
        port,
        persist: join(folder, 'plane'),
        issuers: [
          {
            issuer: issuer.ready,
            audience: AUDIENCE,
            jwks_uri: `${issuer.ready}/jwks`,
            dashboard: {
              client_id: DASHBOARD_CLIENT_ID,
              device_client_id: CLI_CLIENT_ID,
              name: 'the local issuer',
              scope: 'openid email profile',
            },
          },
        ],
        macKeys: [secrets.macKey],
        defaultProject: ACME.project_id,
        signUp: 'anyone',
      },
      backups: await localBackups(folder),
      tenant: acmeTenant(secrets, Date.now()),
    }),
  );
  const personToken = async (sub: string) => (await requestToken(issuer.process, sub)).token;
  const breaks = [
    watch('the token issuer', issuer.exited),
    watch('the customer database', database.exited),
    watch('the control plane', plane.exited),
    watch('the artifact store', store.exited),
  ];
  const stop = async () => {
    clearInterval(renewal);
    await processes.stopAll();
    unlock();
  };
  const publish = async () =>
    writeLocalFile(folder, await localFile(url, issuer.ready, database.ready, secrets, personToken));
  await publish();
  const renewal = setInterval(() => void publish(), TOKENS_RENEWED_EVERY_MS);
  return {
    url: plane.ready,
    issuer: issuer.ready,
    databaseUrl: database.ready,
    secrets,
    lettersFolder: lettersIn(folder),
    snapshotsFolder: snapshotsIn(folder),
    artifacts,
    personToken,
    startRunner: () =>
      startRunner({ folder, url, databaseUrl: database.ready, secrets, artifacts, processes }),
    broken: Promise.race(breaks),
    stop,
  };
}

function lettersIn(folder: string): string {
  return resolve(folder, 'letters');
}

interface RunnerParts {
  readonly folder: string;
  readonly url: string;
  readonly databaseUrl: string;
  readonly secrets: LocalSecrets;
  readonly artifacts: LocalArtifacts;
  readonly processes: Processes;
}

async function startRunner({ artifacts, databaseUrl, folder, processes, secrets, url }: RunnerParts) {
  const model = localModel();
  const configPath = join(folder, 'runner.json');
  const config = runnerConfig({
    url,
    projectId: ACME.project_id,
    sourceId: ACME.source_id,
    lettersFolder: lettersIn(folder),
    artifacts,
    model,
  });
  await writePrivateFile(configPath, `${JSON.stringify(config, null, 2)}\n`);
  const environment = {
    ...artifacts.environment,
    ...(model === undefined ? {} : { [MODEL_KEY]: model.apiKey }),
  };
  return processes.start(runnerChild({ configPath, token: secrets.runnerToken, databaseUrl, environment }));
}

async function localFile(
  url: string,
  issuer: string,
  database_url: string,
  secrets: LocalSecrets,
  personToken: Stack['personToken'],
): Promise<LocalFile> {
  return {
    url,
    project_id: ACME.project_id,
    source_id: ACME.source_id,
    database_url,
    issuer,
    tokens: {
      owner: await personToken(subOf('owner')),
      approver: await personToken(subOf('approver')),
      agent: secrets.agentToken,
      runner: secrets.runnerToken,
    },
  };
}

/** The first seeded person with this role. */
export function subOf(role: string): string {
  const person = PEOPLE.find(({ membership }) => membership?.role === role);
  if (person === undefined) throw new LocalFault(`nobody is seeded as ${role}`, { code: 'not_seeded' });
  return person.sub;
}

async function watch(name: string, exited: Promise<unknown>): Promise<string> {
  await exited;
  return `${name} ended`;
}

/** Everything but the logs of the start that is under way and the lock. */
async function forget(folder: string): Promise<void> {
  const parts = [
    'plane',
    'issuer',
    'customer-database',
    'secrets.json',
    'local.json',
    'story.json',
    'runner.json',
    'letters',
    'artifacts',
    'snapshots',
    'snapshot-keys',
    'logs',
  ];
  for (const part of parts) await rm(join(folder, part), { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}
