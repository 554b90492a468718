import { sentence } from '../format/sentence.ts';
import { Notice } from '../ui/notice.tsx';

/** Something that the reader's roles do not include seeing. */
export function NotShown({ who }: { readonly who: string }) {
  return <Notice title="Your roles do not include seeing this." next={sentence(`${who} may`)} />;
}
