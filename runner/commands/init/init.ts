import { ConfigError } from '../../config/config-error.ts';
import { parseConfig } from '../../config/load-config.ts';
import { DatabaseFault } from '../../databases/database-fault.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { explainFault } from '../explain-fault.ts';
import type { Answers } from './answers.ts';
import { type Asker, AskingEnded } from './ask.ts';
import { askAnswers } from './ask-answers.ts';
import { configText } from './config-text.ts';
import { completed, type InitFlags } from './init-flags.ts';
import { sqlText } from './sql-text.ts';
import { isThere, writeNew } from './write-new.ts';

export interface InitOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  /** Undefined where there is no terminal to ask on. */
  readonly asker: Asker | undefined;
}

/**
 * Makes a configuration that starts as a dry run, and the SQL of the role that it needs. Exit codes: `usage` for
 * answers that are missing or make no configuration, `refused` where a file is there already, `failed` where one cannot
 * be written or the person went away. Then nothing was written.
 */
export async function init(flags: InitFlags, options: InitOptions): Promise<ExitCode> {
  const { complain } = options;
  const { configPath, isForced, sqlPath } = flags;
  for (const path of [configPath, sqlPath]) {
    if (path === undefined || isForced || !(await isThere(path))) continue;
    complain(`${path} is there already; --force writes it anew. Nothing was written\n`);
    return exitCodes.refused;
  }
  try {
    const answers = await answersFor(flags, options);
    if (typeof answers === 'string') {
      complain(`${answers}\n`);
      return exitCodes.usage;
    }
    return await write(flags, answers, options);
  } catch (error) {
    return explain(error, complain);
  }
}

/** The answers, or why there are none. */
async function answersFor(
  { isUnasked, known }: InitFlags,
  { asker, environment }: InitOptions,
): Promise<Answers | string> {
  if (!isUnasked && asker === undefined)
    return 'init asks on a terminal, and here is none: give --yes and the answers as flags (help init)';
  if (!isUnasked && asker !== undefined) return askAnswers(asker, known, environment);
  const answers = completed(known);
  return 'missing' in answers ? `init --yes still needs ${answers.missing.join(', ')}` : answers;
}

async function write(
  { configPath, isJson, sqlPath }: InitFlags,
  answers: Answers,
  { complain, environment, print }: InitOptions,
): Promise<ExitCode> {
  const text = configText(answers);
  const source = sourceOf(text, answers, environment);
  if ('faults' in source) {
    complain(`these answers make no configuration; nothing was written\n${source.faults.join('\n')}\n`);
    return exitCodes.usage;
  }
  const sql = sqlText(answers.sourceId, source, answers.role);
  if (sqlPath !== undefined) await writeNew(sqlPath, sql);
  await writeNew(configPath, text);
  const next = nextSteps(configPath, sqlPath, answers);
  if (isJson)
    print(`${JSON.stringify({ config: configPath, sql_file: sqlPath ?? null, sql, next }, null, 2)}\n`);
  else {
    print(sql);
    complain(
      `\n${configPath} is written. Next:\n${next.map((step, place) => `  ${place + 1}. ${step}\n`).join('')}`,
    );
  }
  return exitCodes.ok;
}

function sourceOf(text: string, { sourceId }: Answers, environment: NodeJS.ProcessEnv) {
  try {
    const source = parseConfig(text, environment).sources[sourceId];
    return source ?? { faults: [`there is no source ${sourceId}`] };
  } catch (error) {
    if (error instanceof ConfigError) return { faults: error.faults };
    throw error;
  }
}

function nextSteps(configPath: string, sqlPath: string | undefined, answers: Answers): readonly string[] {
  const { databaseUrlEnv, engine, role, tokenEnv } = answers;
  const where = sqlPath === undefined ? 'the SQL above' : sqlPath;
  const url =
    engine === 'mysql'
      ? `mysql://${role}:...@host:3306/`
      : `postgres://${role}:...@host:5432/database?sslmode=verify-full`;
  return [
    `have a DBA put a password into ${where} and run it`,
    `set ${databaseUrlEnv} (${url}) and ${tokenEnv} (a runner token of the control plane)`,
    `countersign-runner doctor --config ${configPath}`,
  ];
}

function explain(error: unknown, complain: InitOptions['complain']): ExitCode {
  if (error instanceof AskingEnded) complain('\nnobody answers any more; nothing was written\n');
  else if (error instanceof DatabaseFault) {
    const { code, text } = explainFault(error);
    complain(`${text}\nnothing was written\n`);
    return code;
  } else if (error instanceof Error && 'code' in error && 'path' in error)
    complain(`${String(error.path)} cannot be written (${String(error.code)})\n`);
  else throw error;
  return exitCodes.failed;
}
