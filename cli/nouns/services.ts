import type { IssuedService } from '@countersign/client/credentials-api';
import { command, operand } from '../command/command.ts';
import { column, shortTime, timeOf } from '../command/listing.ts';
import { handOver, type Issued, saveOption } from '../command/secret.ts';
import { writeOptions } from '../command/writing.ts';
import { usageFault } from '../fault.ts';
import { listOf, openCredentials, revokeOf, rotateOf, showOf, sourceOption } from './credential-commands.ts';

const createService = command({
  name: 'services create',
  summary: 'a credential with the scopes named, and no more',
  operands: ['NAME'],
  options: {
    scope: { type: 'string', multiple: true, value: 'SCOPE', help: 'such as contracts:write' },
    source: { ...sourceOption.source, help: 'where it may propose; with proposals:write' },
    'expires-at': { type: 'string', value: 'TIME', help: 'RFC 3339' },
    ...saveOption,
  },
  example: 'countersign services create ci --scope contracts:read --scope contracts:write --save ci.token',
  run: async (context, values, operands) => {
    const { save, scope = [], source, 'expires-at': expiresAt } = values;
    if (scope.length === 0) throw usageFault('services create needs --scope');
    const credentials = await openCredentials(context);
    return handOver(context, save, async () => {
      const answer = await credentials.createService(
        {
          name: operand(operands, 0),
          scopes: scope,
          ...(source === undefined ? {} : { source_ids: source }),
          ...(expiresAt === undefined
            ? {}
            : { expires_at: Math.floor(timeOf(expiresAt, '--expires-at').getTime() / 1_000) }),
        },
        writeOptions(context),
      );
      return issuedOf(answer);
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
  showOf('services', 'ak_01J...', async (credentials, id, options) => {
    const document = await credentials.service(id, options);
    return { document, view: document.api_key };
  }),
  rotateOf('services', 'ak_01J...', async (credentials, id, seconds, context) =>
    issuedOf(await credentials.rotateService(id, seconds, writeOptions(context))),
  ),
  revokeOf('services', 'ak_01J...', (credentials, id, reason, context) =>
    credentials.revokeService(id, reason, writeOptions(context)),
  ),
];

function issuedOf(answer: IssuedService): Issued {
  const { token: _, ...shown } = answer;
  const id = answer.api_key.key_id;
  return {
    answer,
    shown,
    secret: answer.secret_available ? answer.token : undefined,
    about: `service ${id}`,
    next: `countersign services rotate ${id}`,
  };
}
