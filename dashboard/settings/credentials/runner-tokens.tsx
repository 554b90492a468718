import { type RunnerTokenView, runnerTokenViewSchema } from '@countersign/client/credential-views';
import type { IssuedRunner } from '@countersign/client/credentials-api';
import type { Secret } from '../../forms/secret-dialog.tsx';
import { usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { Names } from '../names.tsx';
import { CredentialList } from './credential-list.tsx';
import { RunnerTokenDialog } from './runner-token-dialog.tsx';

/** What runners come with. */
export function RunnerTokens() {
  const { projectId } = usePlane();
  const { credentials } = useProjectApis(projectId);
  return (
    <CredentialList<RunnerTokenView>
      kind={{
        name: 'runner-tokens',
        title: 'Runner tokens',
        about:
          'A runner leases and reports work of the sources, targets and handlers that its token names, and of no others.',
        noun: 'runner token',
        empty: 'No runner can come yet: make a token, and start a runner with it in your network.',
        columns: [
          { title: 'Sources', of: ({ source_ids }) => <Names names={source_ids} none="none" /> },
          {
            title: 'Targets and handlers',
            of: ({ handlers, targets }) => (
              <Names names={[...(targets ?? []), ...(handlers ?? [])]} none="none" />
            ),
          },
        ],
        idOf: ({ token_id }) => token_id,
        read: async (page, signal) => {
          const { next_cursor, runner_tokens } = await credentials.runnerTokens(page, { signal });
          return { rows: runner_tokens.map((one) => runnerTokenViewSchema.parse(one)), next: next_cursor };
        },
        rotate: async (id, overlap, options) =>
          secretOf(await credentials.rotateRunnerToken(id, overlap, options)),
        revoke: (id, reason, options) => credentials.revokeRunnerToken(id, reason, options),
        createDialog: (onDone, onClose) => (
          <RunnerTokenDialog onDone={(made) => onDone(secretOf(made))} onClose={onClose} />
        ),
      }}
    />
  );
}

function secretOf(issued: IssuedRunner): Secret {
  return {
    title: 'The runner token',
    about: `Runner token ${issued.token.token_id}`,
    value: issued.secret_available ? issued.runner_token : undefined,
    next: 'A runner reads it from the variable COUNTERSIGN_RUNNER_TOKEN, or from a file. If it is lost, rotate it.',
  };
}
