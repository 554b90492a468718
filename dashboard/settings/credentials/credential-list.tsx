import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { DataTable } from '../../forms/data-table.tsx';
import { MeantDialog } from '../../forms/meant-dialog.tsx';
import { type Secret, SecretDialog } from '../../forms/secret-dialog.tsx';
import { usePages } from '../../forms/use-pages.ts';
import { usePlane } from '../../plane/plane-context.ts';
import { Button } from '../../ui/button.tsx';
import { Fault } from '../../ui/fault.tsx';
import { PageWait } from '../../ui/page-wait.tsx';
import { StateChip } from '../../ui/state-chip.tsx';
import { Foreign } from '../../ui/value.tsx';
import { When } from '../../ui/when.tsx';
import { Section } from '../section.tsx';
import { useRefusal } from '../use-refusal.ts';
import type { CommonView, Kind } from './credential-kind.ts';
import styles from './credential-list.module.css';
import { RotateDialog } from './rotate-dialog.tsx';

interface Asking<View> {
  readonly what: 'rotate' | 'revoke';
  readonly view: View;
}

/** Credentials of one kind. A secret is shown once, in a dialog, and is nowhere afterwards. */
export function CredentialList<View extends CommonView>({ kind }: { readonly kind: Kind<View> }) {
  const { projectId } = usePlane();
  const client = useQueryClient();
  const queryKey = [projectId, 'credentials', kind.name];
  const { error, onMore, onRetry, rows } = usePages(queryKey, kind.read);
  const [isCreating, setCreating] = useState(false);
  const [asking, setAsking] = useState<Asking<View> | null>(null);
  const [secret, setSecret] = useState<Secret | null>(null);
  const noIssue = useRefusal('issue-credential', 'owners and admins');
  const noRotation = useRefusal('rotate-credential', 'owners and admins');
  const noRevocation = useRefusal('revoke-credential', 'owners and admins');
  const close = () => {
    setCreating(false);
    setAsking(null);
  };
  const done = (made?: Secret) => {
    close();
    if (made !== undefined) setSecret(made);
    void client.invalidateQueries({ queryKey });
  };
  return (
    <Section
      title={kind.title}
      about={kind.about}
      actions={
        <Button look="main" refusedBecause={noIssue} onClick={() => setCreating(true)}>
          New {kind.noun}
        </Button>
      }
    >
      {error === null ? null : <Fault error={error} onRetry={onRetry} />}
      {rows === undefined ? (
        error === null ? (
          <PageWait />
        ) : null
      ) : (
        <DataTable
          label={kind.title}
          rows={rows}
          keyOf={kind.idOf}
          columns={[
            { title: 'Name', of: (view) => <CredentialName view={view} id={kind.idOf(view)} /> },
            ...kind.columns,
            { title: 'State', of: ({ status }) => <StateChip state={status ?? 'not known'} /> },
            {
              title: 'Last used',
              of: ({ last_used_at }) => (last_used_at == null ? 'never' : <When at={last_used_at} />),
            },
            {
              title: 'Ends',
              of: ({ expires_at }) => (expires_at == null ? 'when it is revoked' : <When at={expires_at} />),
            },
          ]}
          actions={(view) => (
            <>
              {view.status === 'active' ? (
                <Button
                  isSmall
                  refusedBecause={noRotation}
                  onClick={() => setAsking({ what: 'rotate', view })}
                >
                  Rotate
                </Button>
              ) : null}
              {view.status === 'active' || view.status === 'retiring' ? (
                <Button
                  isSmall
                  look="danger"
                  refusedBecause={noRevocation}
                  onClick={() => setAsking({ what: 'revoke', view })}
                >
                  Revoke
                </Button>
              ) : null}
            </>
          )}
          empty={kind.empty}
          onMore={onMore}
        />
      )}
      {isCreating ? kind.createDialog(done, close) : null}
      {asking?.what === 'rotate' ? (
        <RotateDialog
          noun={kind.noun}
          name={asking.view.name ?? kind.idOf(asking.view)}
          onDo={(seconds, options) => kind.rotate(kind.idOf(asking.view), seconds, options)}
          onDone={done}
          onClose={close}
        />
      ) : null}
      {asking?.what === 'revoke' ? (
        <MeantDialog
          title={`Revoke a ${kind.noun}`}
          action="Revoke"
          reason="wanted"
          onDo={({ idempotencyKey, reason }) =>
            kind.revoke(kind.idOf(asking.view), reason, { idempotencyKey })
          }
          onDone={() => done()}
          onClose={close}
        >
          <p>
            Whoever holds <Foreign text={asking.view.name ?? kind.idOf(asking.view)} /> is refused from the
            next request on. What it did stands. It cannot be made valid again; a new one can be made.
          </p>
        </MeantDialog>
      ) : null}
      {secret === null ? null : <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </Section>
  );
}

function CredentialName({ view, id }: { readonly view: CommonView; readonly id: string }) {
  return (
    <>
      <strong>
        <Foreign text={view.name ?? 'without a name'} />
      </strong>
      <code className={styles.id}>{id}</code>
    </>
  );
}
