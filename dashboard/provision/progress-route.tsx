import { createLazyRoute } from '@tanstack/react-router';
import { ProgressPage } from './progress-page.tsx';

export const progressLazyRoute = createLazyRoute('/gate/new/$label')({ component: ProgressPage });
