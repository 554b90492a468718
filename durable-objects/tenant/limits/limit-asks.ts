import type { LimitMark } from '@countersign/protocol/limits';

/** The object's own: what it noticed before a command had a turn. */
export type LimitAsk = { readonly type: 'note-limit'; readonly mark: LimitMark };

export type LimitLook = { readonly type: 'list-limits' };
