import { type ActionsApi, createActionsApi } from '@countersign/client/actions-api';
import { createCallApi } from '@countersign/client/call-api';
import type { CallerView } from '@countersign/client/caller-view';
import { type ContractsApi, createContractsApi } from '@countersign/client/contracts-api';
import { type ControlApi, createControlApi } from '@countersign/client/control-api';
import { createFleetApi, type FleetApi } from '@countersign/client/fleet-api';
import type { Connection } from '@countersign/client/http';
import { createPermissionRulesApi, type PermissionRulesApi } from '@countersign/client/permission-rules-api';
import { createPoliciesApi, type PoliciesApi } from '@countersign/client/policies-api';
import { createProposalsApi, type ProposalsApi } from '@countersign/client/proposals-api';
import { createRecordApi, type RecordApi } from '@countersign/client/record-api';
import { createReviewApi, type ReviewApi } from '@countersign/client/review-api';
import { createRunsApi, type RunsApi } from '@countersign/client/runs-api';
import { bearerToken, sessionState } from '../sign-in/session.ts';

/** One project, and everything that the person who is signed in can ask of it. */
export interface Plane {
  readonly projectId: string;
  /** As it stands in the address: a label or the id. */
  readonly address: string;
  readonly caller: CallerView;
  readonly connection: Connection;
  readonly proposals: ProposalsApi;
  readonly review: ReviewApi;
  readonly contracts: ContractsApi;
  readonly policies: PoliciesApi;
  readonly rules: PermissionRulesApi;
  readonly control: ControlApi;
  readonly actions: ActionsApi;
  readonly fleet: FleetApi;
  readonly runs: RunsApi;
  readonly record: RecordApi;
}

const RETRIES = 2;

/** How this page asks: as whoever is signed in. */
export function connectionTo(projectId?: string): Connection {
  return {
    url: location.origin,
    userAgent: 'countersign-dashboard',
    ...(sessionState().kind === 'open' ? {} : { token: bearerToken }),
    projectId,
    retries: { most: RETRIES, pause },
  };
}

export function createPlane(address: string, caller: CallerView): Plane {
  const projectId = caller.project_id;
  const connection = connectionTo(projectId);
  const calls = createCallApi(connection);
  return {
    projectId,
    address,
    caller,
    connection,
    proposals: createProposalsApi(connection),
    review: createReviewApi(calls),
    contracts: createContractsApi(calls, connection, projectId),
    policies: createPoliciesApi(calls),
    rules: createPermissionRulesApi(calls),
    control: createControlApi(calls),
    actions: createActionsApi(calls),
    fleet: createFleetApi(calls),
    runs: createRunsApi(calls, connection),
    record: createRecordApi(calls, connection),
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
