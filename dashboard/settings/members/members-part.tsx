import { useMay } from '../../plane/plane-context.ts';
import { ClaimsSection } from './claims-section.tsx';
import { InvitationsSection } from './invitations-section.tsx';
import { MembersSection } from './members-section.tsx';

/** Who belongs to the project, and by what. */
export function MembersPart() {
  const mayInvitations = useMay('list-invitations');
  const mayClaims = useMay('read-claims-mapping');
  return (
    <>
      <MembersSection />
      {mayInvitations ? <InvitationsSection /> : null}
      {mayClaims ? <ClaimsSection /> : null}
    </>
  );
}
