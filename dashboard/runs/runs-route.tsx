import { createLazyRoute } from '@tanstack/react-router';
import { RunsPage } from './runs-page.tsx';

export const runsLazyRoute = createLazyRoute('/gate/t/$project/runs')({ component: RunsPage });
