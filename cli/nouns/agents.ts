import type { IssuedAgent } from '@countersign/client/credentials-api';
import { command, operand } from '../command/command.ts';
import { column, timeOf } from '../command/listing.ts';
import { handOver, type Issued, saveOption } from '../command/secret.ts';
import { writeOptions } from '../command/writing.ts';
import { usageFault } from '../fault.ts';
import {
  lastUse,
  listOf,
  openCredentials,
  revokeOf,
  rotateOf,
  showOf,
  sourceOption,
} from './credential-commands.ts';

const createAgent = command({
  name: 'agents create',
  summary: 'a credential with which an agent may propose',
  operands: ['NAME'],
  options: {
    ...sourceOption,
    bind: {
      type: 'string',
      multiple: true,
      value: 'NAME=VALUE',
      help: 'what every proposal of it is bound to: tenant_id, principal',
    },
    capability: { type: 'string', multiple: true, value: 'NAME', help: 'only these; usual: all' },
    'expires-at': { type: 'string', value: 'TIME', help: 'RFC 3339' },
    ...saveOption,
  },
  example:
    'countersign agents create support-bot --bind tenant_id=acme --bind principal=ops --source src_billing',
  run: async (context, values, operands) => {
    const bindings = Object.fromEntries((values.bind ?? []).map(pairOf));
    const { capability, source = [], 'expires-at': expiresAt } = values;
    if (source.length === 0) throw usageFault('agents create needs --source');
    const credentials = await openCredentials(context);
    return handOver(context, values.save, async () => {
      const answer = await credentials.createAgent(
        {
          name: operand(operands, 0),
          bindings,
          source_ids: source,
          ...(capability === undefined ? {} : { capabilities: capability }),
          ...(expiresAt === undefined ? {} : { expires_at: timeOf(expiresAt, '--expires-at').toISOString() }),
        },
        writeOptions(context),
      );
      return issuedOf(answer);
    });
  },
});

export const agentCommands = [
  listOf(
    'agents',
    'the agents, and when each was last heard of',
    async (credentials, page) => {
      const document = await credentials.agents(page);
      return { document, rows: document.agents };
    },
    [
      column('AGENT', 'agent_id', true),
      column('NAME', 'name'),
      column('STATUS', 'status'),
      // Null is all that are in force, also later ones.
      { title: 'CAPABILITIES', of: (row) => row.capabilities ?? 'all' },
      lastUse,
    ],
  ),
  createAgent,
  showOf('agents', 'agt_01J...', async (credentials, id, options) => {
    const document = await credentials.agent(id, options);
    return { document, view: document.agent };
  }),
  rotateOf('agents', 'agt_01J...', async (credentials, id, seconds, context) =>
    issuedOf(await credentials.rotateAgent(id, seconds, writeOptions(context))),
  ),
  revokeOf('agents', 'agt_01J...', (credentials, id, reason, context) =>
    credentials.revokeAgent(id, reason, writeOptions(context)),
  ),
];

function issuedOf(answer: IssuedAgent): Issued {
  const { agent_token: _, ...shown } = answer;
  const id = answer.agent.agent_id;
  return {
    answer,
    shown,
    secret: answer.secret_available ? answer.agent_token : undefined,
    about: `agent ${id}`,
    next: `countersign agents rotate ${id}`,
  };
}

function pairOf(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw usageFault('--bind must be NAME=VALUE');
  return [text.slice(0, at), text.slice(at + 1)];
}
