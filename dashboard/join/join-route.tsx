import { createLazyRoute } from '@tanstack/react-router';
import { JoinPage } from './join-page.tsx';

export const joinLazyRoute = createLazyRoute('/gate/join/$project')({ component: JoinPage });
