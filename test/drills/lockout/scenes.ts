import { TOKEN } from '../../support/first-run.ts';
import { must } from '../../support/must.ts';
import { type Cast, compared, comparedTo } from './cast.ts';
import type { Compared } from './facts.ts';

/** One way of locking oneself out, as it is played. */
interface ScenePlay {
  readonly name: string;
  readonly wayIn: string;
  play(cast: Cast): Promise<readonly Compared[]>;
}

const OTHER = 'quite-another-token-for-the-first-run';
const SELF = '/v1/control/sessions/self';

/** In the order in which they are played: each begins where the one before has ended. */
export const scenes: readonly ScenePlay[] = [
  {
    name: 'no bootstrap token is set',
    wayIn: 'nobody is in yet; the operators set a token and deploy',
    play: async (cast) => [compared('the operators', 'bootstrap_closed', await cast.exchange(cast.owned))],
  },
  {
    name: 'a malformed bootstrap token is deployed',
    wayIn: 'nobody is in yet; the log says what is wrong with it, and a good one is deployed',
    play: async (cast) => {
      await cast.run.deployWith('short');
      return [
        compared('the operators, with it', 'bootstrap_closed', await cast.exchange(cast.owned, 'short')),
        compared('the operators, with a good one', 'bootstrap_closed', await cast.exchange(cast.owned)),
        compared(
          'the log',
          'says so',
          cast.run.logs.join('\n').includes('bootstrap_token_malformed') ? 'says so' : 'says nothing',
        ),
      ];
    },
  },
  {
    name: 'many bring the good token at once',
    wayIn: 'whoever brings the bootstrap token first; it was the operators',
    play: async (cast) => {
      await cast.run.deployWith(TOKEN);
      return [
        compared(`accounts of ${cast.racers} exchanges`, '1', String(await cast.race(cast.owned))),
        await comparedTo('the account', 'in', cast.account(cast.owned).get(SELF)),
        compared('the operators, again', 'already_bootstrapped', await cast.exchange(cast.owned)),
        compared('the operators, for the project without people', 'in', await cast.exchange(cast.alone)),
      ];
    },
  },
  {
    name: 'another deploy brings another token',
    wayIn: 'the first account, whose token has not changed',
    play: async (cast) => {
      await cast.run.deployWith(OTHER);
      return [
        compared(
          'the operators, with the new token',
          'already_bootstrapped',
          await cast.exchange(cast.owned, OTHER),
        ),
        compared('the operators, with the old one', 'token_invalid', await cast.exchange(cast.owned)),
        await comparedTo('the account', 'in', cast.account(cast.owned).get(SELF)),
      ];
    },
  },
  {
    name: 'the first owner joins',
    wayIn: 'the owner, who says from now on who belongs to the project; the first account drafts and reads',
    play: async (cast) => {
      await cast.peoplePlaces();
      const invite = { name: 'Mallory', roles: ['owner'] };
      return [
        await comparedTo('the owner', 'in', cast.person('olivia').get('/v1/members')),
        await comparedTo('an admin', 'in', cast.person('adam').get('/v1/members')),
        await comparedTo(
          'the account, inviting an owner',
          'set_up_over',
          cast.account(cast.owned).post('/v1/invitations', invite),
        ),
        compared(
          'the operators, with the token',
          'already_bootstrapped',
          await cast.exchange(cast.owned, OTHER),
        ),
      ];
    },
  },
  {
    name: 'the last owner is removed or steps down',
    wayIn: 'the owner, who cannot be the last to go',
    play: async (cast) => {
      const olivia = cast.person('olivia');
      const path = `/v1/members/${encodeURIComponent(cast.run.issuers.get('members').personOf('olivia'))}`;
      const asAdmin = cast.person('adam').post(`${path}/remove`);
      return [
        await comparedTo('the owner, removing themselves', 'last_owner', olivia.post(`${path}/remove`)),
        await comparedTo(
          'the owner, stepping down',
          'last_owner',
          olivia.post(`${path}/roles`, { roles: ['viewer'] }),
        ),
        await comparedTo('an admin, removing the owner', 'forbidden', asAdmin),
        await comparedTo('the owner', 'in', olivia.get('/v1/members')),
      ];
    },
  },
  {
    name: 'permission rules take everything from everybody',
    wayIn: 'the owner, from whom no rule takes the rules; and on the host, npm run unlock',
    play: async (cast) => {
      const olivia = cast.person('olivia');
      const deny = (asks: readonly string[]) => ({
        rules: [{ name: 'nobody', asks, effect: 'deny', when: 'true' }],
      });
      must(await olivia.post('/v1/permission-rules', deny(['list-members', 'invite', 'issue-credential'])));
      must(await olivia.post('/v1/permission-rules/enforcement', { on: true, reason: 'a drill' }));
      const denied = [
        await comparedTo(
          'an admin under the rules',
          'denied_by_rule',
          cast.person('adam').get('/v1/members'),
        ),
        await comparedTo('the owner under the rules', 'denied_by_rule', olivia.get('/v1/members')),
        await comparedTo(
          'the owner, taking the rules from owners',
          'lock_out',
          olivia.post('/v1/permission-rules', deny(['save-permission-rules', 'enforce-permission-rules'])),
        ),
      ];
      await cast.unlock();
      return [
        ...denied,
        await comparedTo('an admin, after the unlock', 'in', cast.person('adam').get('/v1/members')),
        await comparedTo('the owner, after the unlock', 'in', olivia.get('/v1/members')),
      ];
    },
  },
  {
    name: "the issuer's keys cannot be reached",
    wayIn: 'service accounts, runners and agents, whose tokens need no issuer; people again once it is back',
    play: async (cast) => {
      const issuer = cast.run.issuers.get('members');
      issuer.serving = 'no_answer';
      // A gateway remembers keys for a while; a fresh one has none.
      await cast.run.deployWith(OTHER);
      const away = [
        await comparedTo('the owner', 'issuer_unavailable', cast.person('olivia').get('/v1/members')),
        await comparedTo('the account', 'in', cast.account(cast.owned).get(SELF)),
      ];
      issuer.serving = 'keys';
      return [
        ...away,
        await comparedTo('the owner, once it is back', 'in', cast.person('olivia').get('/v1/members')),
      ];
    },
  },
  {
    name: 'every service account of an owned project is revoked',
    wayIn: 'the owner, who issues another',
    play: async (cast) => {
      const olivia = cast.person('olivia');
      const { api_keys: keys } = must(await olivia.get('/v1/control/api-keys')).body;
      for (const { key_id } of Object(keys))
        must(await olivia.post('/v1/control/api-keys/revoke', { key_id }));
      const revoked = [
        await comparedTo('the account', 'token_revoked', cast.account(cast.owned).get(SELF)),
        compared(
          'the operators, with the token',
          'already_bootstrapped',
          await cast.exchange(cast.owned, OTHER),
        ),
      ];
      const wanted = { name: 'the next one', scopes: ['project:read'] };
      const { token } = must(await olivia.post('/v1/control/api-keys', wanted)).body;
      return [
        ...revoked,
        await comparedTo('the next account', 'in', cast.run.as(cast.owned, String(token)).get(SELF)),
      ];
    },
  },
  {
    name: 'the only account of a project without people is revoked',
    wayIn: 'on the host, npm run unlock -- --bootstrap; then the bootstrap token, once',
    play: async (cast) => {
      const lost = cast.account(cast.alone);
      const { context } = must(await lost.get(SELF)).body;
      const { key_id } = Object(context);
      must(await lost.post('/v1/control/api-keys/revoke', { key_id }));
      const locked = [
        await comparedTo('the account', 'token_revoked', lost.get(SELF)),
        compared(
          'the operators, with the token',
          'already_bootstrapped',
          await cast.exchange(cast.alone, OTHER),
        ),
      ];
      await cast.reopen(cast.alone);
      return [
        ...locked,
        compared('the operators, after the unlock', 'in', await cast.exchange(cast.alone, OTHER)),
        compared('the operators, once more', 'already_bootstrapped', await cast.exchange(cast.alone, OTHER)),
        await comparedTo('the new account', 'in', cast.account(cast.alone).get(SELF)),
        await comparedTo('the account that was lost', 'token_revoked', lost.get(SELF)),
      ];
    },
  },
];
