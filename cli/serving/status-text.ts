import type { PlaneStatus } from '@countersign/serve/plane-status';
import { facts } from '../output/table.ts';
import { NO_BACKUPS } from './banner-text.ts';

const KILO = 1000;
const SECONDS = { day: 86_400, hour: 3_600, minute: 60 } as const;

/** How a plane on this machine is, for a person. */
export function statusText(status: PlaneStatus): string {
  const { healthy, log, pid, running, stale_pid, store, store_bytes, tenants, uptime_seconds, url } = status;
  return facts([
    ['state', running ? `running, process ${pid ?? 'unknown'}` : 'not running'],
    ['address', running ? `${url ?? 'not yet'}${healthy ? '' : ' (does not answer)'}` : undefined],
    ['version', status.version],
    ['up', uptime_seconds === null ? undefined : durationText(uptime_seconds)],
    ['store', `${store} (${sizeText(store_bytes)})`],
    ['log', running ? (log ?? 'standard output') : undefined],
    ['tenants', tenants ?? 'none yet'],
    ['backup destination', status.backup_destination ?? NO_BACKUPS],
    ...status.warnings.map((text) => ['WARNING', text] as const),
    ['left behind', stale_pid === null ? undefined : `the PID file of process ${stale_pid}, which is gone`],
  ]);
}

/** The two largest units that matter: nobody wants the seconds of a week. */
export function durationText(seconds: number): string {
  const { day, hour, minute } = SECONDS;
  if (seconds >= day) return `${Math.floor(seconds / day)} d ${Math.floor((seconds % day) / hour)} h`;
  if (seconds >= hour) return `${Math.floor(seconds / hour)} h ${Math.floor((seconds % hour) / minute)} min`;
  if (seconds >= minute) return `${Math.floor(seconds / minute)} min ${seconds % minute} s`;
  return `${seconds} s`;
}

export function sizeText(bytes: number): string {
  if (bytes < KILO ** 2) return `${(bytes / KILO).toFixed(1)} kB`;
  if (bytes < KILO ** 3) return `${(bytes / KILO ** 2).toFixed(1)} MB`;
  return `${(bytes / KILO ** 3).toFixed(1)} GB`;
}
