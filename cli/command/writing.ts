import { randomUUID } from 'node:crypto';
import type { WriteOptions } from '@countersign/client/http';
import type { Context } from './context.ts';
import type { Options } from './options.ts';

export const reasonOption = {
  reason: { type: 'string', value: 'TEXT', help: 'why; it stands in the ledger' },
} as const satisfies Options;

/** One key for each time that a command is called: what the network repeats happens once. */
export function writeOptions({ world }: Context): WriteOptions {
  return { idempotencyKey: randomUUID(), signal: world.signal };
}
