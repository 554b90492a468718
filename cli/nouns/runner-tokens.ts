import type { IssuedRunner } from '@countersign/client/credentials-api';
import { command, operand } from '../command/command.ts';
import { column } from '../command/listing.ts';
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

const createRunnerToken = command({
  name: 'runner-tokens create',
  summary: 'a credential for runners: what they may touch and do',
  text: `It needs at least one source, target or handler. A runner gets only the tasks of handlers that its token names.`,
  operands: ['NAME'],
  options: {
    ...sourceOption,
    target: { type: 'string', multiple: true, value: 'NAME', help: 'an account that it may act on' },
    handler: { type: 'string', multiple: true, value: 'NAME', help: 'whose tasks it may work at' },
    permission: { type: 'string', multiple: true, value: 'NAME', help: 'such as writeback:claim' },
    ...saveOption,
  },
  example: 'countersign runner-tokens create billing-1 --source src_billing --save runner.token',
  run: async (context, { handler, permission, save, source = [], target }, operands) => {
    if (source.length === 0 && target === undefined && handler === undefined)
      throw usageFault('runner-tokens create needs --source, --target or --handler');
    const credentials = await openCredentials(context);
    return handOver(context, save, async () => {
      const answer = await credentials.createRunnerToken(
        {
          name: operand(operands, 0),
          source_ids: source,
          ...(target === undefined ? {} : { targets: target }),
          ...(handler === undefined ? {} : { handlers: handler }),
          ...(permission === undefined ? {} : { permissions: permission }),
        },
        writeOptions(context),
      );
      return issuedOf(answer);
    });
  },
});

export const runnerTokenCommands = [
  listOf(
    'runner-tokens',
    'the credentials of runners, and their sources',
    async (credentials, page) => {
      const { runner_tokens, ...rest } = await credentials.runnerTokens(page);
      return { document: { ...rest, runner_tokens }, rows: runner_tokens };
    },
    [
      column('TOKEN', 'token_id', true),
      column('NAME', 'name'),
      column('SOURCES', 'source_ids'),
      column('STATUS', 'status'),
      lastUse,
    ],
  ),
  createRunnerToken,
  showOf('runner-tokens', 'rnt_01J...', async (credentials, id, options) => {
    const document = await credentials.runnerToken(id, options);
    return { document, view: document.token };
  }),
  rotateOf('runner-tokens', 'rnt_01J...', async (credentials, id, seconds, context) =>
    issuedOf(await credentials.rotateRunnerToken(id, seconds, writeOptions(context))),
  ),
  revokeOf('runner-tokens', 'rnt_01J...', (credentials, id, reason, context) =>
    credentials.revokeRunnerToken(id, reason, writeOptions(context)),
  ),
];

function issuedOf(answer: IssuedRunner): Issued {
  const { runner_token: _, ...shown } = answer;
  const id = answer.token.token_id;
  return {
    answer,
    shown,
    secret: answer.secret_available ? answer.runner_token : undefined,
    about: `runner token ${id}`,
    next: `countersign runner-tokens rotate ${id}`,
  };
}
