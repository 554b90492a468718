import { useState } from 'react';
import { MeantDialog } from '../../forms/meant-dialog.tsx';
import { usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { sessionState, signOut } from '../../sign-in/session.ts';
import { Button } from '../../ui/button.tsx';
import { Foreign } from '../../ui/value.tsx';
import { Fact, Facts } from '../facts.tsx';
import { Names } from '../names.tsx';
import { Section } from '../section.tsx';

/** The login with which this page asks. */
export function LoginSection() {
  const { caller, projectId } = usePlane();
  const { login } = useProjectApis(projectId);
  const [isEnding, setEnding] = useState(false);
  const isOpen = sessionState().kind === 'open';
  return (
    <Section
      title="This login"
      about="The token is your issuer's. Ending it here refuses it in this project from the next request on."
      actions={
        <Button
          look="danger"
          refusedBecause={
            isOpen ? 'Nobody has signed in here: this machine asks nobody who they are.' : undefined
          }
          onClick={() => setEnding(true)}
        >
          End this login
        </Button>
      }
    >
      <Facts>
        <Fact name="Name">
          <Foreign text={caller.name} />
        </Fact>
        <Fact name="Who your issuer says you are">
          <Foreign text={caller.actor} />
        </Fact>
        <Fact name="Roles">
          <Names names={caller.roles} none="none" />
        </Fact>
        <Fact name="Approval roles">
          <Names names={caller.approval_roles} none="none" />
        </Fact>
      </Facts>
      {isEnding ? (
        <MeantDialog
          title="End this login"
          action="End it"
          onDo={() => login.revoke()}
          onDone={signOut}
          onClose={() => setEnding(false)}
        >
          <p>
            This page signs out, and a copy of its token is refused in this project, wherever it is. Your
            other devices stay signed in; on each of them the same can be done.
          </p>
        </MeantDialog>
      ) : null}
    </Section>
  );
}
