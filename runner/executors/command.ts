import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import { outcomeOfCommand } from './command-outcome.ts';
import type { Effect, Executor } from './executor.ts';
import { misconfigured } from './outcomes.ts';
import { runProgram } from './run-program.ts';
import { readSecrets, type SecretReader } from './secret-reader.ts';

export interface CommandOptions {
  /** An absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The secrets that it is given, by the names of their variables. */
  readonly secrets: Readonly<Record<string, SecretReader>>;
  readonly timeoutMs: number;
}

/** All that a program inherits: nothing of the runner's own environment, where its secrets may be. */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' };

/** Runs a program of one's own, without a shell. What is to happen it reads as JSON from its standard input. */
export class CommandExecutor implements Executor {
  readonly provider = 'command';
  readonly remembersMs = null;
  readonly #options: CommandOptions;

  constructor(options: CommandOptions) {
    this.#options = options;
  }

  async perform(effect: Effect, signal: AbortSignal): Promise<ActionOutcome> {
    const { args, cwd, program, secrets, timeoutMs } = this.#options;
    const names = Object.keys(secrets);
    const values = await readSecrets(Object.values(secrets));
    if (values === undefined) return misconfigured('secret_missing');
    const { actionId, attempt, input, key, name } = effect;
    const end = await runProgram({
      program,
      args,
      cwd,
      environment: {
        ...ENVIRONMENT,
        ...Object.fromEntries(names.map((variable, index) => [variable, values[index]])),
        COUNTERSIGN_IDEMPOTENCY_KEY: key,
      },
      stdin: `${JSON.stringify({ key, name, action_id: actionId, attempt, input })}\n`,
      timeoutMs,
      signal,
    });
    return outcomeOfCommand(end);
  }
}
