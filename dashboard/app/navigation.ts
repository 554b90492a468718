import { Inbox, type LucideIcon, Settings } from 'lucide-react';

interface Place {
  readonly to: '/t/$project/inbox' | '/t/$project/settings';
  readonly label: string;
  readonly icon: LucideIcon;
  /** What somebody must be allowed to ask for the page to be of use to them. */
  readonly may: string;
}

/** The pages of a project, in the order in which they are shown. */
export const places: readonly Place[] = [
  { to: '/t/$project/inbox', label: 'Inbox', icon: Inbox, may: 'list-proposals' },
  { to: '/t/$project/settings', label: 'Settings', icon: Settings, may: 'list-members' },
];
