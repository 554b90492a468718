import type { Carriable } from '@countersign/protocol/backup/carried-losses';

/** An origin is put on the list, or taken off it. */
export type CorsEvent = {
  readonly type: 'cors.allowed' | 'cors.denied';
  readonly body: Carriable & { readonly origin: string; readonly name: string };
};
