import { digest } from '@countersign/protocol/canonical-json';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane, problem } from '../testing/fake-plane.ts';
import { runCli } from '../testing/run-cli.ts';

const document = {
  name: 'small',
  applies_to: ['billing.waive'],
  when: 'after.fee < 100 &&\n  before.fee < 900',
  effect: 'approve',
  limits: [
    { count: 5, per: 'agent', period: 'day' },
    { total: 900, of: 'fee', per: 'policy', period: 'day' },
  ],
  tests: [
    { name: 'low', given: { after: { fee: 1 } }, expect: 'approve' },
    { name: 'high', given: { after: { fee: 500 } }, expect: 'no_match' },
  ],
};
const NEWEST = digest(document);
const OLDER = `sha256:${'a'.repeat(64)}`;
const saved = { name: 'small', status: 'active', version: 3, digest: NEWEST, active_digest: OLDER };

let plane: FakePlane;
beforeEach(async () => {
  plane = await FakePlane.start();
  plane.on('GET /v1/policies/small', { body: { ok: true, policy: { ...saved, policy: document } } });
  plane.on('POST /v1/policies/small/activate', { body: { ok: true, status: 'active' } });
});
afterEach(() => plane.stop());

const activate = (args: readonly string[] = [], typed?: string) =>
  runCli(['policies', 'activate', 'small', ...args], {
    environment: { COUNTERSIGN_URL: plane.url, COUNTERSIGN_TOKEN: 't' },
    ...(typed === undefined ? {} : { typed }),
  });
const sent = () => plane.seen.filter(({ line }) => line.startsWith('POST')).map(({ body }) => body);

test('what a draft would change is told line by line, against what holds', async () => {
  const diff = () =>
    runCli(['policies', 'diff', 'small'], {
      environment: { COUNTERSIGN_URL: plane.url, COUNTERSIGN_TOKEN: 't' },
    });
  const first = await diff();
  expect(first).toMatchObject({ code: 10 });
  expect(first.out).toMatch(/^small: nothing in force -> newest\n/);
  const in_force = { ...document, effect: 'ask' };
  plane.on('GET /v1/policies/small', {
    body: { ok: true, policy: { ...saved, policy: document, in_force } },
  });
  const second = await diff();
  expect(second).toMatchObject({ code: 10 });
  expect(second.out.match(/^[+-].*$/gm)).toEqual(['-   "effect": "ask",', '+   "effect": "approve",']);
});

describe('activating a policy', () => {
  test('shows the draft, asks, and sends the digest of what was shown', async () => {
    const ran = await activate(['--reason', 'agreed'], 'activate');
    expect(ran).toMatchObject({ code: 0, err: 'Type activate to activate small: ' });
    expect(ran.out).toBe(`small
active, version 3

effect      approve
applies to  billing.waive
when        after.fee < 100 &&
            before.fee < 900
limit       5 proposals a day, per agent
limit       900 of fee in total a day, per policy
test        low: approve, given {"after":{"fee":1}}
test        high: no_match, given {"after":{"fee":500}}
in force    another one,
            ${OLDER.slice(0, 68)}
            ${OLDER.slice(68)}
digest
    ${NEWEST}

small is in force
`);
    expect(sent()).toEqual([{ digest: NEWEST, reason: 'agreed' }]);
  });

  test('shows who must approve, and what an agent is told', async () => {
    const { limits: _, tests: __, ...rest } = document;
    const bodies = [
      { ...rest, effect: 'ask', requires: { role: 'lead', approvals: 2 } },
      { ...rest, effect: 'refuse', message: 'never\u202e' },
    ].map((policy) => ({ body: { policy: { digest: digest(policy), policy } } }));
    plane.on('GET /v1/policies/small', ...bodies);
    const [asking, refusing] = [await activate(['--yes']), await activate(['--yes'])];
    expect(asking.out).toMatch(/^requires +2 approvals by lead$/m);
    expect(asking.out).toMatch(/^tests +none$/m);
    expect(asking.out).toMatch(/^in force +nothing of this name$/m);
    expect(refusing.out).toMatch(/^message +never\\u\{202e\}$/m);
  });

  test.each([['no'], [''], ['approve']])('is not done by typing %j', async (typed) => {
    expect(await activate([], typed)).toMatchObject({ code: 1 });
    expect(sent()).toEqual([]);
  });

  test('is not done where nobody can be asked, without --yes', async () => {
    const ran = await activate();
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.out).toContain('after.fee < 100');
    expect(sent()).toEqual([]);
  });

  test('with --yes still shows; with --json on stderr', async () => {
    const ran = await activate(['--yes', '--json']);
    expect(JSON.parse(ran.out)).toEqual({ ok: true, status: 'active' });
    expect(ran.err).toContain('after.fee < 100');
    expect(sent()).toEqual([{ digest: NEWEST }]);
  });

  test('with --digest sends that one, unseen', async () => {
    expect(await activate(['--digest', OLDER])).toMatchObject({ code: 0, out: 'small is in force\n' });
    expect(plane.seen).toHaveLength(1);
    expect(sent()).toEqual([{ digest: OLDER }]);
  });

  test('of a draft that changed meanwhile is a conflict', async () => {
    plane.on('POST /v1/policies/small/activate', problem(409, 'decision_outdated', 'it has changed'));
    expect(await activate(['--yes'])).toMatchObject({ code: 4 });
  });

  test.each([
    ['with the digest of another document', { ...saved, digest: OLDER, policy: document }],
    ['without a digest', { name: 'small', policy: document }],
    ['with a part that cannot be shown', { ...saved, policy: { ...document, unless: 'true' } }],
    ['that is not there', { ...saved, policy: null }],
  ])('of a document %s is not done', async (_what, policy) => {
    plane.on('GET /v1/policies/small', { body: { policy } });
    expect(await activate(['--yes'])).toMatchObject({ code: 1, out: '' });
    expect(sent()).toEqual([]);
  });
});
