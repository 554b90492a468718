import { contractRoutes } from './contract-routes.ts';
import { operatorRoutes } from './operator-routes.ts';
import { policyRoutes } from './policy-routes.ts';
import { proposalRoutes } from './proposal-routes.ts';
import type { Route } from './route.ts';
import { runnerRoutes } from './runner-routes.ts';

/** Every route that needs a credential. */
export const routes: readonly Route[] = [
  ...proposalRoutes,
  ...contractRoutes,
  ...policyRoutes,
  ...runnerRoutes,
  ...operatorRoutes,
];
