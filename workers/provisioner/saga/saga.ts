import type { Provision } from '@countersign/protocol/provisioning/provision-wish';
import type { Owner, Progress, StepState } from '@countersign/protocol/provisioning/provisioning-requests';

/** Why a step did not end as it should. `mayPass`: whether the same step may end well later, by itself. */
export interface Trouble {
  readonly code: string;
  readonly mayPass: boolean;
  /** At least so long to wait before it, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** What a step came to; `found` is what later steps go by. */
export type StepEnd =
  | { readonly ok: true; readonly found?: Partial<Found> }
  | { readonly ok: false; readonly trouble: Trouble };

/** What the steps have found out or chosen. */
export interface Found {
  /** The name of the D1 binding that holds the tenant's rows. */
  readonly shard: string;
  readonly region: string;
  /** The key of the hosted runner's token, by its id: another may be the newest before all steps are done. */
  readonly macKey: string;
  readonly secretsVersion: number;
  readonly machineId: string;
}

export interface StepStanding {
  readonly name: StepName;
  readonly state: StepState;
  /** Since it was last begun anew: doing and undoing are counted apart. */
  readonly attempts: number;
  readonly trouble: string | null;
  /** Unix milliseconds. */
  readonly retryAt: number | null;
}

export type StepName =
  | 'reserve_label'
  | 'place'
  | 'create_tenant'
  | 'host_app'
  | 'host_secret'
  | 'host_machine'
  | 'host_health'
  | 'open';

/** The whole of a provisioning, as it is stored before and after each step. */
export interface Saga {
  readonly saga_id: string;
  readonly tenant: string;
  /** Names the batch that makes the head, and the hosted runner's token is made of it. */
  readonly nonce: string;
  readonly owner: Owner;
  readonly wish: Provision;
  /** Unix milliseconds. */
  readonly begunAt: number;
  readonly state: Progress['state'];
  readonly revision: number;
  readonly steps: readonly StepStanding[];
  readonly found: Partial<Found>;
  /** What it failed with, where all is undone. */
  readonly failure: { readonly step: StepName; readonly trouble: string } | null;
}

export type NewSaga = Pick<Saga, 'saga_id' | 'tenant' | 'nonce' | 'owner' | 'wish' | 'begunAt'>;

const always = ['reserve_label', 'place', 'create_tenant'] as const;
const hosted = ['host_app', 'host_secret', 'host_machine', 'host_health'] as const;

export function newSaga(given: NewSaga): Saga {
  const names: readonly StepName[] = [
    ...always,
    ...(given.wish.hosted_runner === undefined ? [] : hosted),
    'open',
  ];
  const steps = names.map((name) => ({ name, ...waiting }));
  return { ...given, state: 'going', revision: 1, steps, found: {}, failure: null };
}

const waiting = { state: 'waiting', attempts: 0, trouble: null, retryAt: null } as const;

export function progressOf({ label }: Provision, saga: Saga): Progress {
  return {
    provisioning_id: saga.saga_id,
    project_id: saga.tenant,
    label,
    state: saga.state,
    revision: saga.revision,
    failure: saga.failure,
    steps: saga.steps.map(({ attempts, name, retryAt, state, trouble }) => ({
      name,
      state,
      attempts,
      trouble,
      retry_at: retryAt === null ? null : new Date(retryAt).toISOString(),
    })),
  };
}
