import { createLazyRoute } from '@tanstack/react-router';
import { ActionsPage } from './actions-page.tsx';

export const actionsLazyRoute = createLazyRoute('/gate/t/$project/actions')({ component: ActionsPage });
