import { command } from '../command/command.ts';
import { exitCodes } from '../exit-codes.ts';
import { facts } from '../output/table.ts';
import { openPlane } from '../plane.ts';
import { profileOf } from '../profiles/profile.ts';
import { ProfileStore } from '../profiles/profile-store.ts';
import { USUAL_CLIENT_ID } from '../signing-in/client.ts';
import { discover, postForm } from '../signing-in/issuer.ts';

const logout = command({
  name: 'logout',
  summary: 'forget the login, and tell the issuer',
  example: 'countersign logout',
  run: async (context) => {
    const { common, world } = context;
    const store = new ProfileStore(world.environment);
    const profiles = await store.read();
    const name = common.profile ?? profiles.current;
    const profile = profileOf(profiles, name);
    await store.update((now) => {
      const { tokens: _, ...rest } = profileOf(now, name) ?? { url: '' };
      return rest.url === '' ? now : { ...now, profiles: { ...now.profiles, [name]: rest } };
    });
    const isRevoked = await revoke(
      profile?.issuer,
      profile?.client_id,
      profile?.tokens?.refresh_token,
      world.signal,
    );
    context.answer(
      { ok: true, profile: name, revoked: isRevoked },
      `profile ${name} is signed out${isRevoked ? ', and its login revoked' : ''}\n`,
    );
    return exitCodes.ok;
  },
});

/** Whether the issuer has ended the login too (RFC 7009). It is forgotten here whether or not. */
async function revoke(
  issuer: string | undefined,
  client_id: string | undefined,
  token: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (issuer === undefined || token === undefined) return false;
  try {
    const { revocation_endpoint } = await discover(issuer, signal);
    if (revocation_endpoint === undefined) return false;
    const form = { token, token_type_hint: 'refresh_token', client_id: client_id ?? USUAL_CLIENT_ID };
    await postForm(revocation_endpoint, form, signal);
    return true;
  } catch {
    return false;
  }
}

const whoami = command({
  name: 'whoami',
  summary: 'who the control plane takes you for',
  example: 'countersign whoami',
  run: async (context) => {
    const plane = await openPlane(context);
    const self = await plane.session.self({ signal: context.world.signal });
    const { ok: _, ...shown } = self;
    context.answer(self, facts([['control plane', plane.url], ...flattened(shown)]));
    return exitCodes.ok;
  },
});

const status = command({
  name: 'status',
  summary: 'how the control plane is: queues, leases, ledger',
  example: 'countersign status --json',
  run: async (context) => {
    const plane = await openPlane(context);
    const { signal } = context.world;
    const [control, health] = [
      await plane.session.status({ signal }),
      await plane.proposals.engineHealth({ signal }),
    ];
    const { ok: _, ...shown } = health;
    context.answer(
      { ...control, engine: health },
      facts([['control plane', plane.url], ['state', control.status], ...flattened(shown)]),
    );
    return exitCodes.ok;
  },
});

/** Members of members stand in a line of their own, with both names. */
function flattened(value: object, before = ''): (readonly [string, unknown])[] {
  return Object.entries(value).flatMap(([name, member]): (readonly [string, unknown])[] => {
    const called = `${before}${name.replaceAll('_', ' ')}`;
    return typeof member === 'object' && member !== null && !Array.isArray(member)
      ? flattened(member, `${called} `)
      : [[called, member]];
  });
}

export const sessionCommands = [logout, whoami, status];
