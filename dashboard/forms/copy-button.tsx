import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';

/** Puts a text where it can be pasted from, and says so. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [said, setSaid] = useState<'copied' | 'refused' | null>(null);
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => setSaid('copied'),
      () => setSaid('refused'),
    );
  return (
    <span>
      <Button isSmall onClick={copy}>
        {said === 'copied' ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />} {label}
      </Button>{' '}
      <span role="status">
        {said === 'copied'
          ? 'Copied.'
          : said === 'refused'
            ? 'This browser does not let it be copied: mark it and copy it by hand.'
            : ''}
      </span>
    </span>
  );
}
