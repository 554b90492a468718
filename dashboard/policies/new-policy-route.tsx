import { createLazyRoute } from '@tanstack/react-router';
import { NewPolicyPage } from './new-policy-page.tsx';

export const newPolicyLazyRoute = createLazyRoute('/gate/t/$project/new-policy')({
  component: NewPolicyPage,
});
