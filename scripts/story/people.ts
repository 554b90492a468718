import { createProposalsApi, type ProposalsApi } from '@countersign/client/proposals-api';
import { createRunnerApi, type RunnerApi } from '@countersign/client/runner-api';
import { ACME } from '../stack/acme.ts';
import { type Stack, subOf } from '../stack/start-stack.ts';
import type { Facts } from './facts.ts';
import { CustomerDatabase } from './invoice.ts';
import type { StoryMemory } from './story-memory.ts';

/** Everybody who has a part in the story, each with their own credential. */
export interface Cast {
  readonly stack: Stack;
  readonly facts: Facts;
  readonly memory: StoryMemory;
  readonly customer: CustomerDatabase;
  readonly sourceId: string;
  readonly agent: ProposalsApi;
  readonly approver: ProposalsApi;
  readonly owner: ProposalsApi;
  /** The runner's own credential, for a runner that the story plays itself. */
  readonly runner: RunnerApi;
}

export function castOf(stack: Stack, facts: Facts, memory: StoryMemory): Cast {
  const connection = (token: () => Promise<string> | string) => ({
    url: stack.url,
    token,
    userAgent: 'countersign-story',
  });
  const person = (role: string) => createProposalsApi(connection(() => stack.personToken(subOf(role))));
  return {
    stack,
    facts,
    memory,
    customer: new CustomerDatabase(stack.databaseUrl),
    sourceId: ACME.source_id,
    agent: createProposalsApi(connection(() => stack.secrets.agentToken)),
    approver: person('approver'),
    owner: person('owner'),
    runner: createRunnerApi(connection(() => stack.secrets.runnerToken)),
  };
}
