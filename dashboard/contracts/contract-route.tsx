import { createLazyRoute } from '@tanstack/react-router';
import { ContractPage } from './contract-page.tsx';

export const contractLazyRoute = createLazyRoute('/gate/t/$project/contracts/$contractId')({
  component: ContractPage,
});
