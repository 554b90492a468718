import { Inbox, type LucideIcon, Send, Workflow } from 'lucide-react';

interface Place {
  readonly to: '/t/$project/inbox' | '/t/$project/actions' | '/t/$project/runs';
  readonly label: string;
  readonly icon: LucideIcon;
  /** What somebody must be allowed to ask for the page to be of use to them. */
  readonly may: string;
}

/** The pages of a project, in the order in which they are shown. */
export const places: readonly Place[] = [
  { to: '/t/$project/inbox', label: 'Inbox', icon: Inbox, may: 'list-proposals' },
  { to: '/t/$project/actions', label: 'Actions', icon: Send, may: 'list-actions' },
  { to: '/t/$project/runs', label: 'Runs', icon: Workflow, may: 'list-runs' },
];
