import { lazy } from 'react';

/** Fetched once somebody wants to write; shown within the nearest `Suspense`. */
export const WordsDialog = lazy(() =>
  import('./words-dialog.tsx').then(({ WordsDialog: it }) => ({ default: it })),
);
