import { printable } from '@countersign/client/printable';
import { command } from '../command/command.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { originOf } from '../plane.ts';
import { PROFILE_NAME, type Profile, profileOf } from '../profiles/profile.ts';
import { ProfileStore } from '../profiles/profile-store.ts';
import { USUAL_CLIENT_ID, USUAL_SCOPE } from '../signing-in/client.ts';
import { deviceFlow } from '../signing-in/device-flow.ts';
import { discover } from '../signing-in/issuer.ts';
import { loopbackFlow } from '../signing-in/loopback-flow.ts';

/** What a login needs to know; the profile remembers it. */
type Place = Omit<Profile, 'tokens'> & { readonly issuer: string };

export const login = command({
  name: 'login',
  summary: 'sign in by a browser, here or on another device',
  text: `Opens the issuer's page in a browser, which comes back to a port of this machine. With --device it shows a
code that you enter on any other device. What it gets is kept in a profile that only you can read, and
renewed while the issuer allows it.

The first login names the control plane and the issuer; the profile remembers both.`,
  options: {
    device: { type: 'boolean', help: 'by a code, for machines without a browser' },
    issuer: { type: 'string', value: 'URL', help: 'the OpenID issuer' },
    'client-id': { type: 'string', value: 'ID', help: `usual: ${USUAL_CLIENT_ID}` },
    scope: { type: 'string', value: 'TEXT', help: `usual: ${USUAL_SCOPE}` },
    'no-browser': { type: 'boolean', help: 'print the address, and open nothing' },
  },
  example: 'countersign login --url https://plane.example --issuer https://login.example',
  run: async (context, values) => {
    const { common, world } = context;
    const store = new ProfileStore(world.environment);
    const profiles = await store.read();
    const name = common.profile ?? profiles.current;
    if (!PROFILE_NAME.test(name)) throw usageFault('--profile must be letters, digits and . _ -');
    const place = placeOf(profileOf(profiles, name), {
      url: common.url ?? (world.environment.COUNTERSIGN_URL || undefined),
      project_id: common.project,
      issuer: values.issuer,
      client_id: values['client-id'],
      scope: values.scope,
    });
    const issuer = await discover(place.issuer, world.signal);
    const client = { clientId: place.client_id ?? USUAL_CLIENT_ID, scope: place.scope ?? USUAL_SCOPE };
    const tokens =
      values.device === true
        ? await deviceFlow(issuer, client, (device) => context.say(deviceText(device)), world)
        : await loopbackFlow(
            issuer,
            client,
            (url) => {
              context.say(`Sign in at\n  ${printable(url)}\n`);
              if (values['no-browser'] !== true) world.openBrowser(url);
            },
            world.signal,
          );
    await store.update((now) => ({
      current: name,
      profiles: { ...now.profiles, [name]: { ...place, tokens } },
    }));
    context.answer(
      { ok: true, profile: name, url: place.url, expires_at: tokens.expires_at ?? null },
      `signed in to ${place.url} as profile ${name}\n`,
    );
    return exitCodes.ok;
  },
});

function deviceText(device: {
  user_code: string;
  verification_uri: string;
  verification_uri_complete?: string | undefined;
}): string {
  const { user_code, verification_uri, verification_uri_complete } = device;
  const direct =
    verification_uri_complete === undefined ? '' : `\nor open\n  ${printable(verification_uri_complete)}`;
  return `On any device, open\n  ${printable(verification_uri)}\nand enter\n  ${printable(user_code)}${direct}\n`;
}

function placeOf(
  known: Profile | undefined,
  given: { [Member in keyof Place]?: Place[Member] | undefined },
): Place {
  const url = given.url ?? known?.url;
  const issuer = given.issuer ?? known?.issuer;
  if (url === undefined || issuer === undefined)
    throw usageFault('the first login needs --url URL of the control plane and --issuer URL');
  const { client_id = known?.client_id, project_id = known?.project_id, scope = known?.scope } = given;
  return {
    url: originOf(url),
    issuer,
    ...(client_id === undefined ? {} : { client_id }),
    ...(project_id === undefined ? {} : { project_id }),
    ...(scope === undefined ? {} : { scope }),
  };
}
