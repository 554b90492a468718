import type { MemberView } from '@countersign/client/people-views';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { DataTable } from '../../forms/data-table.tsx';
import { usePlane } from '../../plane/plane-context.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Fault } from '../../ui/fault.tsx';
import { PageWait } from '../../ui/page-wait.tsx';
import { Foreign } from '../../ui/value.tsx';
import { Names } from '../names.tsx';
import { Section } from '../section.tsx';
import { useRefusal } from '../use-refusal.ts';
import styles from './members-section.module.css';
import { RemoveDialog } from './remove-dialog.tsx';
import { RolesDialog } from './roles-dialog.tsx';
import { peopleKey, useMembers } from './use-people.ts';

interface Asking {
  readonly what: 'roles' | 'remove';
  readonly member: MemberView;
}

/** Who belongs to the project, and as what. */
export function MembersSection() {
  const { caller, projectId } = usePlane();
  const client = useQueryClient();
  const { error, onMore, onRetry, rows } = useMembers();
  const [asking, setAsking] = useState<Asking | null>(null);
  const noRoles = useRefusal('set-roles', 'owners and admins');
  const noRemoval = useRefusal('remove-member', 'owners and admins');
  const members = (rows ?? []).filter(({ status }) => status !== 'removed');
  const owners = members.filter(({ roles }) => roles?.includes('owner') === true);
  const done = () => {
    setAsking(null);
    void client.invalidateQueries({ queryKey: peopleKey(projectId) });
  };
  const isLastOwner =
    onMore === undefined && owners.length === 1 && owners[0]?.person === asking?.member.person;
  return (
    <Section
      title="Members"
      about="What somebody may do is looked up at each request: a change counts at once."
    >
      {error === null ? null : <Fault error={error} onRetry={onRetry} />}
      {rows === undefined ? (
        error === null ? (
          <PageWait />
        ) : null
      ) : (
        <DataTable
          label="Members"
          rows={members}
          keyOf={({ person }) => person}
          columns={[
            {
              title: 'Name',
              of: (member) => <MemberName member={member} isSelf={member.person === caller.actor} />,
            },
            { title: 'Roles', of: ({ roles }) => <Names names={roles} none="none" /> },
            {
              title: 'Approval roles',
              of: ({ approval_roles }) => <Names names={approval_roles} none="none" />,
            },
          ]}
          actions={(member) => (
            <>
              <Button isSmall refusedBecause={noRoles} onClick={() => setAsking({ what: 'roles', member })}>
                Roles
              </Button>
              <Button
                isSmall
                look="danger"
                refusedBecause={noRemoval}
                onClick={() => setAsking({ what: 'remove', member })}
              >
                Remove
              </Button>
            </>
          )}
          empty="Nobody is a member by name. Whoever comes by a claim of an identity provider is none of these."
          onMore={onMore}
        />
      )}
      {asking?.what === 'roles' ? (
        <RolesDialog
          member={asking.member}
          isLastOwner={isLastOwner}
          onDone={done}
          onClose={() => setAsking(null)}
        />
      ) : null}
      {asking?.what === 'remove' ? (
        <RemoveDialog
          member={asking.member}
          isLastOwner={isLastOwner}
          onDone={done}
          onClose={() => setAsking(null)}
        />
      ) : null}
    </Section>
  );
}

function MemberName({ member, isSelf }: { readonly member: MemberView; readonly isSelf: boolean }) {
  return (
    <>
      <strong>
        <Foreign text={member.name ?? 'without a name'} />
      </strong>{' '}
      {isSelf ? <Chip>you</Chip> : null}
      <span className={styles.person}>
        <Foreign text={member.person} />
      </span>
    </>
  );
}
