import * as z from 'zod';
import type { BackupApi } from '../backup/backup-requests.ts';
import type { Refusal } from '../problem.ts';
import { foreignIdSchema } from '../values.ts';
import { labelSchema } from './label.ts';

/** Where a tenant's object and rows should lie: the platform's location hints. */
export const regions = ['wnam', 'enam', 'sam', 'weur', 'eeur', 'apac', 'oc', 'afr', 'me'] as const;
export type Region = (typeof regions)[number];
/** Where they must stay. */
export const jurisdictions = ['eu', 'fedramp'] as const;
export type Jurisdiction = (typeof jurisdictions)[number];

const sourceSchema = z.strictObject({
  source_id: foreignIdSchema,
  name: z.string().min(1).max(120),
  engine: z.enum(['postgres', 'mysql']),
});

export const provisionSchema = z.strictObject({
  label: labelSchema,
  region: z.enum(regions).optional(),
  jurisdiction: z.enum(jurisdictions).optional(),
  /** Databases that runners will serve; what they are reached with never comes here. */
  sources: z
    .array(sourceSchema)
    .max(10)
    .default([])
    .refine(
      (all) => new Set(all.map(({ source_id }) => source_id)).size === all.length,
      'names a source twice',
    ),
  /** A runner on the hosting provider's machines, for actions and tasks. */
  hosted_runner: z
    .strictObject({
      targets: z.array(foreignIdSchema).max(20).default([]),
      handlers: z.array(foreignIdSchema).max(20).default([]),
    })
    .optional(),
});
export type Provision = z.infer<typeof provisionSchema>;

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
