import { createLazyRoute } from '@tanstack/react-router';
import { PoliciesPage } from './policies-page.tsx';

export const policiesLazyRoute = createLazyRoute('/gate/t/$project/policies')({ component: PoliciesPage });
