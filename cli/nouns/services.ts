import { command, operand } from '../command/command.ts';
import { column, shortTime } from '../command/listing.ts';
import { handOver, saveOption } from '../command/secret.ts';
import { writeOptions } from '../command/writing.ts';
import { usageFault } from '../fault.ts';
import { listOf, openCredentials, revokeOf, timeOf } from './credential-commands.ts';

const createService = command({
  name: 'services create',
  summary: 'a credential with the scopes named, and no more',
  operands: ['NAME'],
  options: {
    scope: { type: 'string', multiple: true, value: 'SCOPE', help: 'such as contracts:write' },
    'expires-at': { type: 'string', value: 'TIME', help: 'RFC 3339' },
    ...saveOption,
  },
  example: 'countersign services create ci --scope contracts:read --scope contracts:write --save ci.token',
  run: async (context, { save, scope = [], 'expires-at': expiresAt }, operands) => {
    if (scope.length === 0) throw usageFault('services create needs --scope');
    const credentials = await openCredentials(context);
    return handOver(context, save, async () => {
      const answer = await credentials.createService(
        {
          name: operand(operands, 0),
          scopes: scope,
          ...(expiresAt === undefined ? {} : { expires_at: Math.floor(timeOf(expiresAt).getTime() / 1_000) }),
        },
        writeOptions(context),
      );
      const { token, ...shown } = answer;
      return { answer, secret: token, shown, about: `service ${answer.api_key.key_id}` };
    });
  },
});

const rotateService = command({
  name: 'services rotate',
  summary: 'a new secret for a service account',
  operands: ['ID'],
  options: saveOption,
  example: 'countersign services rotate ak_01J... --save ci.token',
  run: async (context, { save }, operands) => {
    const credentials = await openCredentials(context);
    return handOver(context, save, async () => {
      const answer = await credentials.rotateService(operand(operands, 0), writeOptions(context));
      const { token, ...shown } = answer;
      return { answer, secret: token, shown, about: `service ${answer.api_key.key_id}` };
    });
  },
});

export const serviceCommands = [
  listOf(
    'services',
    'the service accounts and their scopes',
    async (credentials, page) => {
      const document = await credentials.services(page);
      return { document, rows: document.api_keys };
    },
    [
      column('SERVICE', 'key_id', true),
      column('NAME', 'name'),
      column('SCOPES', 'scopes'),
      column('STATUS', 'status'),
      { title: 'EXPIRES', of: (row) => shortTime(row.expires_at) },
    ],
  ),
  createService,
  rotateService,
  revokeOf('services', 'ak_01J...', (credentials, id, context) =>
    credentials.revokeService(id, writeOptions(context)),
  ),
];
