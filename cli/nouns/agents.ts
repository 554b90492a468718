import { command, operand } from '../command/command.ts';
import { column, wholeNumber } from '../command/listing.ts';
import { handOver, saveOption } from '../command/secret.ts';
import { writeOptions } from '../command/writing.ts';
import { usageFault } from '../fault.ts';
import { lastUse, listOf, openCredentials, revokeOf, sourceOption, timeOf } from './credential-commands.ts';

const LONGEST_OVERLAP_SECONDS = 86_400 * 7;

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
          ...(expiresAt === undefined ? {} : { expires_at: timeOf(expiresAt).toISOString() }),
        },
        writeOptions(context),
      );
      const { agent_token, ...shown } = answer;
      return { answer, secret: agent_token, shown, about: `agent ${answer.agent.agent_id}` };
    });
  },
});

const rotateAgent = command({
  name: 'agents rotate',
  summary: 'a new secret; the old one counts for the overlap',
  operands: ['ID'],
  options: {
    overlap: { type: 'string', value: 'SECONDS', help: 'how long the old one still counts' },
    ...saveOption,
  },
  example: 'countersign agents rotate agt_01J... --overlap 3600 --save agent.token',
  run: async (context, { overlap, save }, operands) => {
    const seconds =
      overlap === undefined ? undefined : wholeNumber(overlap, '--overlap', 0, LONGEST_OVERLAP_SECONDS);
    const credentials = await openCredentials(context);
    return handOver(context, save, async () => {
      const answer = await credentials.rotateAgent(operand(operands, 0), seconds, writeOptions(context));
      const { agent_token, ...shown } = answer;
      return { answer, secret: agent_token, shown, about: `agent ${answer.agent.agent_id}` };
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
  rotateAgent,
  revokeOf('agents', 'agt_01J...', (credentials, id, context) =>
    credentials.revokeAgent(id, writeOptions(context)),
  ),
];

function pairOf(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw usageFault('--bind must be NAME=VALUE');
  return [text.slice(0, at), text.slice(at + 1)];
}
