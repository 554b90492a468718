import { command, operand } from '../command/command.ts';
import { shortTime } from '../command/listing.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { facts, table } from '../output/table.ts';
import { type Profile, profileOf } from '../profiles/profile.ts';
import { ProfileStore } from '../profiles/profile-store.ts';

/** A profile without its tokens. */
function shownOf({ tokens, ...rest }: Profile) {
  return { ...rest, signed_in: tokens !== undefined, expires_at: tokens?.expires_at ?? null };
}

const list = command({
  name: 'profile list',
  summary: 'the control planes that you have signed in to',
  example: 'countersign profile list',
  run: async (context) => {
    const { current, profiles } = await new ProfileStore(context.world.environment).read();
    const rows = Object.entries(profiles).map(([name, profile]) => ({
      name,
      current: name === current,
      ...shownOf(profile),
    }));
    const text = table(
      [
        { title: '', of: (row) => (row.current ? '*' : ' ') },
        { title: 'NAME', of: (row) => row.name },
        { title: 'CONTROL PLANE', of: (row) => row.url },
        { title: 'PROJECT', of: (row) => row.project_id },
        { title: 'SIGNED IN', of: (row) => (row.signed_in ? 'yes' : 'no') },
      ],
      rows,
      context.emphasize,
    );
    context.answer(
      { current, profiles: rows },
      rows.length === 0 ? 'nothing; begin with `countersign login`\n' : text,
    );
    return exitCodes.ok;
  },
});

const use = command({
  name: 'profile use',
  summary: 'make a profile the current one',
  operands: ['NAME'],
  example: 'countersign profile use staging',
  run: async (context, _values, operands) => {
    const name = operand(operands, 0);
    await new ProfileStore(context.world.environment).update((now) => {
      if (profileOf(now, name) === undefined) throw usageFault(`there is no profile ${name}`);
      return { ...now, current: name };
    });
    context.answer({ ok: true, current: name }, `${name} is the current profile\n`);
    return exitCodes.ok;
  },
});

const show = command({
  name: 'profile show',
  summary: 'one profile, without its tokens',
  operands: ['[NAME]'],
  example: 'countersign profile show',
  run: async (context, _values, [given]) => {
    const profiles = await new ProfileStore(context.world.environment).read();
    const name = given ?? context.common.profile ?? profiles.current;
    const profile = profileOf(profiles, name);
    if (profile === undefined) throw usageFault(`there is no profile ${name}`);
    const shown = { name, ...shownOf(profile) };
    context.answer(
      shown,
      facts([
        ['name', name],
        ['control plane', shown.url],
        ['project', shown.project_id],
        ['issuer', shown.issuer],
        ['client', shown.client_id],
        ['signed in', shown.signed_in ? 'yes' : 'no'],
        ['until', shown.signed_in ? shortTime(shown.expires_at) : undefined],
      ]),
    );
    return exitCodes.ok;
  },
});

export const profileCommands = [list, use, show];
