import { createLazyRoute } from '@tanstack/react-router';
import { RunPage } from './run-page.tsx';

export const runLazyRoute = createLazyRoute('/gate/t/$project/runs/$runId')({ component: RunPage });
