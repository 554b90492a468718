import { createLazyRoute } from '@tanstack/react-router';
import { PolicyPage } from './policy-page.tsx';

export const policyLazyRoute = createLazyRoute('/gate/t/$project/policies/$policyName')({
  component: PolicyPage,
});
