import { actionRoutes } from './action-routes.ts';
import { activityRoutes } from './activity-routes.ts';
import { backupRoutes } from './backup-routes.ts';
import { contractRoutes } from './contract-routes.ts';
import { controlRoutes } from './control-routes.ts';
import { corsRoutes } from './cors-routes.ts';
import { credentialRoutes } from './credential-routes.ts';
import { exportRoutes } from './export-routes.ts';
import { fleetRoutes } from './fleet-routes.ts';
import { liveRoutes } from './live-routes.ts';
import { operatorRoutes } from './operator-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { policyRoutes } from './policy-routes.ts';
import { projectRoutes } from './project-routes.ts';
import { proofRoutes } from './proof-routes.ts';
import { proposalRoutes } from './proposal-routes.ts';
import type { Route } from './route.ts';
import { runRoutes } from './run-routes.ts';
import { runnerRoutes } from './runner-routes.ts';

/** Every route that needs a credential. */
export const routes: readonly Route[] = [
  ...proposalRoutes,
  ...proofRoutes,
  ...activityRoutes,
  ...exportRoutes,
  ...actionRoutes,
  ...runRoutes,
  ...controlRoutes,
  ...contractRoutes,
  ...policyRoutes,
  ...peopleRoutes,
  ...credentialRoutes,
  ...corsRoutes,
  ...projectRoutes,
  ...runnerRoutes,
  ...operatorRoutes,
  ...liveRoutes,
  ...fleetRoutes,
  ...backupRoutes,
];
