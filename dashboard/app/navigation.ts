import { FileText, Inbox, Library, type LucideIcon, Scale } from 'lucide-react';

interface Place {
  readonly to:
    | '/t/$project/inbox'
    | '/t/$project/contracts'
    | '/t/$project/policies'
    | '/t/$project/registry';
  readonly label: string;
  readonly icon: LucideIcon;
  /** What somebody must be allowed to ask for the page to be of use to them. */
  readonly may: string;
}

/** The pages of a project, in the order in which they are shown. */
export const places: readonly Place[] = [
  { to: '/t/$project/inbox', label: 'Inbox', icon: Inbox, may: 'list-proposals' },
  { to: '/t/$project/contracts', label: 'Contracts', icon: FileText, may: 'list-contracts' },
  { to: '/t/$project/policies', label: 'Policies', icon: Scale, may: 'list-policies' },
  { to: '/t/$project/registry', label: 'Registry', icon: Library, may: 'list-controls' },
];
