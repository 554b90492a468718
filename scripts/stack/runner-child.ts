import { join } from 'node:path';
import type { runnerConfigSchema } from '@countersign/runner/config/runner-config';
import * as z from 'zod';
import type { ChildSpec } from '../local/processes.ts';
import { LETTERS } from './acme-contract.ts';
import type { LocalArtifacts } from './local-artifacts.ts';
import { type LocalModel, modelConfig } from './local-model.ts';

const READY_TIMEOUT_MS = 20_000;
const LETTER_WRITER = join(import.meta.dirname, 'letter-writer.ts');
const RUNNER = join(import.meta.dirname, '../../runner/dist/countersign-runner.js');

/** What the local runner may write and show of an invoice, and where its letters go. */
export function runnerConfig(options: {
  readonly url: string;
  readonly projectId: string;
  readonly sourceId: string;
  /** Where its letters go; without it there are none. */
  readonly lettersFolder?: string;
  /** Where it keeps what its tasks make, and the model that they ask. */
  readonly artifacts?: LocalArtifacts | undefined;
  readonly model?: LocalModel | undefined;
}) {
  return {
    control_plane: {
      url: options.url,
      token: { env: 'COUNTERSIGN_RUNNER_TOKEN' },
      project_id: options.projectId,
    },
    runner_id: 'local-runner',
    ...(options.artifacts === undefined ? {} : { artifacts: options.artifacts.config }),
    ...(options.model === undefined ? {} : modelConfig(options.model)),
    ...(options.lettersFolder === undefined
      ? {}
      : {
          executors: {
            [LETTERS]: {
              provider: 'command' as const,
              program: process.execPath,
              args: [LETTER_WRITER, options.lettersFolder],
            },
          },
        }),
    sources: {
      [options.sourceId]: {
        engine: 'postgres',
        database_url: { env: 'BILLING_DATABASE_URL' },
        rehearsals: {},
        tables: {
          'public.invoices': {
            primary_key: 'id',
            tenant: { column: 'tenant_id', values: ['acme'] },
            version: { column: 'version', advance: 'integer' },
            columns: ['late_fee_cents', 'waiver_reason'],
            visible_columns: ['customer_name', 'amount_cents', 'status'],
          },
        },
      },
    },
  } satisfies z.input<typeof runnerConfigSchema>;
}

/** The real runner, as its own process; ready when it claims. */
export function runnerChild(options: {
  readonly configPath: string;
  readonly token: string;
  readonly databaseUrl: string;
  /** What else its configuration names. */
  readonly environment?: Readonly<Record<string, string>>;
}): ChildSpec<true> {
  return {
    name: 'runner',
    script: RUNNER,
    args: ['start', '--config', options.configPath],
    env: {
      ...options.environment,
      COUNTERSIGN_RUNNER_TOKEN: options.token,
      BILLING_DATABASE_URL: options.databaseUrl,
    },
    readReady: (line) => (readySchema.safeParse(parse(line)).success ? true : null),
    readyTimeoutMs: READY_TIMEOUT_MS,
  };
}

const readySchema = z.looseObject({ event: z.literal('ready') });

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
