import { createCallApi } from '@countersign/client/call-api';
import { createContractsApi } from '@countersign/client/contracts-api';
import { createCredentialsApi } from '@countersign/client/credentials-api';
import { createReviewApi } from '@countersign/client/review-api';
import { connectionTo } from '../plane/plane.ts';
import {
  SAMPLE_CAPABILITY,
  SAMPLE_QUANTITY,
  SAMPLE_ROW,
  SAMPLE_TENANT,
  type Sample,
  sampleContract,
} from './sample.ts';

const AGENT_MS = 3_600_000;

/**
 * Puts the sample contract in force, makes an agent for an hour, and lets it propose: the id of the proposal. The agent's
 * token is in this function's memory and nowhere else. Said again, it is another agent and another proposal. Throws
 * `ApiError`.
 */
export async function proposeSample(projectId: string, sample: Sample, now: number): Promise<string> {
  const connection = connectionTo(projectId);
  const calls = createCallApi(connection);
  await createContractsApi(calls, connection, projectId).push({
    contract: sampleContract(sample),
    activate: true,
    reason: 'the first proposal, on sample data',
  });
  const agent = await createCredentialsApi(calls, projectId).createAgent({
    name: 'sample-agent',
    bindings: { tenant_id: SAMPLE_TENANT, principal: 'sample_agent' },
    source_ids: [sample.sourceId],
    capabilities: [SAMPLE_CAPABILITY],
    expires_at: new Date(now + AGENT_MS).toISOString(),
  });
  // Without a key each answer is the first one, so this cannot be; the schema cannot know.
  if (!agent.secret_available) throw new TypeError('the agent has no token to propose with');
  const { agent_token: token } = agent;
  const asAgent = createReviewApi(createCallApi({ ...connection, projectId: undefined, token: () => token }));
  const { proposal_id } = await asAgent.request(
    {
      capability: SAMPLE_CAPABILITY,
      args: { item_id: SAMPLE_ROW, quantity: SAMPLE_QUANTITY },
      reason: 'to see how a change is proposed, decided and written',
    },
    { idempotencyKey: crypto.randomUUID() },
  );
  return proposal_id;
}
