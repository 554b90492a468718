import { createLazyRoute } from '@tanstack/react-router';
import { ProposalsPage } from './proposals-page.tsx';

export const proposalsLazyRoute = createLazyRoute('/gate/t/$project/proposals')({ component: ProposalsPage });
