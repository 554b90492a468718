import type { WriteOptions } from '@countersign/client/http';
import type { Context } from './context.ts';
import type { Options } from './options.ts';

export const reasonOption = {
  reason: { type: 'string', value: 'TEXT', help: 'why; it stands in the ledger' },
} as const satisfies Options;

export function writeOptions(context: Context): WriteOptions {
  return { idempotencyKey: context.takeWriteKey(), signal: context.world.signal };
}
