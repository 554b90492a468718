import type { IssuedRunner } from '@countersign/client/credentials-api';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { PasteBlock } from '../forms/paste-block.tsx';
import { SecretDialog } from '../forms/secret-dialog.tsx';
import { useIntent } from '../forms/use-intent.ts';
import { useProjectApis } from '../plane/project-apis.ts';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import styles from './provision.module.css';
import { ownLines, sampleLines } from './runner-script.ts';
import type { Sample } from './sample.ts';

interface Props {
  readonly projectId: string;
  readonly sample: Sample;
}

const FIRST = 'first-runner';

/** A token for the first runner, shown once, and what to paste to start it. */
export function RunnerLines({ projectId, sample }: Props) {
  const { credentials } = useProjectApis(projectId);
  const keyOf = useIntent();
  const [made, setMade] = useState<IssuedRunner | null>(null);
  const [isIssued, setIssued] = useState(false);
  const wish = { name: FIRST, source_ids: [sample.sourceId] };
  const issuing = useMutation({
    mutationFn: () => credentials.createRunnerToken(wish, { idempotencyKey: keyOf(wish) }),
    onSuccess: (answer) => {
      setMade(answer);
      setIssued(true);
    },
    // What the plane answered holds the secret.
    gcTime: 0,
  });
  const how = { url: location.origin, projectId, sample };
  return (
    <ol className={styles.list}>
      <li>
        <h3>1. Its token</h3>
        <p>
          It may lease and report work of <code>{sample.sourceId}</code>, and nothing else. It is shown once.
        </p>
        {issuing.error === null ? null : <Fault error={issuing.error} />}
        <div className={styles.ways}>
          <Button
            look="main"
            refusedBecause={isIssued ? 'It is made. If it is lost, rotate it in the settings.' : undefined}
            disabled={issuing.isPending}
            onClick={() => issuing.mutate()}
          >
            Make the token
          </Button>
          {isIssued ? <p role="status">The token is made.</p> : null}
        </div>
      </li>
      <li>
        <h3>2. On sample data, in a shell where your database can be reached</h3>
        <p>
          It makes a schema <code>countersign_sample</code> with one row, and a runner that may write one
          column of it. It asks for the token, so that it stands in no history. <code>DATABASE_URL</code>{' '}
          stays in your shell.
        </p>
        <PasteBlock label="What to paste, for sample data" text={sampleLines(how)} />
      </li>
      <li>
        <details>
          <summary>Or on a table of yours</summary>
          <p>
            <code>init</code> asks what may be written, and makes a configuration that starts as a dry run and
            the SQL of a role with exactly those rights. The first proposal then needs a contract of yours.
          </p>
          <PasteBlock label="What to paste, for a table of yours" text={ownLines(how)} />
        </details>
      </li>
      {made === null ? null : (
        <SecretDialog
          secret={{
            title: 'The runner token',
            about: `Runner token ${made.token.token_id}`,
            value: made.secret_available ? made.runner_token : undefined,
            next: 'Paste it where the lines below ask for it. If it is lost, rotate it in the settings.',
          }}
          onClose={() => {
            // The answer holds the secret too, for as long as it is remembered.
            setMade(null);
            issuing.reset();
          }}
        />
      )}
    </ol>
  );
}
