import { createLazyRoute } from '@tanstack/react-router';
import { FleetPage } from './fleet-page.tsx';

export const fleetLazyRoute = createLazyRoute('/gate/t/$project/fleet')({ component: FleetPage });
