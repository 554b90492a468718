import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { OTHER_EFFECT } from './use-seen-effect.ts';

/** Told where what is on the screen became another while somebody read it. */
export function OtherEffect({ onSeen }: { readonly onSeen: () => void }) {
  return (
    <Notice tone="warn" title={OTHER_EFFECT} isUrgent>
      <div>
        <Button isSmall onClick={onSeen}>
          I have read it as it is now
        </Button>
      </div>
    </Notice>
  );
}
