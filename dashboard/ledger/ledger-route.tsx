import { createLazyRoute } from '@tanstack/react-router';
import { LedgerPage } from './ledger-page.tsx';

export const ledgerLazyRoute = createLazyRoute('/gate/t/$project/ledger')({ component: LedgerPage });
