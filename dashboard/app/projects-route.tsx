import { createLazyRoute } from '@tanstack/react-router';
import { ProjectsPage } from './projects-page.tsx';

export const projectsLazyRoute = createLazyRoute('/gate/')({ component: ProjectsPage });
