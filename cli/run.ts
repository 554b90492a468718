import { printable, printableJson } from '@countersign/client/printable';
import type { Command, Parsed } from './command/command.ts';
import { Context } from './command/context.ts';
import { explainFault } from './command/explain-fault.ts';
import { documentOf, helpOf, helpOfNoun, nounOf, overview, PROGRAM } from './command/help.ts';
import { commands } from './commands.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { usageFault } from './fault.ts';
import { cliVersion } from './version.ts';
import type { World } from './world.ts';

/** Does what the arguments after the program's name ask for. Throws only what is a fault of this program. */
export async function run(args: readonly string[], world: World): Promise<ExitCode> {
  const isJson = args.includes('--json');
  let context: Context | undefined;
  try {
    const [first = 'help', second] = args;
    if (first === 'help' || first === '--help' || first === '-h')
      return help(wordsOf(args.slice(1)), isJson, world);
    if (first === 'version' || first === '--version') return version(isJson, world);
    const found = find([first, second]);
    if (found === undefined) return misspelled(first, second, isJson, world);
    const parsed = parse(found, args.slice(found.name.split(' ').length), world);
    if (parsed === undefined) return exitCodes.usage;
    if (parsed.common.help === true) return help(found.name.split(' '), isJson, world);
    context = new Context(world, parsed.common);
    return await parsed.run(context);
  } catch (error) {
    const { code, document, text } = explainFault(error, context?.writeKey);
    world.complain(isJson ? printableJson(document) : text);
    return code;
  }
}

function find(words: readonly (string | undefined)[]): Command | undefined {
  const [noun, verb] = words;
  return (
    commands.find(({ name }) => name === `${noun} ${verb}`) ?? commands.find(({ name }) => name === noun)
  );
}

/** Undefined after it has said what is wrong, since then the command's own help is what helps. */
function parse(found: Command, args: readonly string[], world: World): Parsed | undefined {
  try {
    return found.parse(args);
  } catch (error) {
    const { code, text } = explainFault(error);
    if (code !== exitCodes.usage) throw error;
    world.complain(`${text}  \`${PROGRAM} help ${found.name}\` says more\n`);
    return undefined;
  }
}

function misspelled(first: string, second: string | undefined, isJson: boolean, world: World): ExitCode {
  const ofNoun = commands.filter((one) => nounOf(one) === first);
  if (ofNoun.length === 0) throw usageFault(`there is no ${first}; \`${PROGRAM} help\` lists what there is`);
  if (second === '--help' || second === '-h') return help([first], isJson, world);
  world.complain(
    second === undefined || second.startsWith('-')
      ? `${first} needs a verb:\n`
      : `${first} has no verb ${printable(second)}:\n`,
  );
  world.complain(helpOfNoun(ofNoun));
  return exitCodes.usage;
}

function wordsOf(args: readonly string[]): string[] {
  return args.filter((word) => !word.startsWith('-'));
}

function help(words: readonly string[], isJson: boolean, world: World): ExitCode {
  const [noun] = words;
  const one = find(words);
  const meant =
    noun === undefined
      ? commands
      : one === undefined
        ? commands.filter((each) => nounOf(each) === noun)
        : [one];
  if (meant.length === 0)
    throw usageFault(`there is no ${words.join(' ')}; \`${PROGRAM} help\` lists what there is`);
  if (isJson) world.print(printableJson({ commands: meant.map(documentOf) }));
  else if (noun === undefined) world.print(overview(commands));
  else world.print(one === undefined ? helpOfNoun(meant) : helpOf(one));
  return exitCodes.ok;
}

function version(isJson: boolean, world: World): ExitCode {
  world.print(isJson ? printableJson({ version: cliVersion }) : `${cliVersion}\n`);
  return exitCodes.ok;
}
