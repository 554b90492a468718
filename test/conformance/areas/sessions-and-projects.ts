import { strict as assert } from 'node:assert';
import { passes, reads, refuses } from '../checks.ts';
import { createKey, SERVICE_SCOPES } from '../doing.ts';
import {
  accountRow,
  entitlementsAnswer,
  listOf,
  projectAnswer,
  projectRow,
  sessionOfPerson,
  sessionOfService,
  sourceAnswer,
  sourceRow,
  statusAnswer,
} from '../reads.ts';
import { scenariosOf } from '../scenario.ts';

export const sessionScenarios = scenariosOf(
  'sessions and projects',
  [
    'a person learns who they are, in which project, and until when: auth whoami',
    '2.3; 6.2 step 3',
    async ({ human, project }) => {
      const { context } = reads(sessionOfPerson, await human.get('/v1/control/sessions/self'));
      assert.equal(context.project_id, project);
      reads(entitlementsAnswer, await human.get(`/v1/control/projects/${project}/entitlements`));
    },
  ],
  [
    'a service learns the same, with its scopes and the plan',
    '2.3; 6.2 step 5',
    async (stand) => {
      const { keyId, service } = await createKey(stand);
      const { context } = reads(sessionOfService, await service.get('/v1/control/sessions/self'));
      assert.equal(context.key_id, keyId);
      assert.equal(context.project_id, stand.project);
      assert.deepEqual(context.scopes.toSorted(), SERVICE_SCOPES.toSorted());
    },
  ],
  [
    'a person who signs out is signed out at once: auth logout',
    '2.3',
    async ({ human, signInAgain }) => {
      const second = await signInAgain();
      passes(await second.get('/v1/control/sessions/self'));
      passes(await second.post('/v1/control/sessions/revoke', {}));
      refuses(await second.get('/v1/control/sessions/self'), 401);
      passes(await human.get('/v1/control/sessions/self'));
    },
  ],
  [
    'the plane says that it is well, of a project and of none: status',
    '2.3',
    async (stand) => {
      const { service } = await createKey(stand);
      for (const one of [stand.human, service])
        for (const path of ['/v1/control/status', `/v1/control/status?project_id=${stand.project}`])
          reads(statusAnswer, await one.get(path));
    },
  ],
  [
    'what is entitled and billed stands in one answer: entitlements show, billing status',
    '2.3',
    async (stand) => {
      const { service } = await createKey(stand);
      const path = `/v1/control/projects/${stand.project}/entitlements`;
      for (const one of [stand.human, service]) reads(entitlementsAnswer, await one.get(path));
    },
  ],
  [
    'projects are listed and shown',
    '2.3',
    async (stand) => {
      const { service } = await createKey(stand);
      for (const one of [stand.human, service]) {
        const { items } = reads(
          listOf('projects', projectRow),
          await one.get('/v1/control/projects?limit=50'),
        );
        assert.deepEqual(
          items.map(({ project_id }) => project_id),
          [stand.project],
        );
        const shown = reads(projectAnswer, await one.get(`/v1/control/projects/${stand.project}`));
        assert.deepEqual(shown.project, items[0]);
      }
    },
  ],
  [
    'accounts are listed: workspaces list',
    '2.3',
    async (stand) => {
      const { service } = await createKey(stand);
      for (const one of [stand.human, service]) {
        const answer = await one.get('/v1/control/accounts?limit=50');
        assert.equal(reads(listOf('accounts', accountRow), answer).items.length, 1);
      }
    },
  ],
  [
    'sources are listed and shown, the latter without a project in the request',
    '2.3',
    async (stand) => {
      const { service } = await createKey(stand);
      const list = `/v1/control/external-sources?project_id=${stand.project}&limit=50`;
      for (const one of [stand.human, service]) {
        const { items } = reads(listOf('sources', sourceRow), await one.get(list));
        assert.ok(items.some(({ source_id }) => source_id === stand.source));
        const path = `/v1/control/external-sources/${stand.source}`;
        assert.equal(reads(sourceAnswer, await one.get(path)).source.source_id, stand.source);
        refuses(await one.get('/v1/control/external-sources/src_none'), 404);
      }
    },
  ],
);
