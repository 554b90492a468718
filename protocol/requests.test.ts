import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import {
  claimRequestSchema,
  releaseRequestSchema,
  renewRequestSchema,
  resultRequestSchema,
} from './job-requests.ts';
import { Refused } from './problem.ts';
import {
  decisionRequestSchema,
  listProposalsQuerySchema,
  proposeRequestSchema,
  readProposalQuerySchema,
} from './proposal-requests.ts';
import { activitySchema, heartbeatSchema, registrationSchema } from './runner-messages.ts';
import { parseOrRefuse } from './validation.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Each request with a good example, and what is wrong with variations of it: the code, and where. */
const requests: Readonly<
  Record<string, { schema: z.ZodType; good: Fields; bad: readonly (readonly [Fields, string, string])[] }>
> = {
  claim: {
    schema: claimRequestSchema,
    good: { source_id: 'src_1', runner_id: 'runner-1', limit: 5, lease_seconds: 60, wait_seconds: 25 },
    bad: [
      [{ limit: 0 }, 'validation_failed', '$.limit'],
      [{ limit: 51 }, 'validation_failed', '$.limit'],
      [{ limit: 1.5 }, 'validation_failed', '$.limit'],
      [{ limit: '1' }, 'validation_failed', '$.limit'],
      [{ lease_seconds: 4 }, 'validation_failed', '$.lease_seconds'],
      [{ lease_seconds: 601 }, 'validation_failed', '$.lease_seconds'],
      [{ wait_seconds: 26 }, 'validation_failed', '$.wait_seconds'],
      [{ wait_seconds: -1 }, 'validation_failed', '$.wait_seconds'],
      [{ runner_id: '' }, 'validation_failed', '$.runner_id'],
      [{ runner_id: 'a b' }, 'validation_failed', '$.runner_id'],
      [{ source_id: undefined }, 'validation_failed', '$.source_id'],
    ],
  },
  renew: {
    schema: renewRequestSchema,
    good: { runner_id: 'runner-1', lease_id: 'lse_1', lease_seconds: 60 },
    bad: [
      [{ lease_id: '' }, 'validation_failed', '$.lease_id'],
      [{ lease_seconds: 3_600 }, 'validation_failed', '$.lease_seconds'],
    ],
  },
  release: {
    schema: releaseRequestSchema,
    good: { runner_id: 'runner-1', lease_id: 'lse_1', reason: 'draining' },
    bad: [
      [{ reason: 'tired' }, 'validation_failed', '$.reason'],
      [{ lease_id: 5 }, 'validation_failed', '$.lease_id'],
    ],
  },
  result: {
    schema: resultRequestSchema,
    good: {
      protocol_version: '1.0',
      job_id: 'wbj_1',
      runner_id: 'runner-1',
      lease_id: 'lse_1',
      status: 'applied',
      affected_rows: 1,
    },
    bad: [
      [{ protocol_version: '5.0' }, 'validation_failed', '$.protocol_version'],
      [{ status: 'done' }, 'validation_failed', '$.status'],
      [{ affected_rows: 2 }, 'validation_failed', '$.affected_rows'],
      [{ affected_rows: -1 }, 'validation_failed', '$.affected_rows'],
      [{ status: 'reconciliation_required' }, 'validation_failed', '$.intent_id'],
      [{ inverse: {} }, 'unknown_field', '$.inverse'],
    ],
  },
  propose: {
    schema: proposeRequestSchema,
    good: {
      source_id: 'src_1',
      reason: 'the customer called',
      expires_in_seconds: 60,
      change_set: {
        schema_version: 'synapsor.change-set.v1',
        action: 'a',
        scope: { tenant_id: 't', business_object: 'o', object_id: '1' },
        source: {
          kind: 'external_postgres',
          source_id: 's',
          schema: 'p',
          table: 'i',
          primary_key: { column: 'id', value: 1 },
        },
        before: { a: 1 },
        patch: { a: 2 },
        after: { a: 2 },
        guards: {
          tenant: { column: 'tenant_id', value: 't' },
          allowed_columns: ['a'],
          expected_version: { column: 'v', value: 1 },
        },
      },
    },
    bad: [
      [{ expires_in_seconds: 9 }, 'validation_failed', '$.expires_in_seconds'],
      [{ expires_in_seconds: 90 * 86_400 + 1 }, 'validation_failed', '$.expires_in_seconds'],
      [{ reason: '' }, 'validation_failed', '$.reason'],
      [{ reason: 'x'.repeat(2_001) }, 'validation_failed', '$.reason'],
      [{ source_id: "src'1" }, 'validation_failed', '$.source_id'],
      [{ change_set: undefined }, 'validation_failed', '$.change_set'],
    ],
  },
  decision: {
    schema: decisionRequestSchema,
    good: { reason: 'fine', effect_digest: `sha256:${'a'.repeat(64)}`, project_id: 'prj_1' },
    bad: [
      [{ effect_digest: 'md5:1' }, 'validation_failed', '$.effect_digest'],
      [{ effect_digest: 'sha256:' }, 'validation_failed', '$.effect_digest'],
      [{ verdict: 'approved' }, 'unknown_field', '$.verdict'],
    ],
  },
  registration: {
    schema: registrationSchema,
    good: {
      schema_version: 'synapsor.runner-registration.v1',
      runner_id: 'runner-1',
      runner_version: '1.0',
      engines: ['postgres'],
      capabilities: ['writeback:claim'],
      scope: { project_id: 'token_scope', source_ids: ['src_1'] },
      registered_at: '2026-01-01T00:00:00Z',
    },
    bad: [
      [{ engines: ['oracle'] }, 'validation_failed', '$.engines[0]'],
      [{ engines: ['oracle'] }, 'validation_failed', '$.engines[0]'],
      [{ scope: { project_id: 'p' } }, 'validation_failed', '$.scope.source_ids'],
      [{ database_url: 'postgres://x' }, 'unknown_field', '$.database_url'],
    ],
  },
  heartbeat: {
    schema: heartbeatSchema,
    good: {
      runner_id: 'runner-1',
      status: 'draining',
      current_job_id: null,
      details: { mode: 'cloud_connect' },
    },
    bad: [
      [{ status: 'stale' }, 'validation_failed', '$.status'],
      [{ load: 1 }, 'unknown_field', '$.load'],
    ],
  },
  activity: {
    schema: activitySchema,
    good: {
      schema_version: 'synapsor.runner-activity.v1',
      event_id: 'evidence:wrp_1:evb_1',
      event_type: 'evidence.recorded',
      runner_id: 'runner-1',
      source_id: 'src_1',
      evidence_ids: ['evb_1'],
      query_audit_ids: [1, 'qa_2'],
    },
    bad: [
      [{ event_type: 'writeback.result' }, 'validation_failed', '$.event_type'],
      [{ event_id: 'x'.repeat(121) }, 'validation_failed', '$.event_id'],
      [{ rows: [] }, 'unknown_field', '$.rows'],
    ],
  },
  'read-proposal': {
    schema: readProposalQuerySchema,
    good: { wait_seconds: '25', after: '7', project_id: 'prj_1' },
    bad: [
      [{ wait_seconds: '26' }, 'validation_failed', '$.wait_seconds'],
      [{ wait_seconds: 'soon' }, 'validation_failed', '$.wait_seconds'],
      [{ after: '-1' }, 'validation_failed', '$.after'],
      [{ acting: '1' }, 'unknown_field', '$.acting'],
    ],
  },
  'list-proposals': {
    schema: listProposalsQuerySchema,
    good: {
      limit: '500',
      cursor: '12.3',
      status: 'pending_review',
      job_status: 'queued',
      source_id: 'src_1',
    },
    bad: [
      [{ limit: '0' }, 'validation_failed', '$.limit'],
      [{ limit: '501' }, 'validation_failed', '$.limit'],
      [{ limit: 'all' }, 'validation_failed', '$.limit'],
      [{ status: 'open' }, 'validation_failed', '$.status'],
      [{ cursor: '' }, 'validation_failed', '$.cursor'],
    ],
  },
};

