import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { type Command, command, operand } from './command.ts';
import { commonOptions } from './options.ts';

/** What a shell reads to complete the names and options of commands. */
export function completionOf(commands: readonly Command[]): Command {
  return command({
    name: 'completion',
    summary: 'what a shell reads to complete commands: bash, zsh',
    operands: ['SHELL'],
    example: 'countersign completion bash > ~/.countersign-completion',
    run: async (context, _values, operands) => {
      const shell = operand(operands, 0);
      const script = scripts.get(shell)?.(commands);
      if (script === undefined) throw usageFault(`completion is for ${[...scripts.keys()].join(' and ')}`);
      context.answer({ shell, script }, script);
      return exitCodes.ok;
    },
  });
}

const scripts = new Map<string, (commands: readonly Command[]) => string>([
  ['bash', bashScript],
  ['zsh', (commands) => `autoload -U +X bashcompinit && bashcompinit\n${bashScript(commands)}`],
]);

/** Files stand everywhere else, since most operands are files or ids. */
function bashScript(commands: readonly Command[]): string {
  const first = [...new Set(commands.map(({ name }) => name.split(' ')[0])), 'help', 'version'].join(' ');
  return `_countersign() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words=""
  case "$COMP_CWORD" in
    1) words="${first}" ;;
    2) case "\${COMP_WORDS[1]}" in
${verbCases(commands)}
    esac ;;
  esac
  if [[ "$word" == -* ]]; then
    case "\${COMP_WORDS[1]} \${COMP_WORDS[2]}" in
${optionCases(commands)}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _countersign countersign
`;
}

function verbCases(commands: readonly Command[]): string {
  const pairs = commands.map(({ name }) => name.split(' ')).filter(({ length }) => length === 2);
  const nouns = [...new Set(pairs.map(([noun]) => noun))];
  const verbsOf = (noun: string | undefined) => pairs.filter(([one]) => one === noun).map(([, verb]) => verb);
  return nouns.map((noun) => `      ${noun}) words="${verbsOf(noun).join(' ')}" ;;`).join('\n');
}

function optionCases(commands: readonly Command[]): string {
  return commands
    .map(({ name, options }) => {
      const words = Object.keys({ ...options, ...commonOptions }).map((option) => `--${option}`);
      return `      "${name}"${name.includes(' ') ? '' : '" "*'}) words="${words.join(' ')}" ;;`;
    })
    .join('\n');
}
