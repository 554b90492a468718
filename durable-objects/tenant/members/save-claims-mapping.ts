import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { settingSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { refusalOfRoles } from './role-bounds.ts';

/** Which claims of identity providers make members. Owners are made by name only: a group's list is not the project's. */
export function saveClaimsMapping(
  _world: World,
  { mappings }: AskOf<'save-claims-mapping'>,
  identity: Identity,
): Outcome {
  for (const { roles } of mappings) {
    const refusal = refusalOfRoles({ roles }, identity);
    if (refusal !== undefined) return unchanged({ ok: false, refusal });
    if (roles.includes('owner')) {
      return unchanged(
        refuse('validation_failed', '$.mappings: no claim makes an owner', 'make owners by name'),
      );
    }
  }
  const body = { mappings, name: identity.name };
  return {
    reply: answer({ ok: true, mappings }),
    entries: [{ type: 'claims.saved', actor: identity.actor, subject: settingSubject('claims'), body }],
  };
}
