import { strict as assert } from 'node:assert';
import { digestOf } from '../canonical.ts';
import { passes, reads, refuses } from '../checks.ts';
import { contractDocument } from '../documents.ts';
import { connect, createKey, createRunnerToken, pushBody } from '../doing.ts';
import {
  doctorAnswer,
  entitlementsAnswer,
  listOf,
  protocolAnswer,
  pushAnswer,
  runnerRow,
  runnerTokenMade,
  sessionOfPerson,
  sessionOfService,
} from '../reads.ts';
import { DOCTOR, nothingToDo, projectPath, run, type Step, versions } from './run.ts';

/** Steps 1 to 12: who and what there is before anything is proposed. */
export const settingUp: readonly Step[] = [
  [
    '1',
    'the protocol is the one that the clients speak',
    async ({ nobody }) => {
      reads(protocolAnswer, await nobody.get('/v1/runner/protocol'));
    },
  ],
  [
    '3',
    'the person is known, and so is the plan of the project',
    async (stand) => {
      reads(sessionOfPerson, await stand.human.get('/v1/control/sessions/self'));
      reads(entitlementsAnswer, await stand.human.get(`${projectPath(stand)}/entitlements`));
    },
  ],
  [
    '4, 5',
    'a key with eight scopes is made, and knows itself',
    async (stand) => {
      run.service.set(await createKey(stand));
      reads(sessionOfService, await run.service.get().service.get('/v1/control/sessions/self'));
    },
  ],
  [
    '6, 7',
    'the service brings the contract into force, and the push of the runner finds the same version',
    async (stand) => {
      const contract = contractDocument();
      const path = `${projectPath(stand)}/agent-contracts`;
      const body = pushBody(contract, { activate: true, idempotency_key: 'acceptance-1' });
      const made = reads(
        pushAnswer,
        await run.service.get().service.post(path, body, { key: 'acceptance-1' }),
      );
      const { contract_id, contract_version_id, digest } = made;
      assert.equal(digest, digestOf(contract));
      run.first.set({ contract_id, contract_version_id, digest });
      const { source_versions: _, ...ofRunner } = pushBody(contract, { source: 'runner' });
      const again = reads(pushAnswer, await run.service.get().service.post(path, ofRunner, { key: digest }));
      assert.equal(again.digest, digest);
      assert.equal(again.contract_version_id, contract_version_id);
    },
  ],
  [
    '8',
    'a runner token is made and rotated: the old one is refused, and the new one authenticated',
    async (stand) => {
      const old = await createRunnerToken(stand);
      const path = `${projectPath(stand)}/runner-tokens/${old.tokenId}/rotate`;
      const made = reads(runnerTokenMade, await stand.human.post(path, {}));
      run.token.set({
        tokenId: made.token.token_id,
        runner: stand.bearing(made.runner_token, 'runner'),
      });
      refuses(await old.runner.get(DOCTOR), 401, 403);
      reads(doctorAnswer, await run.token.get().runner.get(DOCTOR));
    },
  ],
  [
    '9',
    'the bundle is a ZIP archive',
    async (stand) => {
      const path = `${versions(stand)}/${run.first.get().contract_version_id}/runner-bundle`;
      const { bytes } = passes(await stand.human.get(`${path}?download=1&source_id=${stand.source}`));
      assert.equal(Buffer.from(bytes).toString('latin1', 0, 2), 'PK');
    },
  ],
  [
    '10, 11',
    'a runner connects twice and a second one once; both are listed, online',
    async (stand) => {
      const { runner } = run.token.get();
      const ids = ['runner_accepted', 'runner_accepted', 'runner_accepted_second'];
      for (const runnerId of ids) await connect(runner, runnerId, stand.source);
      run.working.set({ runner, runnerId: 'runner_accepted', contract: run.first.get() });
      const path = `${projectPath(stand)}/runners?limit=100`;
      const { items } = reads(listOf('runners', runnerRow), await run.service.get().service.get(path));
      assert.deepEqual(items.map(({ runner_id }) => runner_id).toSorted(), [...new Set(ids)]);
      assert.equal(items.find(({ runner_id }) => runner_id === 'runner_accepted')?.status, 'online');
    },
  ],
  ['12', 'nothing old waits for a worker', nothingToDo],
];
