import { createLazyRoute } from '@tanstack/react-router';
import { PiecePage } from './piece-page.tsx';

export const pieceLazyRoute = createLazyRoute('/gate/t/$project/registry/$kind/$name')({
  component: PiecePage,
});
