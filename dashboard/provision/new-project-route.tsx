import { createLazyRoute } from '@tanstack/react-router';
import { NewProjectPage } from './new-project-page.tsx';

export const newProjectLazyRoute = createLazyRoute('/gate/new')({ component: NewProjectPage });
