import { createLazyRoute } from '@tanstack/react-router';
import { RegistryPage } from './registry-page.tsx';

export const registryLazyRoute = createLazyRoute('/gate/t/$project/registry')({ component: RegistryPage });
