import * as z from 'zod';
import type { BackupApi } from '../backup/backup-requests.ts';
import type { Refusal } from '../problem.ts';
import type { Provision } from './provision-wish.ts';

/** How long a look at the progress may be held, in seconds. */
export const LONGEST_LOOK_SECONDS = 20;
export const progressQuerySchema = z.strictObject({
  wait_seconds: z.coerce.number().int().min(0).max(LONGEST_LOOK_SECONDS).default(0),
  /** Answers at once where the progress has another revision than this. */
  after: z.coerce.number().int().min(0).optional(),
});
export type ProgressQuery = z.infer<typeof progressQuerySchema>;

export const stepStates = ['waiting', 'under_way', 'retrying', 'done', 'failed', 'undone'] as const;
export type StepState = (typeof stepStates)[number];

/** How far a tenant has come to be, as whoever asked for it sees it. */
export interface Progress {
  readonly provisioning_id: string;
  readonly project_id: string;
  readonly label: string;
  readonly state: 'going' | 'done' | 'undoing' | 'undone';
  readonly revision: number;
  /** What it failed with, where all is undone: the step, and a code of it. */
  readonly failure: { readonly step: string; readonly trouble: string } | null;
  readonly steps: readonly {
    readonly name: string;
    readonly state: StepState;
    readonly attempts: number;
    /** Why it is tried again, or is not; a code of the step. */
    readonly trouble: string | null;
    readonly retry_at: string | null;
  }[];
}

/** A person as the gateway knows them. */
export interface Owner {
  /** `<issuer> <subject>` */
  readonly person: string;
}

export type Told<Body> =
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly refusal: Refusal };

/** What the gateway asks of the provisioner, after it has made sure who asks. */
export interface ProvisionerApi extends BackupApi {
  begin(owner: Owner, wish: Provision): Promise<Told<Progress>>;
  look(owner: Owner, label: string, query: ProgressQuery): Promise<Told<Progress>>;
}
