import { createLazyRoute } from '@tanstack/react-router';
import { PermissionRulesPage } from './permission-rules-page.tsx';

export const permissionRulesLazyRoute = createLazyRoute('/gate/t/$project/permission-rules')({
  component: PermissionRulesPage,
});
