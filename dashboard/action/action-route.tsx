import { createLazyRoute } from '@tanstack/react-router';
import { ActionPage } from './action-page.tsx';

export const actionLazyRoute = createLazyRoute('/gate/t/$project/actions/$actionId')({
  component: ActionPage,
});
