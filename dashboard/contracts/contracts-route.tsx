import { createLazyRoute } from '@tanstack/react-router';
import { ContractsPage } from './contracts-page.tsx';

export const contractsLazyRoute = createLazyRoute('/gate/t/$project/contracts')({ component: ContractsPage });
