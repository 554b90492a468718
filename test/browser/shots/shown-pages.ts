import { deciding } from './pages/deciding.ts';
import { entering } from './pages/entering.ts';
import { governing } from './pages/governing.ts';
import { settling } from './pages/settling.ts';
import { working } from './pages/working.ts';
import type { ShownPage } from './shown-page.ts';

/** Every page of the dashboard, and the dialogs and states that matter most. */
export const shownPages: readonly ShownPage[] = [
  ...entering,
  ...deciding,
  ...working,
  ...governing,
  ...settling,
];
