import { PAGE_WIDTH } from '../output/table.ts';
import { wrap } from '../output/width.ts';
import type { Command } from './command.ts';
import { commonOptions, type Option, type Options } from './options.ts';

export const PROGRAM = 'countersign';

/** What a newcomer needs first, and every command in a line. */
export function overview(commands: readonly Command[]): string {
  return `${PROGRAM}: what agents may propose, who decides, and the proof of it.

Usage:
  ${PROGRAM} NOUN VERB [OPERANDS] [OPTIONS]

First:
  ${PROGRAM} login --url https://plane.example --issuer https://login.example
  ${PROGRAM} proposals list --status pending_review
  ${PROGRAM} proposals show PROPOSAL

${blocksOf(commands).map(summaries).join('\n\n')}

Every command takes:
${optionLines(commonOptions)}

\`${PROGRAM} help NOUN [VERB]\` says more, with an example. A token is never an
argument: it comes from the profile, from COUNTERSIGN_TOKEN, or from
--token-file. COUNTERSIGN_URL and COUNTERSIGN_PROJECT stand in for --url and
--project. Profiles lie in ~/.config/countersign, or in COUNTERSIGN_CONFIG_DIR.

Exit codes:
   0  ok
   1  failed, or not found
   2  usage
   3  refused: by the control plane (400, 401, 403, 422), or a file is there
   4  conflict: what is there now is not what was meant (409), or a secret that
      was shown before
   5  unreachable, or busy
  10  contracts diff: changes, none of which permits more
      registry diff: changes
  11  contracts diff: a change permits more than before
  12  contracts lint, push: a finding that stops
`;
}

/** The commands of each noun; those of one word stand together. */
function blocksOf(commands: readonly Command[]): readonly (readonly Command[])[] {
  const blockOf = (one: Command) => (one.name.includes(' ') ? nounOf(one) : '');
  const blocks = new Set(commands.map(blockOf));
  return [...blocks].map((block) => commands.filter((one) => blockOf(one) === block));
}

const NAME_WIDTH = 24;

function summaries(commands: readonly Command[]): string {
  return commands.map(({ name, summary }) => described(name, summary, NAME_WIDTH)).join('\n');
}

/** One command, with all that it takes. */
export function helpOf({ name, summary, text, options, example, operands }: Command): string {
  const usage = [PROGRAM, name, ...operands, ...Object.entries(options).map(usageOf)].join(' ');
  return [
    `${PROGRAM} ${name}: ${summary}`,
    `Usage:\n${wrap(usage, PAGE_WIDTH - 4)
      .map((line, place) => `${place === 0 ? '  ' : '    '}${line}`)
      .join('\n')}`,
    ...(text === undefined ? [] : [wrapLines(text)]),
    ...(Object.keys(options).length === 0 ? [] : [optionLines(options)]),
    `And: ${Object.keys(commonOptions)
      .map((option) => `--${option}`)
      .join(' ')}`,
    `Example:\n  ${example}`,
  ]
    .map((part) => `${part}\n`)
    .join('\n');
}

/** The commands of a noun. */
export function helpOfNoun(commands: readonly Command[]): string {
  return `${summaries(commands)}\n\n\`${PROGRAM} help NOUN VERB\` says more.\n`;
}

export function documentOf({ name, summary, example, operands, options }: Command) {
  return {
    name,
    summary,
    operands,
    options: Object.entries(options).map(([option, { type, value, help }]) => ({
      option: `--${option}`,
      ...(type === 'string' ? { value: value ?? 'TEXT' } : {}),
      help,
    })),
    example,
  };
}

export function nounOf({ name }: Command): string {
  return name.split(' ')[0] ?? name;
}

function wrapLines(text: string): string {
  return text
    .split('\n\n')
    .map((paragraph) => wrap(paragraph.replaceAll('\n', ' '), PAGE_WIDTH).join('\n'))
    .join('\n\n');
}

function optionLines(options: Options): string {
  return Object.entries(options)
    .map(([name, option]) =>
      described(usageOf([name, option]).replace(/^\[|\](\.\.\.)?$/g, ''), option.help, 25),
    )
    .join('\n');
}

function described(name: string, help: string, width: number): string {
  const [first = '', ...rest] = wrap(help, PAGE_WIDTH - width - 4);
  const head =
    name.length > width ? `  ${name}\n${' '.repeat(width + 4)}${first}` : `  ${name.padEnd(width)}  ${first}`;
  return [head, ...rest.map((line) => `${' '.repeat(width + 4)}${line}`)].join('\n');
}

function usageOf([name, { type, short, value, multiple }]: readonly [string, Option]): string {
  const flag = short === undefined ? `--${name}` : `-${short}, --${name}`;
  return `[${type === 'string' ? `${flag} ${value ?? 'TEXT'}` : flag}]${multiple === true ? '...' : ''}`;
}
