import type { TestedGuard } from './guard.ts';

const HOSTING = 'workers/provisioner/hosting';
const TROUBLES = `${HOSTING}/fly-troubles.test.ts`;

/** Guards of what the provisioner does at the hosting provider. */
export const hostingGuards: readonly TestedGuard[] = [
  {
    name: 'whose an app is',
    mutation: {
      file: `${HOSTING}/look-for-app.ts`,
      find: 'return network === networkOf(call.fly.tenant) ?',
      replace: 'return network !== undefined ?',
    },
    suite: TROUBLES,
    tests: '^name_taken',
    alarm: 'which no call touches',
  },
  {
    name: 'whose a machine is',
    mutation: {
      file: `${HOSTING}/our-machine.ts`,
      find: 'switch (ownerOf(machine, call.fly.tenant)) {',
      replace: "switch ('us' as ReturnType<typeof ownerOf>) {",
    },
    suite: TROUBLES,
    tests: '^name_taken',
    alarm: 'for a machine of our name that somebody put into our app',
  },
  {
    name: 'that no redirect is followed',
    mutation: { file: `${HOSTING}/fly-call.ts`, find: "redirect: 'manual'", replace: "redirect: 'follow'" },
    suite: TROUBLES,
    tests: '^rejected',
    alarm: 'when the address answers with another one, which is not followed',
  },
  {
    name: 'that names make no other paths',
    mutation: {
      file: `${HOSTING}/fly-machines.ts`,
      find: 'return isName ? act() : ',
      replace: 'return isName || true ? act() : ',
    },
    suite: TROUBLES,
    tests: '^rejected',
    alarm: 'is to be a name, before anything is sent',
  },
  {
    name: 'that no token of ours is shown to whoever may look at a machine',
    mutation: {
      file: `${HOSTING}/machine-config.ts`,
      find: 'OUR_SECRETS.test(text)',
      replace: 'OUR_SECRETS.test(text) && false',
    },
    suite: TROUBLES,
    tests: '^rejected',
    alarm: 'when the spec holds a token of ours, before anything is sent',
  },
  {
    name: 'that a lost write stays in doubt',
    mutation: {
      file: `${HOSTING}/fly-call.ts`,
      find: "isWriteLost ||= trouble.code === 'unknown';",
      replace: '',
    },
    suite: TROUBLES,
    tests: '^unknown',
    alarm: 'when nobody could look any more after that',
  },
  {
    name: 'the one name of machines',
    mutation: {
      file: `${HOSTING}/ensure-machine.ts`,
      find: 'const body = { name: NAME, region',
      replace: 'const body = { name: crypto.randomUUID(), region',
    },
    suite: `${HOSTING}/fly-machines.test.ts`,
    tests: '^a machine that is there',
    alarm: 'is found by its name when the list has nothing to show',
  },
];
