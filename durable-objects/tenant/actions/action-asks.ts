import type {
  BeginAction,
  ClaimActions,
  ConfirmAction,
  ListActionsQuery,
  RenewAction,
  RequestAction,
  ReturnAction,
} from '@countersign/protocol/action/action-requests';

/** What can be asked about actions, in a turn. */
export type ActionAsk =
  | {
      readonly type: 'request-action';
      readonly request: RequestAction;
      readonly traceparent?: string | undefined;
    }
  | {
      readonly type: 'decide-action';
      readonly actionId: string;
      readonly verdict: 'approved' | 'rejected';
      readonly reason: string | null;
      readonly effectDigest: string | null;
    }
  | { readonly type: 'cancel-action'; readonly actionId: string; readonly reason: string | null }
  | { readonly type: 'claim-actions'; readonly request: ClaimActions; readonly waiterId: string | null }
  | { readonly type: 'begin-action'; readonly actionId: string; readonly request: BeginAction }
  | { readonly type: 'renew-action'; readonly actionId: string; readonly request: RenewAction }
  | { readonly type: 'return-action'; readonly actionId: string; readonly request: ReturnAction }
  | { readonly type: 'confirm-action'; readonly actionId: string; readonly request: ConfirmAction }
  | {
      readonly type: 'settle-action';
      readonly actionId: string;
      readonly outcome: 'succeeded' | 'failed' | 'retry';
      readonly reason: string;
    }
  | {
      readonly type: 'recover-actions';
      readonly request: {
        readonly target: string;
        readonly expected: number;
        readonly per_minute: number;
        readonly reason: string;
      };
    };

export type ActionLook =
  | { readonly type: 'read-action'; readonly actionId: string }
  | { readonly type: 'list-actions'; readonly query: ListActionsQuery }
  | { readonly type: 'list-targets' }
  | { readonly type: 'action-events'; readonly limit: number; readonly cursor: string | null };

const types: ReadonlySet<string> = new Set<ActionAsk['type']>([
  ...(['request-action', 'decide-action', 'cancel-action', 'claim-actions', 'begin-action'] as const),
  ...(['renew-action', 'return-action', 'confirm-action', 'settle-action', 'recover-actions'] as const),
]);

export function isAboutActions(ask: { readonly type: string }): ask is ActionAsk {
  return types.has(ask.type);
}
