import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type * as z from 'zod';
import { errorCode } from './error-code.ts';
import { parseJsonc } from './parse-jsonc.ts';
import { type SecretReference, type ServeConfig, serveConfigSchema } from './serve-config.ts';
import { ServeFault } from './serve-fault.ts';

/** What a first configuration needs. */
const LEAST = '{ "store": "countersign-store", "issuers": [] }';

/**
 * Reads and checks a configuration file; paths in it count from its own folder, wherever the command is said. Throws
 * `ServeFault` `config_invalid` with every fault and its place.
 */
export async function loadConfig(path: string): Promise<ServeConfig> {
  const text = await readText(path);
  const parsed = parseConfig(text);
  if ('faults' in parsed) throw configFault(`${path}: ${parsed.faults.join('; ')}`, 'correct it');
  return withAbsolutePaths(parsed.config, dirname(resolve(path)));
}

/** Checks the text of a configuration file. */
export function parseConfig(
  text: string,
): { readonly config: ServeConfig } | { readonly faults: readonly string[] } {
  const parsed = parseJsonc(text);
  if ('faults' in parsed) return parsed;
  const checked = serveConfigSchema.safeParse(parsed.value);
  return checked.success ? { config: checked.data } : { faults: checked.error.issues.flatMap(faultsOf) };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw configFault(
      `the configuration file ${path} cannot be read (${errorCode(cause)})`,
      `name another with --config FILE, or write one: ${LEAST}`,
      cause,
    );
  }
}

function configFault(message: string, next: string, cause?: unknown): ServeFault {
  return new ServeFault(
    { code: 'config_invalid', message, next, holds: 'nothing was started or stopped' },
    { cause },
  );
}

function withAbsolutePaths(config: ServeConfig, folder: string): ServeConfig {
  const { backups, log, secrets, store } = config;
  return {
    ...config,
    store: resolve(folder, store),
    backups: backups && { ...backups, folder: resolve(folder, backups.folder) },
    log: log && resolve(folder, log),
    secrets: {
      token_mac_keys: absolute(secrets.token_mac_keys, folder),
      bootstrap_token: absolute(secrets.bootstrap_token, folder),
      snapshot_keys: absolute(secrets.snapshot_keys, folder),
    },
  };
}

function absolute(reference: SecretReference | undefined, folder: string): SecretReference | undefined {
  return reference !== undefined && 'file' in reference
    ? { file: resolve(folder, reference.file) }
    : reference;
}

function faultsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${placeOf([...issue.path, key])}: this field is not known`);
  return [`${placeOf(issue.path)}: ${issue.message}`];
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`),
    '$',
  );
}
