import { createLazyRoute } from '@tanstack/react-router';
import { SignedInPage } from './signed-in-page.tsx';

export const signedInLazyRoute = createLazyRoute('/signed-in')({ component: SignedInPage });
