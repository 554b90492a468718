import { Notice } from '../../ui/notice.tsx';

/** Why the plane would not let the only owner go. */
export function LastOwner() {
  return (
    <Notice
      tone="warn"
      title="This is the only owner. A project always has one: the plane refuses to be left without."
      next="Make somebody else an owner first; then this goes through."
    />
  );
}
