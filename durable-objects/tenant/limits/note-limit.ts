import type { AskOf } from '../turn/command.ts';
import type { Outcome } from '../turn/outcome.ts';
import { answer } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { nearedDraft } from './neared.ts';

/** Writes down that a limit a minute is nearly used up, which the object noticed outside of a turn. */
export function noteLimit(world: World, { mark }: AskOf<'note-limit'>, now: number): Outcome {
  const draft = nearedDraft(world, mark, now);
  return { reply: answer({ ok: true }), entries: draft === undefined ? [] : [draft] };
}
