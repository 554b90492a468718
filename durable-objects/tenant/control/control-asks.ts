import type { ControlKind, SaveControl } from '@countersign/protocol/control/control-document';

/** What can be asked about the registry, in a turn. */
export type ControlAsk =
  | { readonly type: 'save-control'; readonly request: SaveControl }
  | {
      readonly type: 'activate-control';
      readonly kind: ControlKind;
      readonly name: string;
      readonly digest: string;
      readonly reason: string | null;
    }
  | {
      readonly type: 'retire-control';
      readonly kind: ControlKind;
      readonly name: string;
      readonly reason: string | null;
    };

export type ControlLook =
  | { readonly type: 'read-snapshot' }
  | { readonly type: 'list-controls'; readonly limit: number; readonly cursor: string | null }
  | { readonly type: 'read-control'; readonly kind: ControlKind; readonly name: string }
  | { readonly type: 'control-changes'; readonly limit: number; readonly cursor: string | null };

const types: ReadonlySet<string> = new Set<ControlAsk['type']>([
  ...(['save-control', 'activate-control', 'retire-control'] as const),
]);

export function isAboutControl(ask: { readonly type: string }): ask is ControlAsk {
  return types.has(ask.type);
}
