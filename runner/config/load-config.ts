import { readFile } from 'node:fs/promises';
import type * as z from 'zod';
import { ConfigError } from './config-error.ts';
import { parseJsonc } from './parse-jsonc.ts';
import { type RunnerConfig, runnerConfigWith } from './runner-config.ts';
import { runnerIdSchema } from './runner-id.ts';

/** Reads and checks the configuration file; throws `ConfigError` with every fault and its path. */
export async function loadConfig(path: string, environment = process.env): Promise<RunnerConfig> {
  const text = await readText(path);
  try {
    return parseConfig(text, environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(
      error.faults.map((fault) => `${path}: ${fault}`),
      { cause: error },
    );
  }
}

/** Checks the text of a configuration file; throws as `loadConfig` does. */
export function parseConfig(text: string, environment = process.env): RunnerConfig {
  const schema = runnerConfigWith(runnerIdSchema(environment));
  const parsed = schema.safeParse(parseJsonc(text));
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.flatMap((issue) => faultsOf(issue, [])));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new ConfigError([`the configuration file ${path} cannot be read (${code})`], { cause });
  }
}

function faultsOf(issue: z.core.$ZodIssue, outer: readonly PropertyKey[]): string[] {
  const path = [...outer, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `${pathText([...path, key])}: this field is not known`);
    case 'invalid_key':
      return issue.issues.flatMap((inner) => faultsOf(inner, path));
    case 'invalid_union': {
      const meant = nearestForm(issue.errors);
      return meant.length === 0
        ? [`${pathText(path)}: ${issue.message}`]
        : meant.flatMap((inner) => faultsOf(inner, path));
    }
    default:
      return [`${pathText(path)}: ${issue.message}`];
  }
}

/** Of the forms that a value may have, the faults of the one that came closest; none when it is like no form. */
function nearestForm(forms: readonly z.core.$ZodIssue[][]): readonly z.core.$ZodIssue[] {
  const alike = forms.filter(
    (faults) => !faults.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  );
  return alike.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return /^\w+$/.test(String(part))
      ? `${text}.${String(part)}`
      : `${text}[${JSON.stringify(String(part))}]`;
  }, '$');
}
