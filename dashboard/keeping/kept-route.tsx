import { createLazyRoute } from '@tanstack/react-router';
import { KeptPage } from './kept-page.tsx';

export const keptLazyRoute = createLazyRoute('/gate/kept/$project')({ component: KeptPage });