const variations = Object.entries(requests).flatMap(([name, { schema, good, bad }]) =>
  bad.map(([changes, code, path]) => ({ name, schema, changes, value: { ...good, ...changes }, code, path })),
);

describe('requests', () => {
  test.each(Object.entries(requests))('a good %s passes', (_, { schema, good }) => {
    expect(() => parseOrRefuse(schema, good)).not.toThrow();
  });

  test.each(Object.entries(requests))(
    'a %s with a field that is not known is refused',
    (_, { schema, good }) => {
      expect(refusalOf(schema, { ...good, surprise: 1 })).toMatchObject({
        code: 'unknown_field',
        errors: [{ path: '$.surprise' }],
      });
    },
  );

  test.each(variations)('a $name with $changes is refused at $path', ({ schema, value, code, path }) => {
    const refusal = refusalOf(schema, value);
    expect(refusal?.code).toBe(code);
    expect(refusal?.errors).toContainEqual(expect.objectContaining({ path, code }));
  });

  test('a claim says what it leaves away: one job, the usual lease, at once', () => {
    expect(claimRequestSchema.parse({ source_id: 's', runner_id: 'r' })).toEqual({
      source_id: 's',
      runner_id: 'r',
      limit: 1,
      lease_seconds: 30,
      wait_seconds: 0,
    });
  });
});

function refusalOf(schema: z.ZodType, value: unknown) {
  try {
    parseOrRefuse(schema, value);
    return undefined;
  } catch (fault) {
    if (fault instanceof Refused) return fault.refusal;
    throw fault;
  }
}
