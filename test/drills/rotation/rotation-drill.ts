import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signedManifestSchema } from '@countersign/protocol/backup/snapshot-manifest';
import { readLogLine } from '@countersign/protocol/log/log-line';
import { mintToken } from '@countersign/protocol/token';
import * as z from 'zod';
import { backups, snapshot } from '../../support/backup-flow.ts';
import { eventually } from '../../support/eventually.ts';
import { machines, type TestTenant } from '../../support/tenant.ts';
import type { RotationFacts, SnapshotFacts } from './facts.ts';
import { judgeRotation, type RotationReport } from './judge-rotation.ts';
import type { RotationDrillOptions } from './options.ts';
import { rotateEdge } from './rotate-edge.ts';
import { RotationStage } from './stage/rotation-stage.ts';
import { Traffic } from './stage/traffic.ts';

const LONGEST_STEP_MS = 180_000;
const SELF = '/v1/control/sessions/self';
const RETIRE_AFTER_SECONDS = 600;

const changedSchema = z.object({
  key_id: z.string(),
  key_ids: z.array(z.string()),
  next: z.array(z.string()),
});
const listedSchema = z.object({
  keys: z.array(z.object({ kind: z.string(), key_id: z.string(), signed: z.int() })),
  held_by_older: z.array(z.object({ credential_id: z.string() })),
});

/** The credentials of the drill's tenant, by the noun of the command that rotates each. */
const nouns = { agent: 'agents', runner: 'runner-tokens', service: 'services' } as const;

/**
 * Rotates the keys of tokens and of snapshots under traffic by the printed commands, retires the old ones, and tries what
 * was made with them; then the same, and the hosting token, of Workers that get their secrets one after another.
 *
 * @param onStep told what is done now
 */
export async function runRotationDrill(
  options: RotationDrillOptions,
  onStep: (step: string) => void = () => undefined,
): Promise<RotationReport> {
  const stage = await RotationStage.start(options);
  try {
    return judgeRotation(await play(stage, options, onStep));
  } finally {
    await stage.stop();
  }
}

async function play(
  stage: RotationStage,
  { between, isHasty }: RotationDrillOptions,
  onStep: (step: string) => void,
): Promise<RotationFacts> {
  const { commands, jobs, served, tenant } = stage;
  await stage.startRunner(tenant.runner.token);
  const traffic = new Traffic(tenant, jobs);
  onStep('proposing, approving, applying, and taking a snapshot');
  await traffic.goesOn(between);
  await snapshot(tenant);
  onStep('rotating the keys of tokens and of snapshots, and starting the plane again');
  const tokens = await change(stage, 'rotate tokens');
  const snapshots = await change(stage, 'rotate snapshots');
  const [oldTokens = '', oldSnapshots = ''] = [tokens, snapshots].map(({ key_ids: [, old] }) => old);
  await restart(stage, tokens.next);
  traffic.part = 'overlap';
  await traffic.goesOn(between);
  await snapshot(tenant);
  onStep('trying to retire the old key of tokens while it is in use');
  const heldBefore = listedSchema.parse(await commands.json('countersign keys list')).held_by_older.length;
  const early = await commands.run(`countersign keys retire tokens ${oldTokens}`);
  if (isHasty) await takeAway(join(served.folder, 'keys'));
  else await rotateCredentials(stage, traffic);
  await traffic.goesOn(isHasty ? 0 : between);
  onStep('retiring the old keys, and starting the plane again');
  if (!isHasty) await change(stage, `retire tokens ${oldTokens}`);
  const { next } = await change(stage, `retire snapshots ${oldSnapshots}`);
  await restart(stage, next);
  traffic.part = 'after';
  await traffic.goesOn(isHasty ? 0 : between);
  await snapshot(tenant);
  const seen = await traffic.stop();
  const approved = new Set(traffic.approved.map(({ row }) => row));
  onStep('waiting until everything is applied');
  const rows = await eventually(
    async () => (await stage.shop.rows()).filter(({ id }) => approved.has(id)),
    (all) => isHasty || all.every(({ moved }) => moved > 0),
    LONGEST_STEP_MS,
  );
  await stage.stopRunner();
  const logged = refusalsIn(await stage.log());
  onStep('trying what was made with the retired key, and what a thief makes with it');
  const tried = await tryRetired(tenant, served.macKey);
  onStep('verifying every snapshot');
  const verified = await verifyAll(stage);
  onStep('the Workers of an edge, one after another, and the hosting token');
  const edge = await rotateEdge(served.folder, served.program, served.issuers.get('members'));
  return {
    traffic: seen,
    logged,
    rows,
    heldBefore,
    earlyRetirement: early.code,
    snapshots: verified,
    ...tried,
    isAnyKeyPrinted: await isAnyKeyIn(stage, served.macKey),
    edge,
  };
}

