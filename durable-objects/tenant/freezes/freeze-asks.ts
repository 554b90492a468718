import type { FreezeScope } from '@countersign/protocol/fleet-requests';

/** What can be asked about freezes, in a turn. */
export type FreezeAsk =
  | {
      readonly type: 'place-freeze';
      readonly scope: FreezeScope;
      readonly reason: string;
      /** Unix milliseconds. */
      readonly until: number | null;
    }
  /** A freeze that is placed in an emergency: of everything, or of one runner, until somebody lifts it. */
  | { readonly type: 'emergency-stop'; readonly runnerId: string | null; readonly reason: string }
  | { readonly type: 'lift-freeze'; readonly freezeId: string; readonly reason: string };

export type FreezeLook = { readonly type: 'list-freezes' };

const types: ReadonlySet<string> = new Set<FreezeAsk['type']>([
  ...(['place-freeze', 'emergency-stop', 'lift-freeze'] as const),
]);

export function isAboutFreezes(ask: { readonly type: string }): ask is FreezeAsk {
  return types.has(ask.type);
}
