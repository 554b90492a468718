import type { NewTenant } from '@countersign/provisioner/create-tenant';
import { scriptNamed } from './plane-files.ts';
import { readReadyLine } from './ready-line.ts';
import type { PlaneOptions } from './start-plane.ts';

const READY_TIMEOUT_MS = 30_000;

/** What the plane's process is told: in its environment, since it holds keys. */
export interface PlaneWish {
  readonly plane: Omit<PlaneOptions, 'code' | 'dashboard' | 'onLog' | 'persist' | 'provisioner'> & {
    readonly persist: string;
  };
  /** Where snapshots go, and what the provisioner is set to for them; null: nothing is copied. */
  readonly backups: PlaneBackups | null;
  /** Made when it is not there yet. */
  readonly tenant?: NewTenant;
}

export interface PlaneBackups {
  readonly folder: string;
  readonly settings: Readonly<Record<'SNAPSHOT_KEYS' | 'BACKUPS', string>>;
}

/** How to start it, and what it says on stdout when it serves. */
export interface PlaneChild {
  readonly name: string;
  readonly script: string;
  readonly args: string[];
  readonly env: Record<string, string>;
  readonly readReady: (line: string) => string | null;
  readonly readyTimeoutMs: number;
}

/**
 * The plane as a process of its own, ready with its address: workerd outlives a killed parent, but not a process
 * that ends in order when its parent is gone. It must lead a process group, by which what it leaves behind is found.
 */
export function planeChild(wish: PlaneWish): PlaneChild {
  return {
    name: 'plane',
    script: scriptNamed('plane-process'),
    args: [],
    env: { COUNTERSIGN_PLANE: JSON.stringify(wish) },
    readReady: readReadyLine,
    readyTimeoutMs: READY_TIMEOUT_MS,
  };
}
