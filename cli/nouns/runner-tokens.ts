import { command, operand } from '../command/command.ts';
import { column } from '../command/listing.ts';
import { handOver, saveOption } from '../command/secret.ts';
import { writeOptions } from '../command/writing.ts';
import { usageFault } from '../fault.ts';
import { lastUse, listOf, openCredentials, revokeOf, sourceOption } from './credential-commands.ts';

const createRunnerToken = command({
  name: 'runner-tokens create',
  summary: 'a credential for the runners of some sources',
  operands: ['NAME'],
  options: {
    ...sourceOption,
    permission: { type: 'string', multiple: true, value: 'NAME', help: 'such as writeback:claim' },
    ...saveOption,
  },
  example: 'countersign runner-tokens create billing-1 --source src_billing --save runner.token',
  run: async (context, { permission, save, source = [] }, operands) => {
    if (source.length === 0) throw usageFault('runner-tokens create needs --source');
    const credentials = await openCredentials(context);
    return handOver(context, save, async () => {
      const answer = await credentials.createRunnerToken(
        {
          name: operand(operands, 0),
          source_ids: source,
          ...(permission === undefined ? {} : { permissions: permission }),
        },
        writeOptions(context),
      );
      const { runner_token, ...shown } = answer;
      return { answer, secret: runner_token, shown, about: `runner token ${answer.token.token_id}` };
    });
  },
});

const rotateRunnerToken = command({
  name: 'runner-tokens rotate',
  summary: 'a new token; the old one counts no more, at once',
  operands: ['ID'],
  options: saveOption,
  example: 'countersign runner-tokens rotate rnt_01J... --save runner.token',
  run: async (context, { save }, operands) => {
    const credentials = await openCredentials(context);
    return handOver(context, save, async () => {
      const answer = await credentials.rotateRunnerToken(operand(operands, 0), writeOptions(context));
      const { runner_token, ...shown } = answer;
      return { answer, secret: runner_token, shown, about: `runner token ${answer.token.token_id}` };
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
  rotateRunnerToken,
  revokeOf('runner-tokens', 'rnt_01J...', (credentials, id, context) =>
    credentials.revokeRunnerToken(id, writeOptions(context)),
  ),
];
