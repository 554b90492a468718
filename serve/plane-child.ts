import { fileURLToPath } from 'node:url';
import type { NewTenant } from '@countersign/provisioner/create-tenant';
import { readReadyLine } from './ready-line.ts';
import type { PlaneOptions } from './start-plane.ts';

const READY_TIMEOUT_MS = 30_000;

/** What the plane's process is told: in its environment, since it holds the MAC key. */
export interface PlaneWish {
  readonly plane: Omit<PlaneOptions, 'code' | 'onLog'>;
  /** Made when it is not there yet. */
  readonly tenant: NewTenant;
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
 * that ends in order when its parent is gone.
 */
export function planeChild(wish: PlaneWish): PlaneChild {
  return {
    name: 'plane',
    script: fileURLToPath(new URL('./plane-process.ts', import.meta.url)),
    args: [],
    env: { COUNTERSIGN_PLANE: JSON.stringify(wish) },
    readReady: readReadyLine,
    readyTimeoutMs: READY_TIMEOUT_MS,
  };
}
