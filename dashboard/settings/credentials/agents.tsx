import { type AgentView, agentViewSchema } from '@countersign/client/credential-views';
import type { IssuedAgent } from '@countersign/client/credentials-api';
import type { Secret } from '../../forms/secret-dialog.tsx';
import { usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { Names } from '../names.tsx';
import { AgentDialog } from './agent-dialog.tsx';
import { CredentialList } from './credential-list.tsx';

/** What agents come with. */
export function Agents() {
  const { projectId } = usePlane();
  const { credentials } = useProjectApis(projectId);
  return (
    <CredentialList<AgentView>
      kind={{
        name: 'agents',
        title: 'Agents',
        about:
          'An agent proposes, waits and explains. It cannot approve, and what it acts for is in its credential, never in what it sends.',
        noun: 'agent',
        empty: 'No agent can propose yet.',
        columns: [
          {
            title: 'Acts for',
            of: ({ bindings }) => (
              <Names
                names={Object.entries(bindings ?? {}).map(([name, value]) => `${name}=${value}`)}
                none="nobody"
              />
            ),
          },
          { title: 'Sources', of: ({ source_ids }) => <Names names={source_ids} none="none" /> },
          {
            title: 'Capabilities',
            of: ({ capabilities }) => <Names names={capabilities} none="all in force" />,
          },
        ],
        idOf: ({ agent_id }) => agent_id,
        read: async (page, signal) => {
          const { agents, next_cursor } = await credentials.agents(page, { signal });
          return { rows: agents.map((one) => agentViewSchema.parse(one)), next: next_cursor };
        },
        rotate: async (id, overlap, options) => secretOf(await credentials.rotateAgent(id, overlap, options)),
        revoke: (id, reason, options) => credentials.revokeAgent(id, reason, options),
        createDialog: (onDone, onClose) => (
          <AgentDialog onDone={(made) => onDone(secretOf(made))} onClose={onClose} />
        ),
      }}
    />
  );
}

function secretOf(issued: IssuedAgent): Secret {
  return {
    title: 'The token of the agent',
    about: `Agent ${issued.agent.agent_id}`,
    value: issued.secret_available ? issued.agent_token : undefined,
    next: 'The program around the model sends it as its bearer token; the model itself need not see it. If it is lost, rotate it.',
  };
}
