import {
  FileDiff,
  FileText,
  Inbox,
  Library,
  type LucideIcon,
  Scale,
  ScrollText,
  Send,
  ServerCog,
  Settings,
  Workflow,
} from 'lucide-react';

interface Place {
  readonly to:
    | '/t/$project/inbox'
    | '/t/$project/proposals'
    | '/t/$project/actions'
    | '/t/$project/runs'
    | '/t/$project/fleet'
    | '/t/$project/contracts'
    | '/t/$project/policies'
    | '/t/$project/registry'
    | '/t/$project/ledger'
    | '/t/$project/settings';
  readonly label: string;
  readonly icon: LucideIcon;
  /** What somebody must be allowed to ask for the page to be of use to them. */
  readonly may: string;
  /** Pages that lie under it and not under its address, by the part of theirs that follows the project. */
  readonly covers?: readonly string[];
}

/** The pages of a project, in the order in which they are shown. */
export const places: readonly Place[] = [
  { to: '/t/$project/inbox', label: 'Inbox', icon: Inbox, may: 'list-proposals' },
  { to: '/t/$project/proposals', label: 'Proposals', icon: FileDiff, may: 'list-proposals' },
  { to: '/t/$project/actions', label: 'Actions', icon: Send, may: 'list-actions' },
  { to: '/t/$project/runs', label: 'Runs', icon: Workflow, may: 'list-runs' },
  { to: '/t/$project/fleet', label: 'Fleet', icon: ServerCog, may: 'list-runners' },
  { to: '/t/$project/contracts', label: 'Contracts', icon: FileText, may: 'list-contracts' },
  {
    to: '/t/$project/policies',
    label: 'Policies',
    icon: Scale,
    may: 'list-policies',
    covers: ['new-policy', 'permission-rules'],
  },
  { to: '/t/$project/registry', label: 'Registry', icon: Library, may: 'list-controls' },
  { to: '/t/$project/ledger', label: 'Ledger', icon: ScrollText, may: 'search' },
  { to: '/t/$project/settings', label: 'Settings', icon: Settings, may: 'list-members' },
];
