import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import { inboxSearchSchema } from '../inbox/inbox-search.ts';
import { ledgerSearchSchema } from '../ledger/ledger-search.ts';
import { proposalsSearchSchema } from '../proposals/proposals-search.ts';
import { SignInGate } from '../sign-in/sign-in-gate.tsx';
import { SignedInPage } from '../sign-in/signed-in-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { PageFault } from './page-fault.tsx';
import { ProjectLayout } from './project-layout.tsx';
import { ProjectsPage } from './projects-page.tsx';

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: PageFault,
});

const signedIn = createRoute({ getParentRoute: () => root, path: '/signed-in', component: SignedInPage });

const gate = createRoute({
  getParentRoute: () => root,
  id: 'gate',
  component: () => (
    <SignInGate>
      <Outlet />
    </SignInGate>
  ),
});

const projects = createRoute({ getParentRoute: () => gate, path: '/', component: ProjectsPage });

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

const tree = root.addChildren([
  signedIn,
  gate.addChildren([
    projects,
    projectRoute.addChildren([first, inboxRoute, proposalsRoute, proposalRoute, fleetRoute, ledgerRoute]),
  ]),
]);

export const router = createRouter({ routeTree: tree, defaultPreload: 'intent', scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
