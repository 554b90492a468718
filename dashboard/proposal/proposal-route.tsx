import { createLazyRoute } from '@tanstack/react-router';
import { ProposalPage } from './proposal-page.tsx';

export const proposalLazyRoute = createLazyRoute('/gate/t/$project/proposals/$proposalId')({
  component: ProposalPage,
});
