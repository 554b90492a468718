import './exit-with-parent.ts';
import { mkdir, rm } from 'node:fs/promises';
import { assertAddressFree } from './assert-address-free.ts';
import { copiesBeside } from './copy-before.ts';
import { dashboardFolder, filesOf } from './dashboard-files.ts';
import type { PlaneBackups, PlaneWish } from './plane-child.ts';
import { takePlaneFolder } from './plane-folder.ts';
import { jsonLog } from './plane-log.ts';
import { prepareStore } from './prepare-store.ts';
import { announceReady } from './ready-line.ts';
import { faultLine, ServeFault } from './serve-fault.ts';
import { snapshotFolder } from './snapshot-folder.ts';
import { LOOPBACK, type PlaneProvisioner, startPlane } from './start-plane.ts';
import { watchWorkerd } from './watch-workerd.ts';
import { gatewayCode, provisionerCode } from './worker-code.ts';

/* The plane as a process of its own: plane-child.ts is how to start it. */

/** What is held longer than this, as polls are, is cut off; whoever asked asks again. */
const DRAIN_MS = 5_000;
/** As on the edge. */
const LOOK_AFTER_BACKUPS_EVERY_MS = 3_600_000;

const wish = JSON.parse(process.env.COUNTERSIGN_PLANE ?? 'null') as PlaneWish;
// What this process starts gets its environment, and has no use for the keys.
delete process.env.COUNTERSIGN_PLANE;

try {
  await servePlane(wish);
} catch (fault) {
  if (!(fault instanceof ServeFault)) throw fault;
  say(faultLine(fault));
  process.exit(1);
}

async function servePlane({ backups, plane: options, tenant }: PlaneWish): Promise<void> {
  const { host = LOOPBACK, persist, port } = options;
  await takePlaneFolder(persist);
  // Beside its own files: the system's folder may not be writable, and a plane that was killed leaves things there.
  process.env.TMPDIR = await emptyFolder(`${persist}.tmp`);
  await assertAddressFree(host, port);
  const dashboard = filesOf(await dashboardFolder());
  const [code, provisioner] = await Promise.all([gatewayCode(), provisionerWith(backups)]);
  const copy = await prepareStore(persist, copiesBeside(persist, backups?.folder));
  if (copy !== null) jsonLog((line) => process.stdout.write(line))('plane.copied', { copy });
  let isStopping = false;
  const workerd = watchWorkerd(() => {
    if (!isStopping) say('workerd ended by itself');
    process.exit(isStopping ? 0 : 1);
  });
  const plane = await startPlane({ ...options, code, dashboard, provisioner, onLog: say });
  process.on('message', (message) => {
    if (message !== 'stop') return;
    isStopping = true;
    setTimeout(() => process.exit(0), DRAIN_MS).unref();
    workerd.drain();
  });
  if (tenant !== undefined && !(await plane.hasTenant(tenant.tenant))) await plane.createTenant(tenant);
  announceReady(plane.url);
  if (backups === null) return;
  const lookAfter = () =>
    plane.lookAfterBackups().catch((fault: unknown) => {
      if (!isStopping) say(`backups were not looked after: ${String(fault)}`);
    });
  setInterval(() => void lookAfter(), LOOK_AFTER_BACKUPS_EVERY_MS).unref();
  await lookAfter();
}

async function provisionerWith(backups: PlaneBackups | null): Promise<PlaneProvisioner> {
  const code = await provisionerCode();
  if (backups === null) return { code, settings: {} };
  return { code, settings: backups.settings, snapshots: snapshotFolder(backups.folder) };
}

async function emptyFolder(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
