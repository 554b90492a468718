import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { settingSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { corsSetting, MOST_ORIGINS } from './cors-setting.ts';

/** Lets pages of an origin read answers. The same again is an answer and no entry. */
export function allowOrigin(
  world: World,
  { origin }: AskOf<'allow-origin' | 'deny-origin'>,
  identity: Identity,
): Outcome {
  const { origins } = corsSetting(world.row('settings', 'cors'));
  if (origins.includes(origin)) return unchanged(answer({ ok: true, origins }));
  if (origins.length >= MOST_ORIGINS) {
    return unchanged(
      refuse('cors_full', `${MOST_ORIGINS} origins are allowed already`, 'deny one that is not used'),
    );
  }
  return changed('cors.allowed', origin, [...origins, origin], identity);
}

/** Takes an origin off the list. One that does not stand there is an answer and no entry. */
export function denyOrigin(
  world: World,
  { origin }: AskOf<'allow-origin' | 'deny-origin'>,
  identity: Identity,
): Outcome {
  const { origins } = corsSetting(world.row('settings', 'cors'));
  if (!origins.includes(origin)) return unchanged(answer({ ok: true, origins }));
  const others = origins.filter((one) => one !== origin);
  return changed('cors.denied', origin, others, identity);
}

function changed(
  type: 'cors.allowed' | 'cors.denied',
  origin: string,
  origins: readonly string[],
  { actor, name }: Identity,
): Outcome {
  const subject = settingSubject('cors');
  return {
    reply: answer({ ok: true, origins }),
    entries: [{ type, actor, subject, body: { origin, name } }],
  };
}
