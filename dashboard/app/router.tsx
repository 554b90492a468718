import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import { actionsSearchSchema } from '../actions/actions-search.ts';
import { contractSearchSchema } from '../contracts/contract-search.ts';
import { inboxSearchSchema } from '../inbox/inbox-search.ts';
import { keepCode } from '../join/join-code.ts';
import { codeIn } from '../join/join-link.ts';
import { ledgerSearchSchema } from '../ledger/ledger-search.ts';
import { proposalsSearchSchema } from '../proposals/proposals-search.ts';
import { pieceSearchSchema, registrySearchSchema } from '../registry/registry-search.ts';
import { runSearchSchema } from '../run/run-search.ts';
import { runsSearchSchema } from '../runs/runs-search.ts';
import { settingsSearchSchema } from '../settings/settings-search.ts';
import { SignInGate } from '../sign-in/sign-in-gate.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { PageFault } from './page-fault.tsx';
import { ProjectLayout } from './project-layout.tsx';

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: PageFault,
});

const signedIn = createRoute({ getParentRoute: () => root, path: '/signed-in' }).lazy(() =>
  import('../sign-in/signed-in-route.tsx').then(({ signedInLazyRoute }) => signedInLazyRoute),
);

const gate = createRoute({
  getParentRoute: () => root,
  id: 'gate',
  component: () => (
    <SignInGate>
      <Outlet />
    </SignInGate>
  ),
});

const projects = createRoute({ getParentRoute: () => gate, path: '/' }).lazy(() =>
  import('./projects-route.tsx').then(({ projectsLazyRoute }) => projectsLazyRoute),
);

export const projectRoute = createRoute({
  getParentRoute: () => gate,
  path: '/t/$project',
  component: ProjectLayout,
});

const first = createRoute({
  getParentRoute: () => projectRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/t/$project/inbox', params });
  },
});

export const inboxRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/inbox',
  validateSearch: inboxSearchSchema,
}).lazy(() => import('../inbox/inbox-route.tsx').then(({ inboxLazyRoute }) => inboxLazyRoute));

export const proposalsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/proposals',
  validateSearch: proposalsSearchSchema,
}).lazy(() =>
  import('../proposals/proposals-route.tsx').then(({ proposalsLazyRoute }) => proposalsLazyRoute),
);

export const fleetRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/fleet',
}).lazy(() => import('../fleet/fleet-route.tsx').then(({ fleetLazyRoute }) => fleetLazyRoute));

export const ledgerRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/ledger',
  validateSearch: ledgerSearchSchema,
}).lazy(() => import('../ledger/ledger-route.tsx').then(({ ledgerLazyRoute }) => ledgerLazyRoute));

export const proposalRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/proposals/$proposalId',
}).lazy(() => import('../proposal/proposal-route.tsx').then(({ proposalLazyRoute }) => proposalLazyRoute));

export const contractsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/contracts',
}).lazy(() =>
  import('../contracts/contracts-route.tsx').then(({ contractsLazyRoute }) => contractsLazyRoute),
);

export const contractRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/contracts/$contractId',
  validateSearch: contractSearchSchema,
}).lazy(() => import('../contracts/contract-route.tsx').then(({ contractLazyRoute }) => contractLazyRoute));

export const policiesRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/policies',
}).lazy(() => import('../policies/policies-route.tsx').then(({ policiesLazyRoute }) => policiesLazyRoute));

export const policyRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/policies/$policyName',
}).lazy(() => import('../policies/policy-route.tsx').then(({ policyLazyRoute }) => policyLazyRoute));

export const newPolicyRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/new-policy',
}).lazy(() =>
  import('../policies/new-policy-route.tsx').then(({ newPolicyLazyRoute }) => newPolicyLazyRoute),
);

export const permissionRulesRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/permission-rules',
}).lazy(() =>
  import('../permission-rules/permission-rules-route.tsx').then(
    ({ permissionRulesLazyRoute }) => permissionRulesLazyRoute,
  ),
);

export const registryRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/registry',
  validateSearch: registrySearchSchema,
}).lazy(() => import('../registry/registry-route.tsx').then(({ registryLazyRoute }) => registryLazyRoute));

export const pieceRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/registry/$kind/$name',
  validateSearch: pieceSearchSchema,
}).lazy(() => import('../registry/piece-route.tsx').then(({ pieceLazyRoute }) => pieceLazyRoute));

const governing = [
  contractsRoute,
  contractRoute,
  policiesRoute,
  policyRoute,
  newPolicyRoute,
  permissionRulesRoute,
  registryRoute,
  pieceRoute,
] as const;

export const actionsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/actions',
  validateSearch: actionsSearchSchema,
}).lazy(() => import('../actions/actions-route.tsx').then(({ actionsLazyRoute }) => actionsLazyRoute));

export const actionRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/actions/$actionId',
}).lazy(() => import('../action/action-route.tsx').then(({ actionLazyRoute }) => actionLazyRoute));

export const runsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/runs',
  validateSearch: runsSearchSchema,
}).lazy(() => import('../runs/runs-route.tsx').then(({ runsLazyRoute }) => runsLazyRoute));

export const runRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/runs/$runId',
  validateSearch: runSearchSchema,
}).lazy(() => import('../run/run-route.tsx').then(({ runLazyRoute }) => runLazyRoute));

export const settingsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/settings',
  validateSearch: settingsSearchSchema,
}).lazy(() => import('../settings/settings-route.tsx').then(({ settingsLazyRoute }) => settingsLazyRoute));

export const joinRoute = createRoute({
  getParentRoute: () => gate,
  path: '/join/$project',
  beforeLoad: ({ location: { hash }, params }) => {
    const code = codeIn(hash);
    if (code === null) return;
    // Kept before anybody is sent away to sign in, and out of the address before anybody looks at it.
    keepCode(params.project, code);
    throw redirect({ to: '/join/$project', params, hash: '', replace: true });
  },
}).lazy(() => import('../join/join-route.tsx').then(({ joinLazyRoute }) => joinLazyRoute));

export const keptRoute = createRoute({ getParentRoute: () => gate, path: '/kept/$project' }).lazy(() =>
  import('../keeping/kept-route.tsx').then(({ keptLazyRoute }) => keptLazyRoute),
);

export const newProjectRoute = createRoute({ getParentRoute: () => gate, path: '/new' }).lazy(() =>
  import('../provision/new-project-route.tsx').then(({ newProjectLazyRoute }) => newProjectLazyRoute),
);

export const progressRoute = createRoute({ getParentRoute: () => gate, path: '/new/$label' }).lazy(() =>
  import('../provision/progress-route.tsx').then(({ progressLazyRoute }) => progressLazyRoute),
);

const tree = root.addChildren([
  signedIn,
  gate.addChildren([
    projects,
    joinRoute,
    keptRoute,
    newProjectRoute,
    progressRoute,
    projectRoute.addChildren([
      first,
      inboxRoute,
      proposalsRoute,
      proposalRoute,
      fleetRoute,
      ledgerRoute,
      ...governing,
      actionsRoute,
      actionRoute,
      runsRoute,
      runRoute,
      settingsRoute,
    ]),
  ]),
]);

export const router = createRouter({ routeTree: tree, defaultPreload: 'intent', scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
