import { createLazyRoute } from '@tanstack/react-router';
import { InboxPage } from './inbox-page.tsx';

export const inboxLazyRoute = createLazyRoute('/gate/t/$project/inbox')({ component: InboxPage });
