import type { MappingView } from '@countersign/client/people-views';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { DataTable } from '../../forms/data-table.tsx';
import { MeantDialog } from '../../forms/meant-dialog.tsx';
import { usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { Button } from '../../ui/button.tsx';
import { Fault } from '../../ui/fault.tsx';
import { PageWait } from '../../ui/page-wait.tsx';
import { Foreign } from '../../ui/value.tsx';
import { Names } from '../names.tsx';
import { Section } from '../section.tsx';
import { useRefusal } from '../use-refusal.ts';
import { MappingDialog } from './mapping-dialog.tsx';
import { peopleKey, useMappings } from './use-people.ts';

/** Which claims of identity providers make members. */
export function ClaimsSection() {
  const { projectId } = usePlane();
  const { people } = useProjectApis(projectId);
  const client = useQueryClient();
  const { data, error, refetch } = useMappings();
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<MappingView | null>(null);
  const noChange = useRefusal('save-claims-mapping', 'owners');
  const done = () => {
    setAdding(false);
    setRemoving(null);
    void client.invalidateQueries({ queryKey: peopleKey(projectId) });
  };
  return (
    <Section
      title="Members by a claim"
      about="Whoever has this value in the claim of this issuer is a member with these roles, for as long as they have it. No claim makes an owner."
      actions={
        <Button refusedBecause={noChange} onClick={() => setAdding(true)}>
          Add a claim
        </Button>
      }
    >
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <PageWait />
        ) : null
      ) : (
        <DataTable
          label="Members by a claim"
          rows={data}
          keyOf={({ issuer, value }) => `${issuer} ${value}`}
          columns={[
            { title: 'Value', of: ({ value }) => <Foreign text={value} /> },
            { title: 'Issuer', of: ({ issuer }) => <Foreign text={issuer} /> },
            {
              title: 'Roles',
              of: ({ approval_roles, roles }) => <Names names={[...roles, ...approval_roles]} none="none" />,
            },
          ]}
          actions={(mapping) => (
            <Button isSmall look="danger" refusedBecause={noChange} onClick={() => setRemoving(mapping)}>
              Remove
            </Button>
          )}
          empty="No claim makes a member here: people come by invitation."
        />
      )}
      {isAdding && data !== undefined ? (
        <MappingDialog mappings={data} onDone={done} onClose={() => setAdding(false)} />
      ) : null}
      {removing === null || data === undefined ? null : (
        <MeantDialog
          title="Remove a claim"
          action="Remove"
          onDo={({ idempotencyKey }) =>
            people.saveClaims(
              data.filter((one) => one !== removing),
              { idempotencyKey },
            )
          }
          onDone={done}
          onClose={() => setRemoving(null)}
        >
          <p>
            Whoever is a member only by <Foreign text={removing.value} /> is refused from their next request
            on. Who is a member by name stays one.
          </p>
        </MeantDialog>
      )}
    </Section>
  );
}
