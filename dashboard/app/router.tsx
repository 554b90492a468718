import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import { inboxSearchSchema } from '../inbox/inbox-search.ts';
import { keepCode } from '../join/join-code.ts';
import { codeIn } from '../join/join-link.ts';
import { settingsSearchSchema } from '../settings/settings-search.ts';
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

export const proposalRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/proposals/$proposalId',
}).lazy(() => import('../proposal/proposal-route.tsx').then(({ proposalLazyRoute }) => proposalLazyRoute));

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
    projectRoute.addChildren([first, inboxRoute, proposalRoute, settingsRoute]),
  ]),
]);

export const router = createRouter({ routeTree: tree, defaultPreload: 'intent', scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
