import { digest } from '@countersign/protocol/canonical-json';
import { restoredBy } from '@countersign/protocol/change-set/check-descriptor';
import { deduplicationRow } from '@countersign/protocol/change-set/deduplication';
import { setOperations } from '@countersign/protocol/change-set/frozen-set';
import { reversals } from '@countersign/protocol/change-set/inverse-descriptor';
import type { BoundedSetResult, CompensationResult, SingleRowResult } from '@countersign/protocol/job/result';
import {
  columnValueSchema,
  digestSchema,
  identifierSchema,
  scalarSchema,
} from '@countersign/protocol/values';
import * as z from 'zod';
import type { OperationJob } from './planned-rows.ts';

/** What the result of a job must say of it, in the job's own version (PROTOCOL 3.8), whatever came of it. */
export type JobAnswer =
  | { readonly version: '1.0' }
  | {
      readonly version: '2.0';
      readonly operation: SingleRowResult['operation'];
      readonly keyColumn: string;
      readonly identity: SingleRowResult['target_identity'];
      /** Of the row as it was approved to become, or to have been; only where it was written. */
      readonly digests: Pick<SingleRowResult, 'after_digest' | 'tombstone_digest'>;
    }
  | {
      readonly version: '3.0';
      readonly operation: BoundedSetResult['operation'];
      readonly identities: BoundedSetResult['target_identities'];
      readonly setDigest: string;
      readonly effects: BoundedSetResult['member_effects'];
    }
  | {
      readonly version: '4.0';
      readonly operation: CompensationResult['operation'];
      readonly identities: CompensationResult['target_identities'];
      readonly effects: CompensationResult['member_effects'];
    };

/** The answer to a job that has been verified. The database has compared every row with what the digests are of. */
export function answerOf(job: OperationJob): JobAnswer {
  switch (job.protocol_version) {
    case '2.0': {
      const { column, value } = job.target.primary_key;
      const named = value === undefined ? undefined : { column, value };
      const { operation } = job;
      const shared = { version: '2.0', operation, keyColumn: column } as const;
      if (job.operation === 'single_row_insert') {
        const components = job.deduplication.components.map((one) => ({
          column: one.column,
          value: one.value,
        }));
        const after = { ...job.patch, ...deduplicationRow(job.deduplication) };
        const digests =
          named === undefined ? {} : { after_digest: digest({ primary_key: named.value, after }) };
        return { ...shared, identity: named === undefined ? components : [named], digests };
      }
      const identity = named === undefined ? [] : [named];
      if (job.operation === 'single_row_update') return { ...shared, identity, digests: {} };
      const { column: versionColumn, expected_value } = job.conflict_guard;
      const tombstone = { column: versionColumn, value: expected_value };
      const tombstone_digest = digest({ primary_key: value ?? null, expected_version: tombstone });
      return { ...shared, identity, digests: { tombstone_digest } };
    }
    case '3.0':
      return {
        version: '3.0',
        operation: job.operation,
        identities: job.frozen_set.members.map(({ primary_key }) => primary_key),
        setDigest: job.frozen_set.set_digest,
        effects: job.frozen_set.members.map(
          ({ primary_key, before_digest, after_digest, tombstone_digest }) => ({
            primary_key,
            ...(before_digest === undefined ? {} : { before_digest }),
            ...(after_digest === undefined ? {} : { after_digest }),
            ...(tombstone_digest === undefined ? {} : { tombstone_digest }),
          }),
        ),
      };
    case '4.0':
      return {
        version: '4.0',
        operation: job.operation,
        identities: job.compensation.members.map(({ primary_key }) => primary_key),
        effects: job.compensation.members.map((member) => restoredEffect(job.operation, member)),
      };
  }
}

type Restored = Extract<OperationJob, { protocol_version: '4.0' }>['compensation']['members'][number];

function restoredEffect(operation: CompensationResult['operation'], member: Restored) {
  const { expected_state: before, primary_key } = member;
  const after = restoredBy(member);
  const { value } = primary_key;
  return {
    primary_key,
    ...(operation === 'restore_insert' ? {} : { before_digest: digest({ primary_key: value, before }) }),
    ...(after === undefined ? {} : { after_digest: digest({ primary_key: value, after }) }),
  };
}

const keySchema = z.object({ column: identifierSchema, value: scalarSchema });
const namedSchema = z.object({ primary_key: columnValueSchema });
const unverifiedSchema = z.discriminatedUnion('protocol_version', [
  z.object({
    protocol_version: z.literal('2.0'),
    operation: z.enum(['single_row_update', 'single_row_insert', 'single_row_delete']),
    target: z.object({ primary_key: keySchema.partial({ value: true }) }),
    deduplication: z.object({ components: z.array(keySchema).min(1).max(8) }).optional(),
  }),
  z.object({
    protocol_version: z.literal('3.0'),
    operation: z.enum(setOperations),
    frozen_set: z.object({ members: z.array(namedSchema).min(1).max(100), set_digest: digestSchema }),
  }),
  z.object({
    protocol_version: z.literal('4.0'),
    operation: z.enum(reversals),
    compensation: z.object({ members: z.array(namedSchema).min(1).max(100) }),
  }),
]);

/** What a refusal can say of a job that was not verified; undefined where it does not even say what it is about. */
export function answerOfUnverified(value: unknown): JobAnswer | undefined {
  const parsed = unverifiedSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const job = parsed.data;
  switch (job.protocol_version) {
    case '2.0': {
      const { column, value: key } = job.target.primary_key;
      const components = job.deduplication?.components ?? [];
      const identity = key === undefined ? components.map(pick) : [{ column, value: key }];
      if (identity.length === 0) return undefined;
      return { version: '2.0', operation: job.operation, keyColumn: column, identity, digests: {} };
    }
    case '3.0': {
      const { members, set_digest: setDigest } = job.frozen_set;
      const identities = members.map(({ primary_key }) => primary_key);
      return { version: '3.0', operation: job.operation, identities, setDigest, effects: [] };
    }
    case '4.0': {
      const identities = job.compensation.members.map(({ primary_key }) => primary_key);
      return { version: '4.0', operation: job.operation, identities, effects: [] };
    }
  }
}

function pick({ column, value }: z.infer<typeof keySchema>) {
  return { column, value };
}
