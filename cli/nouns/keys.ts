import { command, operand } from '../command/command.ts';
import type { Options } from '../command/options.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { configOption, USUAL_CONFIG } from '../serving/config-option.ts';
import { kindIn, placeIn } from '../serving/keys-place.ts';
import { changedText, keysText } from '../serving/keys-text.ts';
import { openServe } from '../serving/open-serve.ts';
import { givenBy } from '../serving/serve-answer.ts';

const fileOption = {
  file: { type: 'string', value: 'FILE', help: 'the list of a plane that runs elsewhere' },
} as const satisfies Options;

const list = command({
  name: 'keys list',
  summary: 'the keys of a plane here, and what needs each',
  text: `The keys that tokens and snapshots are signed with, newest first, by their ids, which say nothing of the keys. SIGNED
counts the credentials that count, and the snapshots in the backup folder. Then it names each credential whose token an
older key made, or of which nobody noted the key. Changes nothing; the plane may run.`,
  options: configOption,
  example: 'countersign keys list --config countersign.json',
  run: async (context, { config = USUAL_CONFIG }) => {
    const { keysList } = await openServe();
    const listed = givenBy(await keysList(config, context.world));
    context.answer(listed, keysText(listed, context.emphasize));
    return exitCodes.ok;
  },
});

const rotate = command({
  name: 'keys rotate',
  summary: 'a new key in front; the old ones are still known',
  text: `KIND is tokens or snapshots. The new key signs; what the old ones signed goes on to be taken. Nobody is shut out: tokens are
as valid as they were, until each is rotated. It prints what makes it hold: a plane here takes its keys when it starts; of
one that runs elsewhere, whose list lies in FILE, each Worker is given it as a secret, in that order.

The file is replaced in one step, and keeps its mode and owner. No key is printed.`,
  operands: ['KIND'],
  options: { ...configOption, ...fileOption },
  example: 'countersign keys rotate tokens --config countersign.json',
  run: async (context, { config, file }, operands) => {
    const { keysRotate } = await openServe();
    const changed = givenBy(await keysRotate(kindIn(operands), placeIn(config, file, [])));
    context.answer(changed, changedText('added', changed));
    return exitCodes.ok;
  },
});

const retire = command({
  name: 'keys retire',
  summary: 'take away an old key that nothing depends on',
  text: `Of a key of snapshots its private part goes; the public one stays for good, and what it signed can be verified and restored.

A key of tokens goes whole, and tokens that it made are refused from the next start on (token_key_unknown). So it is not
retired while a credential depends on it, or may, since nobody noted its key, nor while a plane here still signs with
another than the newest: it ends with 4 and names them. With --file, --holders has what the databases said of
them: countersign help keys holders.`,
  operands: ['KIND', 'KEY'],
  options: {
    ...configOption,
    ...fileOption,
    holders: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      help: 'with --file: of each database of tenants',
    },
  },
  example: 'countersign keys retire tokens mk_0123456789abcdef',
  run: async (context, { config, file, holders = [] }, operands) => {
    const { keysRetire } = await openServe();
    const place = placeIn(config, file, holders);
    const changed = givenBy(await keysRetire(kindIn(operands), operand(operands, 1), place));
    context.answer(changed, changedText('retired', changed));
    return exitCodes.ok;
  },
});

const secret = command({
  name: 'keys secret',
  summary: 'a list of keys as a Worker takes it, for a pipe',
  text: `Prints the keys of FILE as the secret of the Workers: secret, and so never to a terminal. --known-only is for the first of two
rounds after a rotation: every Worker learns the new key, and none signs with it yet.`,
  operands: ['KIND'],
  options: {
    ...fileOption,
    'known-only': { type: 'boolean', help: 'the newest last: known, and not signed with' },
  },
  example: 'countersign keys secret tokens --file token-mac-keys',
  run: async ({ world }, { file, ...values }, operands) => {
    if (file === undefined) throw usageFault('keys secret needs --file');
    if (world.isTerminal) throw usageFault('it prints keys: pipe them on, as keys rotate shows');
    const { keysSecret } = await openServe();
    world.print(givenBy(await keysSecret(kindIn(operands), file, values['known-only'] === true)));
    return exitCodes.ok;
  },
});

const holders = command({
  name: 'keys holders',
  summary: 'the SQL that says what depends on which key',
  text: `For a plane that runs elsewhere: each database of tenants is asked, and keys retire is given what it said.

  wrangler d1 execute countersign --remote --json --command "$(countersign keys holders)" > holders.json
  countersign keys retire tokens KEY --file token-mac-keys --holders holders.json`,
  example: 'countersign keys holders',
  run: async (context) => {
    const { keysHoldersSql: sql } = await openServe();
    context.answer({ sql }, `${sql}\n`);
    return exitCodes.ok;
  },
});

export const keyCommands = [list, rotate, retire, secret, holders];
