import { lazy } from 'react';

/** Heavier than the rest of the page, and not needed to read it. */
export const StepGraph = lazy(() => import('./graph.tsx').then(({ StepGraph: it }) => ({ default: it })));
