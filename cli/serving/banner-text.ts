import type { Serving } from '@countersign/serve/daemon-report';
import { facts } from '../output/table.ts';

/** What a backup destination is called where there is none. */
export const NO_BACKUPS = 'none: nothing is copied off this host';

/** What a person should know of a plane that has just begun to serve. */
export function bannerText(serving: Serving): string {
  const { backups, copy, is_behind_proxy, log, pid, stale_pid, store, url, warnings } = serving;
  const banner = facts([
    ['address', is_behind_proxy ? `${url} (plain HTTP, for the proxy before it that speaks TLS)` : url],
    ['store', store],
    ['backup destination', backups ?? NO_BACKUPS],
    ['copied as it was', copy ?? undefined],
    ['log', log ?? 'standard output'],
    ['process', pid],
    ...warnings.map((text) => ['WARNING', text] as const),
  ]);
  return stale_pid === null ? banner : `${staleText(stale_pid)}\n${banner}`;
}

function staleText(pid: number): string {
  return `the PID file was left by process ${pid}, which was killed or went down with the machine; whatever it acknowledged is stored`;
}
