import { createLazyRoute } from '@tanstack/react-router';
import { SettingsPage } from './settings-page.tsx';

export const settingsLazyRoute = createLazyRoute('/gate/t/$project/settings')({ component: SettingsPage });
