import { originSchema } from '@countersign/protocol/origin';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { DataTable } from '../../forms/data-table.tsx';
import { TextField } from '../../forms/field.tsx';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { MeantDialog } from '../../forms/meant-dialog.tsx';
import { useIntent } from '../../forms/use-intent.ts';
import { useMay, usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { Button } from '../../ui/button.tsx';
import { Fault } from '../../ui/fault.tsx';
import { PageWait } from '../../ui/page-wait.tsx';
import { Foreign } from '../../ui/value.tsx';
import { NotShown } from '../not-shown.tsx';
import { Section } from '../section.tsx';
import { useRefusal } from '../use-refusal.ts';

/** Whose pages may read what the project answers. */
export function OriginsSection() {
  const { projectId } = usePlane();
  const { cors } = useProjectApis(projectId);
  const client = useQueryClient();
  const mayList = useMay('list-origins');
  const noAllow = useRefusal('allow-origin', 'owners and admins');
  const noDeny = useRefusal('deny-origin', 'owners and admins');
  const [isAdding, setAdding] = useState(false);
  const [denying, setDenying] = useState<string | null>(null);
  const queryKey = [projectId, 'origins'];
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: ({ signal }) => cors.list({ signal }),
    enabled: mayList,
  });
  const done = () => {
    setAdding(false);
    setDenying(null);
    void client.invalidateQueries({ queryKey });
  };
  return (
    <Section
      title="Origins (CORS)"
      about="Pages of these origins may read what this project answers. Each sends a token of its own; a cookie is never looked at."
      actions={
        <Button refusedBecause={noAllow} onClick={() => setAdding(true)}>
          Allow an origin
        </Button>
      }
    >
      {mayList ? null : <NotShown who="owners, admins and auditors" />}
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        mayList && error === null ? (
          <PageWait />
        ) : null
      ) : (
        <DataTable
          label="Origins"
          rows={data.origins}
          keyOf={(origin) => origin}
          columns={[{ title: 'Origin', of: (origin) => <Foreign text={origin} /> }]}
          actions={(origin) => (
            <Button isSmall look="danger" refusedBecause={noDeny} onClick={() => setDenying(origin)}>
              Deny
            </Button>
          )}
          empty="No other origin: only this dashboard, and programs that are no pages, read what is answered."
        />
      )}
      {isAdding ? <AllowDialog onDone={done} onClose={() => setAdding(false)} /> : null}
      {denying === null ? null : (
        <MeantDialog
          title="Deny an origin"
          action="Deny"
          onDo={({ idempotencyKey }) => cors.deny(denying, { idempotencyKey })}
          onDone={done}
          onClose={() => setDenying(null)}
        >
          <p>
            Within ten seconds pages of <Foreign text={denying} /> cannot read answers any more. Tokens that
            they hold stay valid for other programs: revoke them where that is meant.
          </p>
        </MeantDialog>
      )}
    </Section>
  );
}

function AllowDialog({ onDone, onClose }: { readonly onDone: () => void; readonly onClose: () => void }) {
  const { projectId } = usePlane();
  const { cors } = useProjectApis(projectId);
  const keyOf = useIntent();
  const [text, setText] = useState('');
  const origin = text.trim();
  const checked = originSchema.safeParse(origin);
  const allowing = useMutation({
    mutationFn: () => cors.allow(origin, { idempotencyKey: keyOf(origin) }),
    onSuccess: onDone,
  });
  return (
    <FormDialog
      title="Allow an origin"
      action="Allow"
      isReady={checked.success}
      isPending={allowing.isPending}
      error={allowing.error}
      onSend={() => allowing.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Origin"
        hint="Exact: https and a host, with its port where it has one; no path and no pattern."
        wrong={origin === '' || checked.success ? undefined : checked.error.issues[0]?.message}
        placeholder="https://app.example.com"
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
    </FormDialog>
  );
}