async function change({ commands }: RotationStage, what: string) {
  return changedSchema.parse(await commands.json(`countersign keys ${what}`));
}

/** By the commands that the change printed. */
async function restart({ commands }: RotationStage, lines: readonly string[]): Promise<void> {
  for (const line of lines) await commands.well(line);
}

/** What must not be done: as somebody would who edits the file. */
async function takeAway(file: string): Promise<void> {
  const [newest = ''] = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, `${newest}\n`);
}

/** Gives each credential a new token, hands over to it, and ends the old one. */
async function rotateCredentials(stage: RotationStage, traffic: Traffic): Promise<void> {
  const { served, tenant } = stage;
  const owner = (...args: string[]) => served.runAs(tenant, tenant.olivia.token, ...args);
  const tokens = new Map<string, string>();
  for (const [name, { kind }] of Object.entries(machines)) {
    const file = stage.at(`${name}.token`);
    const overlap = ['--overlap', String(RETIRE_AFTER_SECONDS)];
    await well(owner(nouns[kind], 'rotate', `crd_${name}`, ...overlap, '--save', file));
    tokens.set(name, (await readFile(file, 'utf8')).trim());
  }
  const bearing = (name: string) => tenant.bearing(tokens.get(name) ?? '');
  traffic.clients = { agent: bearing('agent'), service: bearing('service') };
  await stage.stopRunner();
  await stage.startRunner(tokens.get('runner') ?? '');
  // What was sent with the old one has been answered when so much more was done.
  await traffic.goesOn(OLD_ONES_ANSWERED);
  for (const [name, { kind }] of Object.entries(machines))
    await well(owner(nouns[kind], 'revoke', `crd_${name}`));
}

/** Each loop has begun a round since, and ended it. */
const OLD_ONES_ANSWERED = 9;

async function well(running: Promise<{ readonly code: number | null; readonly err: string }>): Promise<void> {
  const { code, err } = await running;
  if (code !== 0) throw new Error(`ended with ${code}: ${err}`);
}

/** Whoever was refused for a token, by the plane's own log. */
function refusalsIn(log: string): readonly string[] {
  return log
    .split('\n')
    .map(readLogLine)
    .flatMap((line) => (line?.event === 'request.denied' ? [String(line.code)] : []))
    .filter((code) => code.startsWith('token_'));
}

async function tryRetired(
  tenant: TestTenant,
  oldKey: string,
): Promise<Pick<RotationFacts, 'oldTokens' | 'stolenKey'>> {
  const got = async (token: string) => {
    const { body, status } = await tenant.bearing(token).get(SELF);
    return status < 300 ? 'in' : String(body.error_code ?? status);
  };
  const all = Object.entries(machines);
  const stolen = all.flatMap(([name, { mark }]) =>
    [`crd_${name}`, `crd_${name}_of_a_thief`].map((id) => mintToken(mark, tenant.project, id, oldKey)),
  );
  const old = all.map(([name]) => Object(tenant)[name].token);
  return { oldTokens: await Promise.all(old.map(got)), stolenKey: await Promise.all(stolen.map(got)) };
}

/** By the plane, and elsewhere with nothing but the public keys. */
async function verifyAll({ commands, served, tenant }: RotationStage): Promise<readonly SnapshotFacts[]> {
  const owner = (...args: string[]) => served.runAs(tenant, tenant.olivia.token, 'backup', ...args);
  const keys = join(served.folder, 'public-keys.json');
  await writeFile(keys, (await owner('keys')).out);
  const found: SnapshotFacts[] = [];
  for (const { snapshot_id: snapshotId } of (await backups(tenant)).snapshots) {
    const folder = join(served.folder, 'snapshots', tenant.project, snapshotId);
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    const elsewhere = await commands.run(`countersign backup verify --from ${folder} --keys ${keys}`);
    found.push({
      snapshotId,
      keyId: signedManifestSchema.parse(manifest).manifest.key_id,
      isGoodElsewhere: elsewhere.code === 0,
      isGoodHere: (await owner('verify', snapshotId)).code === 0,
    });
  }
  return found;
}

/** Whether a key stands in the log, or in what a command printed. */
async function isAnyKeyIn(stage: RotationStage, oldKey: string): Promise<boolean> {
  const { folder, store } = stage.served;
  const tokens = (await readFile(join(folder, 'keys'), 'utf8')).split('\n').filter((key) => key !== '');
  const snapshots: unknown = JSON.parse(await readFile(join(store, 'snapshot-keys'), 'utf8'));
  const privates = z.array(z.object({ d: z.string().optional() })).parse(snapshots);
  const secrets = [oldKey, ...tokens, ...privates.flatMap(({ d }) => (d === undefined ? [] : [d]))];
  const said = `${stage.commands.printed}${await stage.log()}`;
  return secrets.some((secret) => said.includes(secret));
}
