import { type ActionsApi, createActionsApi } from '@countersign/client/actions-api';
import { createCallApi } from '@countersign/client/call-api';
import { type ContractsApi, createContractsApi } from '@countersign/client/contracts-api';
import type { Connection } from '@countersign/client/http';
import { createProposalsApi, type ProposalsApi } from '@countersign/client/proposals-api';
import { createReviewApi, type ReviewApi } from '@countersign/client/review-api';
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
  /** The agent again: what it asks for by capability. */
  readonly review: ReviewApi;
  /** The agent again: what it intends outside of the database. */
  readonly acting: ActionsApi;
  readonly actingApprover: ActionsApi;
  readonly approver: ProposalsApi;
  /** What the approver asks before a decision. */
  readonly looking: ReviewApi;
  readonly secondApprover: ProposalsApi;
  readonly owner: ProposalsApi;
  readonly contracts: ContractsApi;
  /** The runner's own credential, for a runner that the story plays itself. */
  readonly runner: RunnerApi;
  readonly agentConnection: Connection;
  readonly ownerConnection: Connection;
}

/** Another billing lead than Ada. */
const SECOND_APPROVER = 'ben@acme.example';

export function castOf(stack: Stack, facts: Facts, memory: StoryMemory): Cast {
  const connection = (token: () => Promise<string> | string) => ({
    url: stack.url,
    token,
    userAgent: 'countersign-story',
  });
  const agent = connection(() => stack.secrets.agentToken);
  const personal = (sub: string) => connection(() => stack.personToken(sub));
  const [ada, olivia] = [personal(subOf('approver')), personal(subOf('owner'))];
  return {
    stack,
    facts,
    memory,
    customer: new CustomerDatabase(stack.databaseUrl),
    sourceId: ACME.source_id,
    agent: createProposalsApi(agent),
    review: createReviewApi(createCallApi(agent)),
    acting: createActionsApi(createCallApi(agent)),
    actingApprover: createActionsApi(createCallApi(ada)),
    approver: createProposalsApi(ada),
    looking: createReviewApi(createCallApi(ada)),
    secondApprover: createProposalsApi(personal(SECOND_APPROVER)),
    owner: createProposalsApi(olivia),
    contracts: createContractsApi(createCallApi(olivia), olivia, ACME.project_id),
    agentConnection: agent,
    ownerConnection: olivia,
    runner: createRunnerApi(connection(() => stack.secrets.runnerToken)),
  };
}
