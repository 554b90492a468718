import { exactTime, shortTime, span } from '../format/clock.ts';
import { useNow } from './use-now.ts';

const MINUTE_MS = 60_000;

/** A time in the reader's zone; the exact one on hover. */
export function When({ at }: { readonly at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={exactTime(date)}>
      {shortTime(date, useNow(MINUTE_MS))}
    </time>
  );
}

/** How long ago that was. */
export function Since({ at }: { readonly at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={exactTime(date)}>
      {span(useNow() - date.getTime())}
    </time>
  );
}

/** How long until then; `over` once it is. */
export function Until({ at, over }: { readonly at: string; readonly over: string }) {
  const date = new Date(at);
  const left = date.getTime() - useNow();
  return (
    <time dateTime={at} title={exactTime(date)}>
      {left > 0 ? span(left) : over}
    </time>
  );
}
